#include "mail/message/statusreport.h"

#include "mail/base/lineends.h"
#include "mail/message/headerfields.h"
#include "mail/message/parttree.h"
#include "mail/message/reportparts.h"

namespace glasspost::mail {

namespace {

constexpr qint64 mostOfAPart = 1024 * 1024; // octets of a part that is looked into
constexpr qsizetype mostRecipients = 10000;

struct ActionWord
{
    ReportAction action;
    const char *word;
};
constexpr ActionWord actionWords[] = {{ReportAction::Failed, "failed"}, {ReportAction::Delayed, "delayed"},
    {ReportAction::Delivered, "delivered"}, {ReportAction::Relayed, "relayed"},
    {ReportAction::Expanded, "expanded"}};

std::optional<ReportedRecipient> recipientFrom(const RawHeader &fields)
{
    const QByteArray action = fields.value("Action").toLower();
    for (const ActionWord &known : actionWords) {
        if (action != known.word)
            continue;
        ReportedRecipient one;
        one.action = known.action;
        one.originalRecipient = withoutType(fields.value("Original-Recipient"));
        one.finalRecipient = withoutType(fields.value("Final-Recipient"));
        one.status = smtp::EnhancedStatusCode::parse(fields.value("Status").split(' ').first())
                         .value_or(smtp::EnhancedStatusCode());
        one.remoteServer = withoutType(fields.value("Remote-MTA"));
        one.diagnostic = withoutType(fields.value("Diagnostic-Code")).simplified();
        return one;
    }
    return std::nullopt;
}

/// RFC 3464 2.1: groups of fields, an empty line between them; the first is the message's.
void readGroups(const QByteArray &lines, StatusReport &report)
{
    const QByteArray text = withLf(lines);
    bool isFirst = true;
    qsizetype place = 0;
    while (place < text.size() && report.recipients.size() < mostRecipients) {
        const RawHeader group = readHeader(QByteArrayView(text).sliced(place));
        if (group.fields.isEmpty() && group.bodyOffset == 0)
            return;
        place += group.bodyOffset;
        if (group.fields.isEmpty())
            continue;
        if (isFirst) {
            report.envelopeId = group.value("Original-Envelope-Id");
            report.reportingServer = withoutType(group.value("Reporting-MTA"));
        } else if (const auto one = recipientFrom(group)) {
            report.recipients.append(*one);
        }
        isFirst = false;
    }
}

bool hasType(GMimeObject *part, const char *type, const char *subtype)
{
    GMimeContentType *content = g_mime_object_get_content_type(part);
    return content != nullptr && g_mime_content_type_is_type(content, type, subtype);
}

void readPartOfReport(const PartTree &tree, int node, StatusReport &report)
{
    GMimeObject *part = tree.nodes().at(node).object;
    if (hasType(part, "message", "delivery-status") || hasType(part, "message", "global-delivery-status"))
        readGroups(tree.content(node, mostOfAPart), report);
    else if (hasType(part, "text", "rfc822-headers") || hasType(part, "message", "global-headers")
        || hasType(part, "message", "rfc822") || hasType(part, "message", "global"))
        report.originalMessageId
            = bareMessageId(readHeader(tree.content(node, mostOfAPart)).value("Message-ID"));
}

} // namespace

QByteArray actionWord(ReportAction action)
{
    for (const ActionWord &known : actionWords) {
        if (known.action == action)
            return known.word;
    }
    return {};
}

std::optional<StatusReport> readStatusReport(const QByteArray &message)
{
    if (!message.contains("delivery-status")) // nearly all mail, without reading it as MIME
        return std::nullopt;
    return statusReportOf(PartTree::read(OctetsReader(message)).value());
}

std::optional<StatusReport> statusReportOf(const PartTree &tree)
{
    if (tree.nodes().isEmpty() || !hasType(tree.nodes().first().object, "multipart", "report"))
        return std::nullopt;
    StatusReport report;
    for (int i = 0; i < tree.nodes().size(); ++i)
        if (tree.nodes().at(i).parent == 0)
            readPartOfReport(tree, i, report);
    return report.recipients.isEmpty() ? std::nullopt : std::optional<StatusReport>(report);
}

} // namespace glasspost::mail
