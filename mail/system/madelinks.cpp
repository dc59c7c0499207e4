#include "mail/system/madelinks.h"

#include "mail/system/mailboxes.h"
#include "mail/system/outbox.h"

#include <algorithm>
#include <memory>

namespace glasspost::mail {

namespace {

constexpr int mostNamesakes = 50; // messages of one Message-ID that are looked at

/// The other end of a link, by what is known of it.
MessageId otherEnd(const MadeLink &link)
{
    if (link.to == MadeLink::To::Made)
        return link.journey.entry.sentCopy;
    return link.journey.entry.madeFrom.value_or(MadeFrom()).message;
}

QByteArray otherMessageId(const MadeLink &link)
{
    if (link.to == MadeLink::To::Made)
        return link.journey.entry.messageIdField;
    return link.journey.entry.madeFrom.value_or(MadeFrom()).messageId;
}

/// It may have been moved since. Without a Message-ID it cannot be looked for: it is where it was, or not
/// there any more.
Task<MadeLink> located(Mailboxes &mailboxes, const MadeLink &link, QObject *context)
{
    MadeLink found = link;
    found.other = otherEnd(link);
    found.otherMessageId = otherMessageId(link);
    if (found.other.isNull() || found.otherMessageId.isEmpty() || found.otherMessageId.contains('"'))
        return Result<MadeLink>(found);
    RowQuery query;
    query.searchText = QStringLiteral("id:\"%1\"").arg(QString::fromUtf8(found.otherMessageId));
    query.limit = mostNamesakes;
    const Promise<MadeLink> promise;
    mailboxes.rows(query).then(context, [found, promise](const Result<RowPage> &page) mutable {
        const QList<MessageRow> rows = page ? page->rows : QList<MessageRow>();
        const auto row = std::find_if(rows.cbegin(), rows.cend(),
            [&found](const MessageRow &one) { return one.id.unique == found.other.unique; });
        found.other = row == rows.cend() ? MessageId() : row->id;
        promise.answer(found);
    });
    return promise.task();
}

/// A message that was forwarded to somebody here comes with the session and the Message-ID of its original,
/// and so with the same record: its name tells which of both it is.
QList<MadeLink> originalsOf(const DeliveredMessage &message)
{
    QList<MadeLink> links;
    for (const Journey &journey : message.journeys) {
        const auto &made = journey.entry.madeFrom;
        if (made && (message.unique.isEmpty() || made->message.unique != message.unique))
            links.append({MadeLink::To::Original, journey, {}, {}});
    }
    return links;
}

} // namespace

Task<QList<MadeLink>> madeLinks(
    const EndServices &services, const DeliveredMessage &message, QObject *context)
{
    struct Links
    {
        QList<MadeLink> left;
        QList<MadeLink> found;
    };
    const auto links = std::make_shared<Links>(Links{originalsOf(message), {}});
    const auto takeMade = [links](const QList<Journey> &made) {
        for (const Journey &journey : made) {
            const bool isKnown = std::any_of(links->left.cbegin(), links->left.cend(),
                [&journey](const MadeLink &one) { return one.journey.entry.id == journey.entry.id; });
            if (!isKnown)
                links->left.append({MadeLink::To::Made, journey, {}, {}});
        }
    };
    const auto locateNext = [&mailboxes = services.mailboxes, links, context]() -> Task<bool> {
        if (links->left.isEmpty())
            return Result<bool>(false);
        return located(mailboxes, links->left.takeFirst(), context)
            .andThen(context, [links](const MadeLink &link) {
                links->found.append(link);
                return true;
            });
    };
    // What was made itself has the Message-ID of the others that were made with it.
    const QByteArray messageId = links->left.isEmpty() ? message.messageId : QByteArray();
    return services.outbox.journeysMadeFrom({message.unique, messageId, message.sessionId})
        .andThen(context,
            [takeMade, locateNext, context](const QList<Journey> &made) {
                takeMade(made);
                return repeat(context, locateNext);
            })
        .andThen(context, [links]() -> Result<QList<MadeLink>> { return links->found; });
}

} // namespace glasspost::mail
