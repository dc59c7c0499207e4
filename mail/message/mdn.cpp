#include "mail/message/mdn.h"

#include "mail/message/addresslist.h"
#include "mail/message/headerfields.h"
#include "mail/message/parttree.h"
#include "mail/message/reportparts.h"

namespace glasspost::mail {

namespace {

constexpr qint64 mostOfAPart = 64 * 1024; // octets of the machine-readable part

QByteArray typedRecipientOf(const QByteArray &address)
{
    return (isAscii(address) ? "rfc822;" : "utf-8;") + oneLine(address);
}

QByteArray words(const MdnAnswer &answer)
{
    const bool seen = answer.disposition == MdnAnswer::Disposition::Displayed;
    return "Your message to <" + oneLine(answer.finalRecipient) + "> was "
        + (seen ? "displayed" : "deleted unread") + ".\nThis does not mean that it was read or understood.\n";
}

// RFC 8098 3.2.6: both by hand, since this is never sent without the person's word.
QByteArray machinePart(const MdnAnswer &answer)
{
    const bool seen = answer.disposition == MdnAnswer::Disposition::Displayed;
    QByteArray fields = reportField("Reporting-UA", answer.hostName + "; Glasspost");
    fields += reportField("Final-Recipient", typedRecipientOf(answer.finalRecipient));
    const QByteArray id = readHeader(answer.original).value("Message-ID");
    if (!id.isEmpty() && isAscii(id))
        fields += reportField("Original-Message-ID", id);
    return fields
        + reportField("Disposition",
            QByteArray("manual-action/MDN-sent-manually; ") + (seen ? "displayed" : "deleted"));
}

} // namespace

MdnRequest readMdnRequest(const QByteArray &message)
{
    const RawHeader header = readHeader(message);
    const QString asked = QString::fromUtf8(header.value("Disposition-Notification-To"));
    const QList<AddressEntry> addresses = splitAddressList(asked, 2);
    MdnRequest request;
    if (addresses.isEmpty() || addresses.first().isMalformed)
        return request;
    request.notifyTo = addresses.first().address;
    const QString returnPath = QString::fromUtf8(header.value("Return-Path"));
    request.differsFromReturnPath = returnPath != QLatin1Char('<') + request.notifyTo + QLatin1Char('>');
    // RFC 8098 2.1: no answer to an answer, and none to a message without a sender.
    const bool isReport = header.value("Content-Type").toLower().contains("multipart/report");
    request.mayAnswer = addresses.size() == 1 && !isReport && returnPath != u"<>";
    return request;
}

QByteArray makeMdn(const MdnAnswer &answer)
{
    ReportHead head;
    head.hostName = answer.hostName;
    head.from = '<' + oneLine(answer.from) + '>';
    head.to = answer.to;
    head.subject = answer.disposition == MdnAnswer::Disposition::Displayed ? "Your message was displayed"
                                                                           : "Your message was deleted";
    head.type = "disposition-notification";
    head.original = answer.original;
    return makeReport(head,
        {{"text/plain; charset=us-ascii", "text/plain; charset=utf-8", words(answer), {}},
            {"message/disposition-notification", "message/global-disposition-notification",
                machinePart(answer), {}},
            {"text/rfc822-headers", "message/global-headers", headerOf(answer.original), {}}});
}

MdnReceipt readMdn(const QByteArray &message)
{
    if (!message.contains("disposition-notification"))
        return {};
    return mdnOf(PartTree::read(OctetsReader(message)).value()).value_or(MdnReceipt());
}

std::optional<MdnReceipt> mdnOf(const PartTree &tree)
{
    for (int i = 0; i < tree.nodes().size(); ++i) {
        GMimeObject *part = tree.nodes().at(i).object;
        const bool isNotification = isType(part, "message", "disposition-notification")
            || isType(part, "message", "global-disposition-notification");
        if (!isNotification || tree.nodes().at(i).messages > 0)
            continue;
        const QByteArray content = tree.content(i, mostOfAPart); // a header refers to it
        const RawHeader fields = readHeader(content);
        MdnReceipt receipt;
        receipt.originalMessageId = bareMessageId(fields.value("Original-Message-ID"));
        receipt.finalRecipient = withoutType(fields.value("Final-Recipient"));
        receipt.disposition = withoutType(fields.value("Disposition")).toLower();
        return receipt;
    }
    return std::nullopt;
}

} // namespace glasspost::mail
