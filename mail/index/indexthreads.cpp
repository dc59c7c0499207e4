// The part of the index that keeps messages together which belong to one conversation: its thread. They are
// joined by the ids that they name (References and In-Reply-To, RFC 5322 3.6.4), whichever comes first and
// whether or not the message of an id is here, so that neither a missing parent nor a loop matters; what no
// id joins, by the subject of a reply. A message alone has no thread.
#include "mail/index/indexdatabase.h"

#include "mail/index/subjectkey.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

QList<QByteArray> idsNamedBy(const IndexFields &fields)
{
    QList<QByteArray> ids = fields.references.split(' ');
    ids.append(fields.inReplyTo);
    ids.removeAll(QByteArray());
    return ids;
}

} // namespace

Result<IndexDatabase::ThreadPlace> IndexDatabase::placeInThreads(qint64 folder, const IndexFields &fields)
{
    ThreadPlace place;
    place.ids = idsNamedBy(fields);
    place.isReply = !place.ids.isEmpty();
    if (!fields.messageIdField.isEmpty())
        place.ids.append(fields.messageIdField);
    for (const QByteArray &id : std::as_const(place.ids)) {
        const auto thread
            = count(QStringLiteral("SELECT thread FROM thread_ids WHERE message_id = ? UNION ALL "
                                   "SELECT coalesce(thread, id) FROM messages WHERE message_id = ? LIMIT 1"),
                {id, id});
        if (!thread)
            return tl::unexpected(thread.error());
        if (*thread != 0 && !place.threads.contains(*thread))
            place.threads.append(*thread);
    }
    if (place.threads.isEmpty() && isReplySubject(fields.subject)) {
        const auto thread = threadOfSubject(folder, subjectKey(fields.subject));
        if (!thread)
            return tl::unexpected(thread.error());
        if (*thread != 0)
            place.threads.append(*thread);
    }
    return place;
}

/// JWZ's fall-back (https://www.jwz.org/doc/threading.html, step 5) for replies alone: of messages that all
/// have one subject and answer none, a job's daily report say, each is a conversation. The latest one of that
/// subject, in whatever folder of the user; 0 when there is none.
Result<qint64> IndexDatabase::threadOfSubject(qint64 folder, const QString &key)
{
    if (key.isEmpty())
        return 0;
    return count(
        QStringLiteral(
            "SELECT coalesce(m.thread, m.id) FROM folders f JOIN messages m ON m.id = (SELECT id FROM "
            "messages "
            "WHERE folder = f.id AND subject_key = ? ORDER BY date DESC, id DESC LIMIT 1) WHERE f.user = "
            "(SELECT user FROM folders WHERE id = ?) ORDER BY m.date DESC LIMIT 1"),
        {key, folder});
}

/// Makes them one, the largest of them, so that the fewest rows change; says which.
Result<qint64> IndexDatabase::joinThreads(const QList<qint64> &threads)
{
    qint64 to = threads.first();
    qint64 largest = -1;
    for (const qint64 thread : threads.size() > 1 ? threads : QList<qint64>()) {
        const auto size = count(QStringLiteral("SELECT count(*) FROM messages WHERE thread = ?"), {thread});
        if (!size)
            return tl::unexpected(size.error());
        if (*size > largest) {
            largest = *size;
            to = thread;
        }
    }
    for (const qint64 thread : threads) {
        if (const auto joined = joinThread(thread, to); !joined)
            return tl::unexpected(joined.error());
    }
    return to;
}

Result<void> IndexDatabase::joinThread(qint64 from, qint64 to)
{
    // A thread has the number of a message that was alone before it came to be.
    const auto first
        = run(QStringLiteral("UPDATE messages SET thread = ? WHERE id = ? AND thread IS NULL"), {to, from});
    if (!first)
        return tl::unexpected(first.error());
    if (from == to)
        return {};
    for (const char *statement : {"UPDATE messages SET thread = ? WHERE thread = ?",
             "UPDATE thread_ids SET thread = ? WHERE thread = ?"}) {
        if (const auto done = run(QLatin1String(statement), {to, from}); !done)
            return tl::unexpected(done.error());
    }
    return {};
}

/// The message has that row now. What it names is kept, so that the next message that names one of these
/// finds it, though the message between them should be gone or never come.
Result<void> IndexDatabase::noteThread(qint64 row, const ThreadPlace &place)
{
    if (place.threads.isEmpty() && !place.isReply)
        return {};
    const Result<qint64> thread = place.threads.isEmpty() ? row : joinThreads(place.threads);
    if (!thread)
        return tl::unexpected(thread.error());
    if (const auto joined = joinThread(row, *thread); !joined)
        return joined;
    for (const QByteArray &id : place.ids) {
        const auto noted
            = run(QStringLiteral("INSERT OR IGNORE INTO thread_ids (message_id, thread) VALUES (?, ?)"),
                {id, *thread});
        if (!noted)
            return tl::unexpected(noted.error());
    }
    return {};
}

/// Before the row goes: with the last message of a thread all of it is forgotten.
Result<void> IndexDatabase::leaveThread(qint64 row)
{
    // Asked by itself: within the other statement it would be answered behind a walk over all ids of the
    // thread, for each message that goes.
    const auto last = count(
        QStringLiteral("SELECT gone.thread FROM messages gone WHERE gone.id = ? AND gone.thread IS NOT NULL "
                       "AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.thread = gone.thread AND m.id != "
                       "gone.id)"),
        {row});
    if (!last)
        return tl::unexpected(last.error());
    if (*last == 0)
        return {};
    const auto done = run(QStringLiteral("DELETE FROM thread_ids WHERE thread = ?"), {*last});
    return done ? Result<void>() : tl::unexpected(done.error());
}

/// Before all messages of the folder go.
Result<void> IndexDatabase::leaveThreadsOf(qint64 folder)
{
    const auto done = run(
        QStringLiteral("DELETE FROM thread_ids WHERE thread IN (SELECT t.thread FROM (SELECT DISTINCT "
                       "thread FROM messages WHERE folder = ? AND thread IS NOT NULL) t WHERE NOT "
                       "EXISTS (SELECT 1 FROM messages m WHERE m.thread = t.thread AND m.folder != ?))"),
        {folder, folder});
    return done ? Result<void>() : tl::unexpected(done.error());
}

} // namespace glasspost::mail
