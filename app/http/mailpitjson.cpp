#include "app/http/mailpitjson.h"

#include "app/http/capturedmail.h"
#include "mail/maildir/maildirname.h"
#include "mail/message/headerfields.h"

#include <QDateTime>
#include <QRegularExpression>

namespace glasspost::app {

namespace {

constexpr qsizetype snippetLength = 250;

QJsonObject addressJson(const mail::AddressView &address)
{
    return {{QStringLiteral("Name"), address.name}, {QStringLiteral("Address"), address.address}};
}

QJsonArray addressesJson(const QList<mail::AddressView> &addresses)
{
    QJsonArray array;
    for (const mail::AddressView &address : addresses)
        array += addressJson(address);
    return array;
}

QJsonObject partJson(const AttachedPart &part)
{
    const QJsonObject checksums{{QStringLiteral("MD5"), QString::fromLatin1(part.md5)},
        {QStringLiteral("SHA1"), QString::fromLatin1(part.sha1)},
        {QStringLiteral("SHA256"), QString::fromLatin1(part.sha256)}};
    return {{QStringLiteral("PartID"), QString::number(part.index)},
        {QStringLiteral("FileName"), part.fileName}, {QStringLiteral("ContentType"), part.contentType},
        {QStringLiteral("ContentID"), part.contentId}, {QStringLiteral("Size"), part.size},
        {QStringLiteral("Checksums"), checksums}};
}

QJsonArray attachedJson(const QList<AttachedPart> &parts, bool isInline)
{
    QJsonArray array;
    for (const AttachedPart &part : parts) {
        if (part.isInline == isInline)
            array += partJson(part);
    }
    return array;
}

/// What both forms have.
QJsonObject commonJson(const CapturedMessage &message)
{
    const mail::MessageView &view = message.view;
    return {{QStringLiteral("ID"), CapturedMail::nameOf(view.id)},
        {QStringLiteral("MessageID"), QString::fromUtf8(view.messageIdField)},
        {QStringLiteral("From"), addressJson(view.from.value(0))},
        {QStringLiteral("To"), addressesJson(view.to)}, {QStringLiteral("Cc"), addressesJson(view.cc)},
        {QStringLiteral("Bcc"), addressesJson(message.bcc)},
        {QStringLiteral("ReplyTo"), addressesJson(view.replyTo)}, {QStringLiteral("Subject"), view.subject},
        {QStringLiteral("Username"), message.user}};
}

QString snippetOf(const QString &text)
{
    const QString line = text.left(8 * snippetLength).simplified();
    return line.size() <= snippetLength ? line : line.left(snippetLength) + QStringLiteral("...");
}

/// RFC 2369: the links of a List-Unsubscribe field, and what is wrong with it.
QJsonObject unsubscribeJson(const QByteArray &header)
{
    static const QRegularExpression bracketed(QStringLiteral("<([^>]*)>"));
    static const QRegularExpression good(QStringLiteral("^(mailto:|https?://)[a-zA-Z0-9]\\S*$"));
    const mail::RawHeader fields = mail::readHeader(header);
    const QString value = QString::fromUtf8(fields.value("List-Unsubscribe"));
    QJsonArray links;
    QStringList errors;
    for (auto found = bracketed.globalMatch(value); found.hasNext();) {
        const QString link = found.next().captured(1);
        if (good.match(link).hasMatch())
            links += link;
        else
            errors += QStringLiteral("\"%1\" is no mailto: or http(s) link").arg(link);
    }
    if (!value.isEmpty() && links.isEmpty() && errors.isEmpty())
        errors += QStringLiteral("\"%1\" no valid unsubscribe links found").arg(value);
    if (links.size() > 2)
        errors += QStringLiteral("\"%1\" should include a maximum of one email and one HTTP link").arg(value);
    return {{QStringLiteral("Header"), value}, {QStringLiteral("Links"), links},
        {QStringLiteral("Errors"), errors.join(QLatin1String(", "))},
        {QStringLiteral("HeaderPost"), QString::fromUtf8(fields.value("List-Unsubscribe-Post"))}};
}

/// "MESSAGE-ID" as "Message-Id".
QString canonicalName(const QByteArrayView &name)
{
    QString result = QString::fromLatin1(name).trimmed().toLower();
    bool isFirst = true;
    for (QChar &c : result) {
        c = isFirst ? c.toUpper() : c;
        isFirst = c == u'-';
    }
    return result;
}

} // namespace

QString mailpitTime(qint64 seconds)
{
    return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).toString(Qt::ISODate);
}

QJsonObject summaryJson(const CapturedMessage &message)
{
    QJsonObject summary = commonJson(message);
    summary[QStringLiteral("Attachments")] = int(std::count_if(message.attached.begin(),
        message.attached.end(), [](const AttachedPart &part) { return !part.isInline; }));
    summary[QStringLiteral("Snippet")] = snippetOf(message.view.text);
    return summary;
}

QJsonArray tagsJson(QStringList tags)
{
    tags.sort(Qt::CaseInsensitive);
    return QJsonArray::fromStringList(tags);
}

QJsonObject messageJson(const CapturedMessage &message, const QStringList &tags)
{
    const mail::MessageView &view = message.view;
    const qint64 arrivedAt = mail::arrivalOf(view.id.unique);
    const qint64 size = mail::wireSizeOf(view.id.unique);
    QJsonObject object = commonJson(message);
    object[QStringLiteral("Tags")] = tagsJson(tags);
    object[QStringLiteral("ReturnPath")] = QString::fromUtf8(view.returnPath);
    object[QStringLiteral("ListUnsubscribe")] = unsubscribeJson(message.header);
    object[QStringLiteral("Date")] = mailpitTime(view.date != 0 ? view.date : arrivedAt);
    object[QStringLiteral("Text")] = view.text;
    object[QStringLiteral("HTML")] = message.html;
    object[QStringLiteral("Size")] = size < 0 ? view.sourceSize : size;
    object[QStringLiteral("Inline")] = attachedJson(message.attached, true);
    object[QStringLiteral("Attachments")] = attachedJson(message.attached, false);
    return object;
}

QJsonObject headersJson(const QByteArray &header)
{
    QJsonObject object;
    for (const mail::RawField &field : mail::readHeader(header).fields) {
        const QString name = canonicalName(field.name);
        QJsonArray values = object[name].toArray();
        values += QString::fromUtf8(field.unfolded());
        object[name] = values;
    }
    return object;
}

} // namespace glasspost::app
