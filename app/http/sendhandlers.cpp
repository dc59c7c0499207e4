// Messages that a program hands in, and captured ones that are to leave after all.
#include "app/http/handlers.h"

#include "app/http/sendrequest.h"
#include "mail/base/worker.h"
#include "mail/message/fieldwriter.h"
#include "mail/message/messagebuilder.h"
#include "mail/routing/recipientpatterns.h"
#include "mail/system/release.h"
#include "smtp/syntax/path.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace glasspost::app {

namespace {

using mail::Task;

/// What a request is made into, or the sentence that says what is wrong with it.
struct Composed
{
    ComposedMessage message;
    QString refused;
};

Composed composed(const QByteArray &body, const QString &host)
{
    const auto asked = readSendRequest(body);
    return asked ? Composed{compose(*asked, host), {}} : Composed{{}, asked.error()};
}

Task<HttpResponse> keepComposed(
    CapturedMail &captured, const QString &mailbox, const ComposedMessage &message, QObject *context)
{
    const mail::Promise<HttpResponse> promise;
    const auto answer = [](const mail::MessageId &id) {
        return jsonResponse(QJsonObject{{QStringLiteral("ID"), CapturedMail::nameOf(id)}});
    };
    const auto keep
        = [&captured, promise, message, answer, context](const mail::Result<mail::FolderId> &inbox) {
              if (!inbox)
                  return promise.answer(jsonRefusal(400, inbox.error().subject));
              promise.answerWith([&] {
                  mail::Mailboxes &mailboxes = captured.mail().mailboxes();
                  return mailboxes.capture(*inbox, message.envelope, message.octets).andThen(context, answer);
              });
          };
    captured.inbox(mailbox).then(context, keep);
    return promise.task();
}

HttpHandler send(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        const auto keep
            = [&captured, mailbox = request.mailbox, context](const Composed &made) -> Task<HttpResponse> {
            if (!made.refused.isEmpty())
                return answered(jsonRefusal(400, made.refused));
            return keepComposed(captured, mailbox, made.message, context);
        };
        const QString host = captured.mail().settings().value().hostName;
        return mail::runLongWork([body = request.body, host] {
            return composed(body, host);
        }).andThen(context, keep);
    };
}

/// "a@b" or "Name <a@b>".
std::optional<smtp::Mailbox> recipientOf(const QString &text)
{
    const mail::AddressList list = mail::parseAddressList(text);
    if (list.mailboxes.size() != 1 || !list.malformed.isEmpty())
        return std::nullopt;
    const auto mailbox = smtp::parseMailbox(mail::asciiDomainAddress(list.mailboxes.first().address));
    return mailbox ? std::optional(*mailbox) : std::nullopt;
}

tl::expected<QList<smtp::Mailbox>, QString> recipientsOf(const QByteArray &body)
{
    QJsonParseError error;
    const QJsonObject asked = QJsonDocument::fromJson(body, &error).object();
    if (error.error != QJsonParseError::NoError)
        return tl::unexpected(error.errorString());
    QList<smtp::Mailbox> recipients;
    for (const auto value : asked[QStringLiteral("To")].toArray()) {
        const auto recipient = recipientOf(value.toString());
        if (!recipient)
            return tl::unexpected(QStringLiteral("Invalid email address: ") + value.toString());
        recipients += *recipient;
    }
    if (recipients.isEmpty())
        return tl::unexpected(QStringLiteral("No valid addresses found"));
    return recipients;
}

/// The first of them to whom nothing may be released.
QString notAllowedOf(const QList<smtp::Mailbox> &recipients, const mail::Settings &settings)
{
    const mail::RecipientPatterns allowed(settings.listener.releaseAllowed);
    for (const smtp::Mailbox &one : recipients) {
        if (!allowed.isEmpty() && !allowed.matches(one))
            return QString::fromUtf8(one.toBytes());
    }
    return {};
}

/// Into the queue, held: no program can send mail out by itself.
HttpHandler release(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        const auto recipients = recipientsOf(request.body);
        if (!recipients)
            return answered(refusal(400, recipients.error()));
        mail::MailSystem &mail = captured.mail();
        if (const QString forbidden = notAllowedOf(*recipients, mail.settings().value());
            !forbidden.isEmpty())
            return answered(refusal(400, QStringLiteral("Not on the allow list: ") + forbidden));
        const auto prepare = [&mail, to = *recipients, context](const mail::MessageId &id) {
            return mail.mailboxes().octets(id).andThen(
                context, [id, to, spool = mail.mailboxes().spoolFolder()](const mail::MessageOctets &octets) {
                    return mail::runLongWork(
                        [id, octets, to, spool] { return mail::departingMessage(id, octets, to, spool); });
                });
        };
        const auto submit = [&mail](const mail::DepartingMessage &message) {
            return mail.outbox().submitMessage(
                message.envelope, message.octets, {.held = true, .madeFrom = message.madeFrom});
        };
        return captured.named(request, context)
            .andThen(context, prepare)
            .andThen(context, submit)
            .andThen(context, [](const mail::SubmitReceipt &) { return textResponse("ok"); });
    };
}

} // namespace

QList<HttpRoute> sendRoutes(CapturedMail &captured)
{
    constexpr qint64 mostSent = 32 * 1024 * 1024;
    return {{"POST", "/api/v1/send", send(captured), mostSent},
        {"POST", "/api/v1/message/{}/release", release(captured)}};
}

} // namespace glasspost::app
