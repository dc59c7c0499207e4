#include "mail/system/deliveryends.h"

#include "mail/base/worker.h"
#include "mail/journey/arrivaltrace.h"
#include "mail/maildir/maildirname.h"
#include "mail/system/madelinks.h"
#include "mail/system/mailboxes.h"
#include "mail/system/outbox.h"
#include "mail/system/sessions.h"

#include <algorithm>
#include <memory>

namespace glasspost::mail {

namespace {

constexpr int mostCopies = 50; // that are asked about

/// The replies with which servers took the message over.
QList<QByteArray> takenOver(const QList<Journey> &journeys)
{
    QList<QByteArray> replies;
    for (const Journey &journey : journeys) {
        for (const smtp::SessionTrace &trace : journey.traces) {
            for (const smtp::TracedStage &stage : trace.stages) {
                if (endsMessage(stage) && stage.reply.isPositive())
                    replies.append(stage.reply.toBytes());
            }
        }
    }
    return replies;
}

/// The search for the ends of one message's sessions, step by step.
struct EndSearch
{
    EndServices services;
    DeliveredMessage message;
    QList<QByteArray> entriesToAsk; ///< by which it may have come from here
    QList<ArrivedMessage> sessionsToRead;
    DeliveryEnds found;

    void begin();
    void takeCopies(const QList<MessageRow> &rows);
    void takeSender(const Journey &journey);
    void takeReceived(const smtp::SessionTrace &trace);
    void end();
};

/// The session that is known to have brought it.
void EndSearch::begin()
{
    ArrivedMessage arrived{message.sessionId, {message.unique}, momentOf(message.unique)};
    for (const Journey &journey : std::as_const(message.journeys)) {
        arrived.names.append(journey.entry.id);
        if (arrived.sessionId.isEmpty())
            arrived.sessionId = journey.entry.originSessionId;
    }
    if (!arrived.sessionId.isEmpty())
        sessionsToRead.append(arrived);
}

/// What else is here with its Message-ID: the copies that our listener took from us, and the sent copy of
/// one that came to it.
void EndSearch::takeCopies(const QList<MessageRow> &rows)
{
    const QList<QByteArray> replies = takenOver(message.journeys);
    for (const MessageRow &row : rows) {
        const QByteArray &unique = row.id.unique;
        const bool isNamed = std::any_of(replies.begin(), replies.end(),
            [&unique](const QByteArray &reply) { return reply.contains(unique); });
        const bool isAnother = row.sessionId != message.sessionId;
        if (isNamed && isAnother && !row.sessionId.isEmpty())
            sessionsToRead.append(ArrivedMessage{row.sessionId, {unique}, momentOf(unique)});
        const bool isKnown = std::any_of(message.journeys.begin(), message.journeys.end(),
            [&row](const Journey &journey) { return journey.entry.id == row.queueId; });
        if (!message.sessionId.isEmpty() && !row.queueId.isEmpty() && !isKnown
            && !entriesToAsk.contains(row.queueId))
            entriesToAsk.append(row.queueId);
    }
}

void EndSearch::takeSender(const Journey &journey)
{
    found.senders.append(journey);
}

void EndSearch::takeReceived(const smtp::SessionTrace &trace)
{
    if (!trace.stages.isEmpty())
        found.received.append(trace);
}

/// A Message-ID may be anybody's: whoever sent it here was answered as the listener says.
void EndSearch::end()
{
    std::sort(found.received.begin(), found.received.end(),
        [](const smtp::SessionTrace &a, const smtp::SessionTrace &b) { return a.startedAt < b.startedAt; });
    found.senders.removeIf([this](const Journey &journey) {
        const QList<QByteArray> replies = takenOver({journey});
        return std::none_of(
            found.received.begin(), found.received.end(), [&replies](const smtp::SessionTrace &trace) {
                const smtp::Reply reply = takenOverWith(trace);
                return !reply.isNull() && replies.contains(reply.toBytes());
            });
    });
}

Task<QList<MessageRow>> copiesOf(Mailboxes &mailboxes, const QByteArray &messageId, QObject *context)
{
    if (messageId.isEmpty() || messageId.contains('"'))
        return Result<QList<MessageRow>>();
    RowQuery query;
    query.searchText = QStringLiteral("id:\"%1\"").arg(QString::fromUtf8(messageId));
    query.sort = SortKey::Arrival;
    query.limit = mostCopies;
    const Promise<QList<MessageRow>> copies;
    mailboxes.rows(query).then(context,
        [copies](const Result<RowPage> &page) { copies.answer(page ? page->rows : QList<MessageRow>()); });
    return copies.task();
}

/// A log that cannot be read has nothing of it.
Task<QList<RuleLogLine>> ruleDeeds(Mailboxes &mailboxes, const QByteArray &unique, QObject *context)
{
    if (unique.isEmpty())
        return Result<QList<RuleLogLine>>();
    const Promise<QList<RuleLogLine>> deeds;
    mailboxes.ruleDeeds(unique).then(context, [deeds](const Result<QList<RuleLogLine>> &found) {
        deeds.answer(found.value_or(QList<RuleLogLine>()));
    });
    return deeds.task();
}

/// Asks for the next of what is left; false: nothing is.
Task<bool> goOn(const std::shared_ptr<EndSearch> &search, QObject *context)
{
    const Promise<bool> more;
    if (!search->entriesToAsk.isEmpty()) {
        search->services.outbox.journeys({search->entriesToAsk.takeFirst(), {}, {}})
            .then(context, [search, more](const Result<QList<Journey>> &journeys) {
                for (const Journey &journey : journeys.value_or(QList<Journey>()))
                    search->takeSender(journey);
                more.answer(true);
            });
    } else if (!search->sessionsToRead.isEmpty()) {
        const ArrivedMessage arrived = search->sessionsToRead.takeFirst();
        search->services.sessions.transcript(arrived.sessionId)
            .andThen(context,
                [arrived](const Transcript &transcript) {
                    return runInPool([transcript, arrived] { return arrivalTrace(transcript, arrived); });
                })
            .then(context, [search, more](const Result<smtp::SessionTrace> &trace) {
                if (trace)
                    search->takeReceived(*trace);
                more.answer(true);
            });
    } else {
        more.answer(false);
    }
    return more.task();
}

} // namespace

Task<DeliveryEnds> deliveryEnds(
    const EndServices &services, const DeliveredMessage &message, QObject *context)
{
    const auto search = std::make_shared<EndSearch>(EndSearch{services, message, {}, {}, {}});
    search->begin();
    const auto withLinks = [services, message, context, search]() -> Task<DeliveryEnds> {
        search->end();
        return ruleDeeds(services.mailboxes, message.unique, context)
            .andThen(context,
                [services, message, context, search](const QList<RuleLogLine> &ruled) {
                    search->found.ruled = ruled;
                    return madeLinks(services, message, context);
                })
            .andThen(context, [search](const QList<MadeLink> &links) -> Result<DeliveryEnds> {
                search->found.links = links;
                return search->found;
            });
    };
    return copiesOf(services.mailboxes, message.messageId, context)
        .andThen(context,
            [search, context](const QList<MessageRow> &rows) {
                search->takeCopies(rows);
                return repeat(context, [search, context] { return goOn(search, context); });
            })
        .andThen(context, withLinks);
}

QList<QByteArray> withSessionsOf(const DeliveryEnds &ends, QList<QByteArray> sessionIds)
{
    for (const smtp::SessionTrace &trace : ends.received) {
        if (!sessionIds.contains(trace.sessionId))
            sessionIds.append(trace.sessionId);
    }
    return sessionIds;
}

} // namespace glasspost::mail
