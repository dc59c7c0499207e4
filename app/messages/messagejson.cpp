#include "app/messages/messagejson.h"

#include "app/console/jsonvalues.h"
#include "app/messages/messagelinks.h"
#include "app/messages/onetimecodes.h"

#include <QJsonArray>

namespace glasspost::app {

namespace {

QJsonArray addresses(const QList<mail::AddressView> &list)
{
    QJsonArray array;
    for (const mail::AddressView &one : list)
        array += QJsonObject{{QStringLiteral("name"), one.name}, {QStringLiteral("address"), one.address}};
    return array;
}

QJsonArray texts(const QList<QByteArray> &list)
{
    QJsonArray array;
    for (const QByteArray &one : list)
        array += QString::fromUtf8(one);
    return array;
}

QJsonArray fields(const QList<mail::HeaderField> &header)
{
    QJsonArray array;
    for (const mail::HeaderField &field : header)
        array += QJsonObject{{QStringLiteral("name"), field.name}, {QStringLiteral("value"), field.value}};
    return array;
}

QJsonArray parts(const QList<mail::PartView> &list)
{
    QJsonArray array;
    for (const mail::PartView &part : list)
        array += QJsonObject{{QStringLiteral("part"), part.index}, {QStringLiteral("depth"), part.depth},
            {QStringLiteral("contentType"), part.contentType}, {QStringLiteral("charset"), part.charset},
            {QStringLiteral("fileName"), part.fileName}, {QStringLiteral("size"), part.size},
            {QStringLiteral("attachment"), part.isAttachment}};
    return array;
}

QJsonArray attachments(const QList<mail::PartView> &list)
{
    QJsonArray array;
    for (const mail::PartView &part : list) {
        if (part.isAttachment)
            array += QJsonObject{{QStringLiteral("part"), part.index},
                {QStringLiteral("fileName"), part.fileName},
                {QStringLiteral("contentType"), part.contentType}, {QStringLiteral("size"), part.size}};
    }
    return array;
}

QJsonArray links(const MessageContent &message)
{
    QJsonArray array;
    for (const MessageLink &link : messageLinks(message.html, message.view.text))
        array += QJsonObject{{QStringLiteral("url"), link.url}, {QStringLiteral("text"), link.words}};
    return array;
}

QJsonObject session(const MessageContent &message)
{
    if (message.session)
        return toJson(*message.session);
    if (message.view.sessionId.isEmpty())
        return {};
    return {{QStringLiteral("session"), QString::fromUtf8(message.view.sessionId)}};
}

} // namespace

QJsonObject messageJson(const MessageContent &message)
{
    const mail::MessageRow &row = message.row;
    const mail::MessageView &view = message.view;
    const QString folder = row.id.folder.folder.isEmpty() ? QStringLiteral("Inbox") : row.id.folder.folder;
    return {{QStringLiteral("mailbox"), row.id.folder.user}, {QStringLiteral("folder"), folder},
        {QStringLiteral("id"), QString::fromUtf8(row.id.unique)}, {QStringLiteral("subject"), view.subject},
        {QStringLiteral("date"), isoTime(view.date * 1000000)},
        {QStringLiteral("arrived"), isoTime(row.arrivedAt * 1000000)}, {QStringLiteral("size"), row.size},
        {QStringLiteral("seen"), row.flags.testFlag(mail::MessageFlag::Seen)},
        {QStringLiteral("flagged"), row.flags.testFlag(mail::MessageFlag::Flagged)},
        {QStringLiteral("tags"), QJsonArray::fromStringList(row.tags)},
        {QStringLiteral("from"), addresses(view.from)}, {QStringLiteral("to"), addresses(view.to)},
        {QStringLiteral("cc"), addresses(view.cc)}, {QStringLiteral("replyTo"), addresses(view.replyTo)},
        {QStringLiteral("returnPath"), QString::fromUtf8(view.returnPath)},
        {QStringLiteral("deliveredTo"), texts(view.deliveredTo)},
        {QStringLiteral("messageId"), QString::fromUtf8(view.messageIdField)},
        {QStringLiteral("inReplyTo"), QString::fromUtf8(view.inReplyTo)},
        {QStringLiteral("references"), texts(view.references)},
        {QStringLiteral("headers"), fields(view.header)}, {QStringLiteral("text"), view.text},
        {QStringLiteral("html"), message.html}, {QStringLiteral("links"), links(message)},
        {QStringLiteral("codes"), QJsonArray::fromStringList(oneTimeCodes(view.subject, view.text))},
        {QStringLiteral("attachments"), attachments(view.parts)},
        {QStringLiteral("parts"), parts(view.parts)},
        {QStringLiteral("truncated"),
            message.isHtmlCut || view.warnings.contains(QStringLiteral("truncated"))},
        {QStringLiteral("session"), session(message)}};
}

} // namespace glasspost::app
