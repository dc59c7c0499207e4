#include "app/http/sendrequest.h"

#include "mail/message/fieldwriter.h"
#include "mail/message/headerfields.h"
#include "mail/message/messagebuilder.h"
#include "mail/message/trace.h"
#include "smtp/syntax/path.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMimeDatabase>
#include <QRandomGenerator>

#include <algorithm>

namespace glasspost::app {

namespace {

using Sentence = tl::unexpected<QString>;

bool isAddress(const QString &text)
{
    const auto mailbox = smtp::parseMailbox(mail::asciiDomainAddress(text));
    return mailbox && !mailbox->domain.isEmpty();
}

/// {"Email", "Name"} each, or the address alone, as Bcc has it.
tl::expected<QList<mail::AddressView>, QString> addressesOf(const QJsonObject &object, const QString &field)
{
    QList<mail::AddressView> addresses;
    for (const auto value : object[field].toArray()) {
        const QString email = value.isString() ? value.toString() : value[QStringLiteral("Email")].toString();
        if (!isAddress(email))
            return Sentence(QStringLiteral("invalid %1 address: %2").arg(field, email));
        addresses.append({value[QStringLiteral("Name")].toString(), email});
    }
    return addresses;
}

/// May the field be given by name, and is it one at all?
bool isRestricted(const QString &name)
{
    static const QStringList restricted = {QStringLiteral("to"), QStringLiteral("from"), QStringLiteral("cc"),
        QStringLiteral("bcc"), QStringLiteral("reply-to"), QStringLiteral("date"), QStringLiteral("subject"),
        QStringLiteral("content-type"), QStringLiteral("content-transfer-encoding"),
        QStringLiteral("mime-version"), QStringLiteral("x-tags")};
    const QByteArray line = name.toUtf8() + ':';
    return restricted.contains(name.toLower()) || mail::fieldNameLength(line) != line.size() - 1;
}

tl::expected<SendRequest::Attachment, QString> attachmentOf(const QJsonValue &value)
{
    SendRequest::Attachment attachment{value[QStringLiteral("Filename")].toString(),
        value[QStringLiteral("ContentType")].toString(), value[QStringLiteral("ContentID")].toString(), {}};
    // "data:image/png;base64,..." is what a browser makes of a file.
    const QByteArray content = value[QStringLiteral("Content")].toString().section(u',', -1).toLatin1();
    const auto decoded = QByteArray::fromBase64Encoding(content, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return Sentence(QStringLiteral("error decoding base64 attachment \"%1\"").arg(attachment.name));
    attachment.octets = *decoded;
    return attachment;
}

tl::expected<void, QString> readLists(const QJsonObject &object, SendRequest &request)
{
    const std::pair<const char *, QList<mail::AddressView> *> lists[]
        = {{"To", &request.to}, {"Cc", &request.cc}, {"Bcc", &request.bcc}, {"ReplyTo", &request.replyTo}};
    for (const auto &[name, list] : lists) {
        const auto addresses = addressesOf(object, QString::fromLatin1(name));
        if (!addresses)
            return Sentence(addresses.error());
        *list = *addresses;
    }
    if (request.to.isEmpty() && request.cc.isEmpty() && request.bcc.isEmpty())
        return Sentence(QStringLiteral("no recipients"));
    return {};
}

tl::expected<void, QString> readRest(const QJsonObject &object, SendRequest &request)
{
    const QJsonObject headers = object[QStringLiteral("Headers")].toObject();
    for (auto header = headers.begin(); header != headers.end(); ++header) {
        if (isRestricted(header.key()))
            return Sentence(QStringLiteral("cannot overwrite header: \"%1\"").arg(header.key()));
        request.headers.emplaceBack(header.key(), header.value().toString());
    }
    for (const auto tag : object[QStringLiteral("Tags")].toArray())
        request.tags += tag.toString();
    for (const auto value : object[QStringLiteral("Attachments")].toArray()) {
        auto attachment = attachmentOf(value);
        if (!attachment)
            return Sentence(attachment.error());
        request.attachments += std::move(*attachment);
    }
    return {};
}

QByteArray encoded(const QByteArray &octets)
{
    const QByteArray base64 = octets.toBase64();
    QByteArray lines;
    for (qsizetype at = 0; at < base64.size(); at += 76)
        lines += base64.mid(at, 76) + '\n';
    return lines;
}

/// A part: its Content- fields, an empty line and its body.
QByteArray textPart(const char *type, const QString &text)
{
    return QByteArray("Content-Type: text/") + type + "; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        + encoded(text.toUtf8());
}

/// As the sender has it, if a field can hold it, else by what the octets are.
QByteArray typeOf(const SendRequest::Attachment &attachment)
{
    const QString given = attachment.contentType.section(u';', 0, 0).trimmed().toLower();
    const bool isToken = given.count(u'/') == 1 && std::all_of(given.begin(), given.end(), [](QChar c) {
        return (c.unicode() < 128 && c.isLetterOrNumber()) || QStringView(u"/.+-_").contains(c);
    });
    const bool isComposite = given.startsWith(u"multipart/") || given.startsWith(u"message/");
    if (isToken && !isComposite)
        return given.toLatin1();
    return QMimeDatabase().mimeTypeForFileNameAndData(attachment.name, attachment.octets).name().toLatin1();
}

QByteArray attachmentPart(const SendRequest::Attachment &attachment)
{
    const bool isInline = !attachment.contentId.isEmpty();
    QByteArray part = "Content-Type: " + typeOf(attachment) + "\nContent-Transfer-Encoding: base64\n"
        + "Content-Disposition: " + (isInline ? "inline" : "attachment") + ";\n filename*=utf-8''"
        + attachment.name.toUtf8().toPercentEncoding() + '\n'; // RFC 2231 4
    if (isInline)
        part += mail::messageIdField("Content-ID", {attachment.contentId.toUtf8().toPercentEncoding("@+=")});
    return part + '\n' + encoded(attachment.octets);
}

QByteArray multipart(const char *subtype, const QByteArrayList &parts)
{
    if (parts.size() == 1)
        return parts.first();
    QByteArray boundary = "=_";
    for (int i = 0; i < 3; ++i)
        boundary += QByteArray::number(QRandomGenerator::system()->generate64(), 36);
    QByteArray text
        = QByteArray("Content-Type: multipart/") + subtype + ";\n boundary=\"" + boundary + "\"\n\n";
    for (const QByteArray &part : parts)
        text += "--" + boundary + '\n' + part + '\n';
    return text + "--" + boundary + "--\n";
}

QByteArray bodyOf(const SendRequest &request)
{
    QByteArrayList forms;
    if (!request.text.isEmpty() || request.html.isEmpty())
        forms += textPart("plain", request.text);
    if (!request.html.isEmpty())
        forms += textPart("html", request.html);
    QByteArrayList related = {multipart("alternative", forms)};
    QByteArrayList attached;
    for (const SendRequest::Attachment &attachment : request.attachments)
        (attachment.contentId.isEmpty() ? attached : related) += attachmentPart(attachment);
    return multipart("mixed", QByteArrayList{multipart("related", related)} + attached);
}

QByteArray listField(const QByteArray &name, const QList<mail::AddressView> &list)
{
    return list.isEmpty() ? QByteArray() : mail::addressField(name, list);
}

QByteArray headerOf(const SendRequest &request, const QString &hostName)
{
    QByteArray header = listField("From", {request.from}) + listField("To", request.to)
        + listField("Cc", request.cc) + listField("Bcc", request.bcc) + listField("Reply-To", request.replyTo)
        + mail::textField("Subject", request.subject);
    bool hasId = false;
    for (const auto &[name, value] : request.headers) {
        hasId = hasId || name.compare(u"Message-ID", Qt::CaseInsensitive) == 0;
        header += mail::textField(name.toLatin1(), value);
    }
    if (!request.tags.isEmpty())
        header += mail::textField("X-Tags", request.tags.join(QLatin1String(", ")));
    if (!hasId)
        header += "Message-ID: <" + mail::newMessageId(hostName.toUtf8()) + ">\n";
    return header + "Date: " + mail::dateTime(QDateTime::currentDateTime()) + "\nMIME-Version: 1.0\n";
}

smtp::Mailbox mailboxOf(const mail::AddressView &address)
{
    return smtp::parseMailbox(mail::asciiDomainAddress(address.address)).value_or(smtp::Mailbox());
}

} // namespace

tl::expected<SendRequest, QString> readSendRequest(const QByteArray &body)
{
    QJsonParseError error;
    const QJsonObject object = QJsonDocument::fromJson(body, &error).object();
    if (error.error != QJsonParseError::NoError)
        return Sentence(error.errorString());
    SendRequest request;
    const QJsonObject from = object[QStringLiteral("From")].toObject();
    request.from = {from[QStringLiteral("Name")].toString(), from[QStringLiteral("Email")].toString()};
    if (!isAddress(request.from.address))
        return Sentence(QStringLiteral("invalid From address: ") + request.from.address);
    request.subject = object[QStringLiteral("Subject")].toString();
    request.text = object[QStringLiteral("Text")].toString();
    request.html = object[QStringLiteral("HTML")].toString();
    return readLists(object, request).and_then([&] { return readRest(object, request); }).map([&] {
        return std::move(request);
    });
}

ComposedMessage compose(const SendRequest &request, const QString &hostName)
{
    ComposedMessage message;
    message.octets = headerOf(request, hostName) + bodyOf(request);
    message.envelope.reversePath = mailboxOf(request.from);
    for (const mail::AddressView &address : request.to + request.cc + request.bcc)
        message.envelope.recipients.append({mailboxOf(address), {}, {}});
    return message;
}

} // namespace glasspost::app
