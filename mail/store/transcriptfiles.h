#pragma once

#include "mail/error.h"
#include "mail/store/transcriptjson.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <map>
#include <string>
#include <vector>

namespace glasspost::mail {

/// The files sessions/2026-11-23.jsonl (UTC day on which a session began), each only appended to, and where
/// in them each session stands: 24 octets of memory for a block, read from a day's file when first asked for,
/// newest day first. One thread.
class TranscriptFiles
{
public:
    explicit TranscriptFiles(QString folder) : m_folder(std::move(folder)) { }

    void removeOlderThan(int days);
    Result<void> append(const QList<TranscriptBlock> &blocks);
    /// Facts as last written, newest session first.
    QList<smtp::SessionFacts> sessions(int offset, int limit);
    /// All that is written of it; entries empty and id null when it is not known.
    TranscriptBlock session(const QByteArray &id);

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

    QString m_folder;
    std::string m_lines; ///< what is written, four times a second: its memory is used again
    std::map<QString, Day> m_days;
    bool m_found = false;
};

} // namespace glasspost::mail
