// JourneyFiles: which journeys belong to a message or a session.
#include "mail/base/dayfiles.h"
#include "mail/journey/journeyfiles.h"
#include "mail/journey/journeyline.h"

#include <QFile>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qint64 millisecondsOfSecond = 1000;

/// A Maildir name begins with when it was given, in seconds; 0 when it does not.
qint64 timeOfName(const QByteArray &unique)
{
    const qsizetype end = unique.indexOf('.');
    return end < 0 ? 0 : unique.left(end).toLongLong() * millisecondsOfSecond;
}

/// Of whichever of its names tells it, the earlier one; 0: none does.
qint64 timeOfOriginal(const OriginalKey &original)
{
    const qint64 named = timeOfName(original.unique);
    const qint64 brought = timeOfId(original.sessionId);
    return named > 0 && brought > 0 ? std::min(named, brought) : std::max(named, brought);
}

} // namespace

QList<QByteArray> JourneyFiles::withMessageId(const QByteArray &messageId, const QByteArray &sessionId)
{
    findDays();
    QList<QByteArray> ids;
    if (messageId.isEmpty())
        return ids;
    // What a session brought came after it had begun; the clock may have been set meanwhile.
    const QString first = dayName(timeOfId(sessionId) - millisecondsOfDay);
    for (const QString &name : newestFirst()) {
        if (!sessionId.isEmpty() && name < first)
            break;
        for (const QByteArray &id : load(name).byMessage.values(messageMark(messageId))) {
            if (read(name, id).entry.messageIdField == messageId)
                ids.append(id);
        }
    }
    return ids;
}

QList<QByteArray> JourneyFiles::withSession(const QByteArray &sessionId)
{
    findDays();
    QList<QByteArray> ids;
    const QByteArray quoted = '"' + sessionId + '"';
    for (const QString &name : newestFirst()) {
        QFile file(pathOf(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const Day &day = load(name);
        while (!file.atEnd()) {
            const QByteArray line = file.readLine();
            const auto head = line.contains(quoted) ? headOfJourneyLine(line) : std::nullopt;
            if (head && day.journeys.contains(head->id) && !ids.contains(head->id))
                ids.append(head->id);
        }
    }
    return ids;
}

QList<QByteArray> JourneyFiles::madeFrom(const OriginalKey &original)
{
    findDays();
    QList<QByteArray> byName;
    QList<QByteArray> byMessageId;
    if (original.unique.isEmpty() && original.messageId.isEmpty())
        return byName;
    // Nothing is made of a message before it is here; the clock may have been set meanwhile.
    const QString first = dayName(timeOfOriginal(original) - millisecondsOfDay);
    for (const QString &name : newestFirst()) {
        if (name < first)
            break;
        QList<QByteArray> ids;
        for (const QByteArray &key : {original.unique, original.messageId}) {
            if (!key.isEmpty())
                ids += load(name).byOriginal.values(messageMark(key));
        }
        for (const QByteArray &id : std::as_const(ids)) {
            const MadeFrom made = read(name, id).entry.madeFrom.value_or(MadeFrom());
            if (!original.unique.isEmpty() && made.message.unique == original.unique && !byName.contains(id))
                byName.append(id);
            else if (!made.messageId.isEmpty() && made.messageId == original.messageId
                && !byMessageId.contains(id))
                byMessageId.append(id);
        }
    }
    return byName.isEmpty() ? byMessageId : byName;
}

} // namespace glasspost::mail
