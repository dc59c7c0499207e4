#include "app/control/requests.h"

#include "app/console/jsonvalues.h"
#include "app/control/answering.h"
#include "app/control/journeyrequests.h"
#include "app/control/keepingrequests.h"
#include "app/control/messagerequests.h"
#include "app/control/rulesrequests.h"
#include "app/messages/messagecontent.h"
#include "mail/settings/routejson.h"

#include <QJsonArray>

#include <algorithm>

namespace glasspost::app {

namespace {

struct ActionName
{
    mail::QueueAction action;
    const char *name;
};
constexpr ActionName actionNames[] = {{mail::QueueAction::TryNow, "run"}, {mail::QueueAction::Hold, "hold"},
    {mail::QueueAction::Release, "release"}, {mail::QueueAction::Remove, "remove"},
    {mail::QueueAction::Expire, "expire"}, {mail::QueueAction::Postpone, "at"},
    {mail::QueueAction::Reroute, "route"}};

struct DraftText
{
    const char *name;
    QString mail::Draft::*text;
};
constexpr DraftText draftTexts[]
    = {{"from", &mail::Draft::from}, {"to", &mail::Draft::to}, {"cc", &mail::Draft::cc},
        {"bcc", &mail::Draft::bcc}, {"subject", &mail::Draft::subject}, {"text", &mail::Draft::text}};

template <typename List> QJsonArray toArray(const List &values)
{
    QJsonArray array;
    for (const auto &value : values)
        array += toJson(value);
    return array;
}

void answerQueueList(mail::MailSystem &mail, const QJsonObject &, QObject *context, ControlServer::Done done)
{
    mail.outbox().entries().then(context,
        answering<QList<mail::QueueEntry>>(std::move(done), [](const QList<mail::QueueEntry> &entries) {
            return QJsonObject{{QStringLiteral("entries"), toArray(entries)}};
        }));
}

void answerQueueAction(
    mail::MailSystem &mail, const QJsonObject &request, QObject *context, ControlServer::Done done)
{
    QList<QByteArray> ids;
    for (const auto id : request[QStringLiteral("ids")].toArray())
        ids += id.toString().toUtf8();
    for (const ActionName &known : actionNames) {
        if (request[QStringLiteral("action")].toString() != QLatin1String(known.name))
            continue;
        mail::QueueRequest asked(known.action);
        asked.at = request[QStringLiteral("at")].toInteger();
        asked.route = mail::routeFromJson(request[QStringLiteral("route")]);
        return mail.outbox().act(asked, ids).then(context, answering<int>(std::move(done), [](int count) {
            return QJsonObject{{QStringLiteral("count"), count}};
        }));
    }
    done(toJson(mail::Error{mail::ErrorCode::NotFound, request[QStringLiteral("action")].toString(), {}}));
}

void answerSearch(
    mail::MailSystem &mail, const QJsonObject &request, QObject *context, ControlServer::Done done)
{
    mail::RowQuery query;
    query.searchText = request[QStringLiteral("query")].toString();
    query.limit = request[QStringLiteral("limit")].toInt(50);
    readWholeIndex(mail.mailboxes(), query, context)
        .then(context, answering<mail::RowPage>(std::move(done), [](const mail::RowPage &page) {
            return QJsonObject{
                {QStringLiteral("rows"), toArray(page.rows)}, {QStringLiteral("total"), page.total}};
        }));
}

void answerSessions(
    mail::MailSystem &mail, const QJsonObject &request, QObject *context, ControlServer::Done done)
{
    mail.sessions()
        .list(0, request[QStringLiteral("limit")].toInt(1000))
        .then(context,
            answering<QList<smtp::SessionFacts>>(
                std::move(done), [](const QList<smtp::SessionFacts> &sessions) {
                    return QJsonObject{{QStringLiteral("sessions"), toArray(sessions)}};
                }));
}

QJsonObject receiptJson(const mail::SubmitReceipt &receipt)
{
    return {{QStringLiteral("queueId"), QString::fromUtf8(receipt.queueId)},
        {QStringLiteral("delivered"), int(receipt.delivered.size())}};
}

void answerSubmit(
    mail::MailSystem &mail, const QJsonObject &request, QObject *context, ControlServer::Done done)
{
    const smtp::Envelope envelope = envelopeFromJson(request[QStringLiteral("envelope")].toObject());
    const QString file = request[QStringLiteral("messageFile")].toString();
    const QByteArray octets
        = QByteArray::fromBase64(request[QStringLiteral("message")].toString().toLatin1());
    const mail::MessageOctets message
        = file.isEmpty() ? mail::MessageOctets(octets) : mail::MessageOctets::inFile(file);
    if (envelope.recipients.isEmpty())
        return done(toJson(mail::Error{mail::ErrorCode::BadAddress, {}, {}}));
    mail.outbox()
        .submitMessage(envelope, message, {.route = mail::routeFromJson(request[QStringLiteral("route")])})
        .then(context, answering<mail::SubmitReceipt>(std::move(done), receiptJson));
}

void answerHeldDraft(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    mail::Draft draft;
    draft.id = mail::newDraftId();
    for (const DraftText &field : draftTexts)
        draft.*field.text = asked[QLatin1String(field.name)].toString();
    if (draft.from.isEmpty())
        draft.from = mail.settings().value().identities.value(0).address;
    mail.outbox()
        .submit(draft, {.held = true})
        .then(context, answering<mail::SubmitReceipt>(std::move(done), receiptJson));
}

void answerTransfer(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    mail::Transfer::Request request;
    const bool exports = asked[QStringLiteral("direction")].toString() == QLatin1String("export");
    request.direction = exports ? mail::Transfer::Direction::Export : mail::Transfer::Direction::Import;
    request.path = asked[QStringLiteral("path")].toString();
    const int format = asked[QStringLiteral("format")].toInt();
    request.format = mail::TransferFormat(std::clamp(format, 0, int(mail::TransferFormat::Maildir)));
    request.folder = mail::folderNamed(asked[QStringLiteral("mailbox")].toString(), mail.settings().value());
    const QString folder = request.folder.folder.isEmpty() ? QStringLiteral("Inbox") : request.folder.folder;
    const QString mailbox = request.folder.user + QLatin1Char('/') + folder;
    // Goes on where the one who asked went away: what was begun is finished.
    auto *transfer = new mail::Transfer(mail.mailboxes(), request, &mail);
    QObject::connect(transfer, &mail::Transfer::finished, transfer, &QObject::deleteLater);
    QObject::connect(transfer, &mail::Transfer::finished, context,
        [done = std::move(done), mailbox](const mail::Result<mail::TransferCount> &result) {
            if (!result)
                return done(toJson(result.error()));
            done({{QStringLiteral("messages"), result->messages}, {QStringLiteral("mailbox"), mailbox},
                {QStringLiteral("leftOut"), QJsonArray::fromStringList(result->leftOut)},
                {QStringLiteral("doubtful"), result->doubtful}});
        });
    transfer->start();
}

constexpr RequestSpec requests[] = {{"queue-list", answerQueueList}, {"queue-action", answerQueueAction},
    {"search", answerSearch}, {"sessions", answerSessions}, {"transcript", answerTranscript},
    {"submit", answerSubmit}, {"held-draft", answerHeldDraft}, {"transfer", answerTransfer},
    {"show", answerShow}, {"check", answerCheck}, {"save", answerSave}, {"delete", answerDelete},
    {"mark", answerMark}, {"tag", answerTag}, {"journey", answerJourney}, {"journeys", answerJourneys},
    {"journey-report", answerJourneyReport}, {"journey-deletion", answerJourneyDeletion},
    {"repeat", answerRepeat}, {"comparison", answerComparison}, {"rules", answerRules},
    {"set-rules", answerSetRules}, {"run-rules", answerRunRules}, {"rule-log", answerRuleLog},
    {"keep", answerKeep}};

} // namespace

QJsonObject openRequest(const QString &mailto)
{
    return {{requestKey, QStringLiteral("open")}, {QStringLiteral("mailto"), mailto}};
}

QJsonObject queueListRequest()
{
    return {{requestKey, QStringLiteral("queue-list")}};
}

QJsonObject queueActionRequest(const mail::QueueRequest &asked, const QList<QByteArray> &ids)
{
    QJsonArray array;
    for (const QByteArray &id : ids)
        array += QString::fromUtf8(id);
    QJsonObject request = {{requestKey, QStringLiteral("queue-action")}, {QStringLiteral("ids"), array},
        {QStringLiteral("at"), asked.at}, {QStringLiteral("route"), mail::toJson(asked.route)}};
    for (const ActionName &known : actionNames) {
        if (known.action == asked.action)
            request[QStringLiteral("action")] = QString::fromLatin1(known.name);
    }
    return request;
}

QJsonObject searchRequest(const QString &query, int limit)
{
    return {{requestKey, QStringLiteral("search")}, {QStringLiteral("query"), query},
        {QStringLiteral("limit"), limit}};
}

QJsonObject sessionsRequest(int limit)
{
    return {{requestKey, QStringLiteral("sessions")}, {QStringLiteral("limit"), limit}};
}

QJsonObject transferRequest(mail::Transfer::Direction direction, const QString &path,
    mail::TransferFormat format, const QString &mailbox)
{
    const bool exports = direction == mail::Transfer::Direction::Export;
    return {{requestKey, QStringLiteral("transfer")},
        {QStringLiteral("direction"), exports ? QStringLiteral("export") : QStringLiteral("import")},
        {QStringLiteral("path"), path}, {QStringLiteral("format"), int(format)},
        {QStringLiteral("mailbox"), mailbox}};
}

QJsonObject submitRequest(const smtp::Envelope &envelope, const mail::MessageOctets &message,
    const std::optional<mail::OutgoingRoute> &route)
{
    QJsonObject request = {{requestKey, QStringLiteral("submit")},
        {QStringLiteral("envelope"), toJson(envelope)}, {QStringLiteral("route"), mail::toJson(route)}};
    if (message.isSpooled())
        request[QStringLiteral("messageFile")] = message.file()->path();
    else
        request[QStringLiteral("message")] = QString::fromLatin1(message.inMemory().toBase64());
    return request;
}

QJsonObject heldDraftRequest(const mail::Draft &draft)
{
    QJsonObject request = {{requestKey, QStringLiteral("held-draft")}};
    for (const DraftText &field : draftTexts)
        request[QLatin1String(field.name)] = draft.*field.text;
    return request;
}

RequestHandler::RequestHandler(mail::MailSystem &mail, QObject *parent)
    : QObject(parent), m_mail(mail), m_waits(mail.mailboxes(), mail.lookups())
{ }

void RequestHandler::answer(const QJsonObject &request, QObject *context, ControlServer::Done done)
{
    const QString name = request[requestKey].toString();
    if (name == u"open") {
        Q_EMIT openRequested(request[QStringLiteral("mailto")].toString());
        return done({});
    }
    if (name == u"wait")
        return answerWait(m_waits, m_mail, request, context, done);
    for (const RequestSpec &known : requests) {
        if (name == QLatin1String(known.name))
            return known.answer(m_mail, request, context, std::move(done));
    }
    done(toJson(mail::Error{mail::ErrorCode::NotFound, name, {}}));
}

} // namespace glasspost::app
