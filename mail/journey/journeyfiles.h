#pragma once

#include "mail/base/error.h"
#include "mail/journey/journey.h"
#include "mail/journey/journeyfilter.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QSet>
#include <QString>
#include <QStringList>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace glasspost::mail {

/// What came of an entry, to be written down.
struct JourneyNote
{
    enum class Kind {
        Came, ///< the entry as it is; nothing when there is a record of it
        /// What happened; a record that lacks gets the whole entry in their place, where it is told.
        Events,
        CaughtUp, ///< the entry as it is, where the record says otherwise
        Removed
    };
    JourneyNote(Kind what, qint64 when, std::shared_ptr<const QueueEntry> entry, QueueEvents happened = {})
        : kind(what), at(when), id(entry->id), queuedAt(entry->queuedAt), now(std::move(entry)),
          events(std::move(happened))
    { }
    JourneyNote(Kind what, qint64 when, const QueueEntry &entry, QueueEvents happened)
        : JourneyNote(what, when, std::make_shared<const QueueEntry>(entry), std::move(happened))
    { }
    /// Events of an entry that another note tells.
    JourneyNote(qint64 when, const QueueEntry &entry, QueueEvents happened)
        : kind(Kind::Events), at(when), id(entry.id), queuedAt(entry.queuedAt), events(std::move(happened))
    { }

    Kind kind;
    qint64 at; ///< milliseconds since the Unix epoch
    QByteArray id; ///< the entry's
    qint64 queuedAt; ///< milliseconds since the Unix epoch
    std::shared_ptr<const QueueEntry> now; ///< null where another note tells it
    QueueEvents events;
};

/// How much journeys may take.
struct JourneyLimits
{
    qint64 day = 128LL << 20; ///< octets of a day's file: past it nothing is added, and that is damage
    qint64 traces = 64LL << 20; ///< octets of it: past them no traces are added, so that events have room
    qint64 folder = 256LL << 20; ///< all days together: the oldest go first, never today's
    qint64 diskReserve = 64LL << 20; ///< octets that stay free on the disk, as for transcripts
    /// Of the files of days gone by whose journeys' places are remembered: for the others they are read
    /// again.
    qint64 remembered = 64LL << 20;
    size_t left = 20'000; ///< notes that wait for a disk that refuses them: past it what an entry is alone
};

/// The files journeys/2026-11-23.jsonl (UTC day on which an entry came), each only appended to, and where in
/// them each journey's lines stand: read from a day's file when it is first asked for. Old days are forgotten
/// again where they are many. What is appended outlives the program at once, and the machine's power once
/// sync() has returned. One thread. Blocks on the disk.
class JourneyFiles
{
public:
    explicit JourneyFiles(QString folder, const JourneyLimits &limits = {})
        : m_folder(std::move(folder)), m_limits(limits)
    { }

    /// What is older than so many days (0: nothing), and the oldest of what is too much.
    void removeOld(int days);
    /// Writes them down, after what the disk refused before. What it refuses now is left for the next time.
    struct Appended
    {
        bool hasLeft = false;
        QSet<QByteArray> lacking; ///< entries without a record, of which no note told the whole
        std::optional<Error> error;
    };
    Appended append(const QList<JourneyNote> &notes, const QList<smtp::SessionFacts> &sessions,
        const QList<smtp::SessionTrace> &traces = {});
    /// Has the disk keep what was appended since the last time.
    Result<void> sync();
    enum class WithSessions { No, Yes };
    /// Those of which there is a record, in that order; with its id alone where nothing else can be read.
    [[nodiscard]] QList<Journey> find(
        const QList<QByteArray> &ids, WithSessions sessions = WithSessions::Yes);
    /// Ids of the journeys of messages with that Message-ID, newest first; with a session's id those of its
    /// day and later are enough.
    [[nodiscard]] QList<QByteArray> withMessageId(const QByteArray &messageId, const QByteArray &sessionId);
    /// Of those that were made from that message, newest first. By its unique name; by its Message-ID where
    /// none has that name.
    [[nodiscard]] QList<QByteArray> madeFrom(const OriginalKey &original);
    /// Of those that the session brought, or tried to carry away; looks through every file.
    [[nodiscard]] QList<QByteArray> withSession(const QByteArray &sessionId);
    /// By when they came into the record. NotFound when nothing is known of the one to be older than.
    [[nodiscard]] Result<JourneyList> list(const JourneyFilter &filter);
    /// Deletes those journeys, and of their sessions those that carried nothing else: the ids of these. Their
    /// days' files are written anew. What belongs to a journey that is not deleted stays.
    Result<QList<QByteArray>> remove(const QList<QByteArray> &ids);
    /// When anything was written last: milliseconds since the Unix epoch, 0 for never.
    [[nodiscard]] qint64 lastWrittenAt();

private:
    struct Place
    {
        qint64 offset = 0;
        qint64 size = 0;
        int number = 0;
    };
    struct Day
    {
        QHash<QByteArray, QList<Place>> journeys;
        QHash<QByteArray, QList<Place>> sessions;
        QMultiHash<quint32, QByteArray> byMessage; ///< by messageMark()
        QMultiHash<quint32, QByteArray> byOriginal; ///< of which they were made, likewise
        QSet<QByteArray> damaged; ///< ids of lines that are not as they were written
        qint64 size = -1; ///< of the file as far as it was read; -1: not read yet
    };

    void findDays();
    Day &load(const QString &name);
    void index(Day &day, QByteArrayView line, qint64 offset) const;
    void indexOne(Day &day, QByteArrayView line, qint64 offset, bool isWhole) const;
    [[nodiscard]] QString pathOf(const QString &name) const;
    [[nodiscard]] QStringList newestFirst() const;
    [[nodiscard]] QList<QByteArray> newestOfDay(const QString &name);
    void forgetOldDays(const QString &justRead);
    [[nodiscard]] bool hasRecord(const QString &name, const QByteArray &id);
    [[nodiscard]] QHash<QByteArray, QString> daysWith(const QList<QByteArray> &ids);
    [[nodiscard]] Journey read(const QString &name, const QByteArray &id);
    void addSessions(Journey &journey);
    /// False where there is no record and the note cannot begin one.
    bool addLines(
        std::string &lines, const QString &name, QHash<QByteArray, int> &next, const JourneyNote &note);
    void shortenLeft();
    void keepSessionsOfOthers(QSet<QByteArray> &sessions, const QSet<QByteArray> &journeys);
    Result<void> appendToDay(const QString &name, std::string lines);

    QString m_folder;
    JourneyLimits m_limits;
    std::map<QString, Day> m_days;
    QList<JourneyNote> m_left; ///< not written yet
    QSet<QString> m_unsynced; ///< days
    bool m_found = false;
};

} // namespace glasspost::mail

Q_DECLARE_TYPEINFO(glasspost::mail::JourneyNote, Q_RELOCATABLE_TYPE);
