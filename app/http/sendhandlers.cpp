// Messages that a program hands in, and captured ones that are to leave after all.
#include "app/http/handlers.h"

#include "app/http/sendrequest.h"
#include "mail/base/worker.h"
#include "mail/message/fieldwriter.h"
#include "mail/message/headerfields.h"
#include "mail/message/messagebuilder.h"
#include "smtp/syntax/path.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace glasspost::app {

namespace {

using mail::Result;
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

HttpHandler send(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        const auto keep = [&captured, context](const Composed &made) -> Task<HttpResponse> {
            if (!made.refused.isEmpty())
                return answered(jsonRefusal(400, made.refused));
            const mail::Result<mail::FolderId> inbox = captured.folder();
            if (!inbox)
                return answered(jsonRefusal(400, inbox.error().subject));
            return captured.mail()
                .mailboxes()
                .capture(*inbox, made.message.envelope, made.message.octets)
                .andThen(context, [](const mail::MessageId &id) {
                    return jsonResponse(QJsonObject{{QStringLiteral("ID"), CapturedMail::nameOf(id)}});
                });
        };
        const QString host = captured.mail().settings().value().hostName;
        return mail::runLongWork([body = request.body, host] {
            return composed(body, host);
        }).andThen(context, keep);
    };
}

/// Of the fields that capturing put on top all but Received, which is a trace of where the message was.
bool isOfCapture(const mail::RawField &field)
{
    return field.isNamed("Return-Path") || field.isNamed("Delivered-To")
        || field.isNamed("X-Glasspost-Parameters") || field.isNamed("X-Glasspost-Tolerated");
}

/// What was on top of the captured message.
struct CaptureHead
{
    qint64 size = 0; ///< octets
    QByteArray returnPath; ///< with its angle brackets; null where there is none
};

CaptureHead captureHeadOf(const QByteArray &front)
{
    CaptureHead head;
    mail::visitHeader(front, [&](const mail::RawField &field) {
        head.size = field.name.data() - front.constData();
        if (field.isNamed("Return-Path"))
            head.returnPath = field.unfolded();
        return isOfCapture(field);
    });
    return head;
}

struct Released
{
    smtp::Envelope envelope;
    mail::MessageOctets octets;
};

Result<Released> released(
    const mail::MessageOctets &captured, const QList<smtp::Mailbox> &to, const QString &spoolFolder)
{
    constexpr qint64 mostHead = 1024 * 1024;
    const auto reader = mail::OctetsReader::open(captured);
    const auto front = reader.and_then([](const mail::OctetsReader &from) { return from.read(0, mostHead); });
    if (!front)
        return tl::unexpected(front.error());
    const CaptureHead head = captureHeadOf(*front);
    mail::OctetsWriter writer(spoolFolder);
    const mail::OctetPieces pieces = reader->pieces(head.size, reader->size());
    for (auto piece = pieces();; piece = pieces()) {
        if (!piece)
            return tl::unexpected(piece.error());
        if (piece->isEmpty())
            break;
        writer.write(*piece);
    }
    Released message;
    const QByteArray path = head.returnPath.mid(1, head.returnPath.size() - 2);
    message.envelope.reversePath = smtp::parseMailbox(path).value_or(smtp::Mailbox());
    for (const smtp::Mailbox &one : to)
        message.envelope.recipients.append({one, {}, {}});
    return writer.finish().map([&message](const mail::MessageOctets &octets) {
        message.octets = octets;
        return message;
    });
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

/// Into the queue, held: no program can send mail out by itself.
HttpHandler release(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        const auto recipients = recipientsOf(request.body);
        if (!recipients)
            return answered(refusal(400, recipients.error()));
        mail::MailSystem &mail = captured.mail();
        const auto prepare
            = [to = *recipients, spool = mail.mailboxes().spoolFolder()](const mail::MessageOctets &octets) {
                  return mail::runLongWork([octets, to, spool] { return released(octets, to, spool); });
              };
        const auto submit = [&mail](const Released &message) {
            return mail.outbox().submitMessage(message.envelope, message.octets, {.held = true});
        };
        return captured.named(request, context)
            .andThen(context, [&mail](const mail::MessageId &id) { return mail.mailboxes().octets(id); })
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
