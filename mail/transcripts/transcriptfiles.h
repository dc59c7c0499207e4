#pragma once

#include "mail/base/error.h"
#include "mail/transcripts/transcriptjson.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace glasspost::mail {

/// How much transcripts may take. What is left out is counted, and the count stands in the transcript. Mail
/// comes first: it is still taken when the disk is too full for transcripts.
struct TranscriptLimits
{
    qint64 contents = 1LL << 20; ///< octets of the file for the contents of a session's messages
    qint64 session = 4LL << 20; ///< and for the session, but for what happened
    qint64 day = 256LL << 20; ///< past it a session has its facts and one line, past a quarter more nothing
    qint64 folder = 1LL << 30; ///< all days together: the oldest go first, never today's
    qint64 diskReserve = 64LL << 20; ///< octets that stay free on the disk, more than the listener asks for
};

/// The files sessions/2026-11-23.jsonl (UTC day on which a session began), each only appended to, and where
/// in them each session stands: 24 octets of memory for a block, read from a day's file when first asked for,
/// newest day first. One thread.
class TranscriptFiles
{
public:
    TranscriptFiles(QString folder, const TranscriptLimits &limits)
        : m_folder(std::move(folder)), m_limits(limits)
    { }

    /// What is older than so many days (0: nothing), and the oldest of what is too much.
    void removeOld(int days);
    /// How many sessions were left out for want of room in their day.
    Result<int> append(const QList<TranscriptBlock> &blocks);
    [[nodiscard]] bool isDiskLow() const;
    /// Facts as last written, newest session first.
    QList<smtp::SessionFacts> sessions(int offset, int limit);
    /// All that is written of it, or its last entries, so many at least; entries empty and id null when it is
    /// not known.
    TranscriptBlock session(const QByteArray &id, qsizetype atLeast = std::numeric_limits<qsizetype>::max());
    /// Its facts as last written; id null when it is not known.
    smtp::SessionFacts facts(const QByteArray &id);

private:
    struct Place
    {
        size_t idHash = 0;
        qint64 offset = 0;
        quint32 size = 0;
        bool isFirst = false;
    };
    struct Day
    {
        std::vector<Place> places;
        qint64 size = -1; ///< of the file as far as it was read; -1: not read yet
    };

    void findDays();
    Day &load(const QString &name);
    std::optional<TranscriptBlock> read(const QString &name, const Place &place) const;
    [[nodiscard]] QString pathOf(const QString &name) const;

    /// What becomes of a block when its day's file has this size; nothing: it is left out.
    [[nodiscard]] std::optional<TranscriptBlock> cut(const TranscriptBlock &block, qint64 size) const;
    Result<int> appendToDay(const QString &name, const QList<const TranscriptBlock *> &blocks);

    QString m_folder;
    TranscriptLimits m_limits;
    std::string m_lines; ///< what is written, four times a second: its memory is used again
    std::map<QString, Day> m_days;
    bool m_found = false;
};

} // namespace glasspost::mail
