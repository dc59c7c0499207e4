#include "ui/message/reportpage.h"

#include "ui/message/deliveryrows.h"
#include "ui/message/reportheader.h"
#include "ui/message/waterfallsvg.h"
#include "ui/message/whynot.h"
#include "ui/queue/queuestate.h"
#include "ui/words/deliverytext.h"
#include "ui/words/format.h"
#include "ui/words/sessiontext.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace glasspost::ui {

namespace {

constexpr const char *pageStyle
    = "body{font:14px/1.45 system-ui,sans-serif;color:#1f2328;background:#fff;max-width:1100px;margin:24px "
      "auto;"
      "padding:0 16px}h1{font-size:22px}h2{font-size:17px;border-bottom:1px solid #d0d7de;margin-top:28px}"
      "table{border-collapse:collapse;width:100%}td,th{text-align:start;vertical-align:top;padding:3px 8px "
      "3px "
      "0;border-bottom:1px solid #eaeef2;overflow-wrap:anywhere}pre{font:12px/1.4 "
      "ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}.m{color:#57606a}"
      "svg text{font:12px system-ui,sans-serif;fill:#1f2328}svg .h{font-weight:bold}svg .r{fill:#57606a}"
      "svg{display:block}@media "
      "print{svg{break-inside:avoid}body{margin:0}h2{break-after:avoid}tr{break-inside:avoid}}";

struct ReportWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::ReportPage)
};

/// Addresses in the commands of a session that came to us.
void addSaid(QStringList &known, const smtp::SessionTrace &trace)
{
    known << QString::fromUtf8(trace.user);
    for (const smtp::TracedStage &stage : trace.stages) {
        const qsizetype from = stage.command.indexOf('<');
        const qsizetype to = stage.command.indexOf('>', from);
        if (from >= 0 && to > from)
            known << QString::fromUtf8(stage.command.mid(from + 1, to - from - 1));
    }
}

/// Addresses by which people are named in it.
QStringList addressesIn(const ReportContent &content)
{
    QStringList known;
    for (const mail::Journey &journey : content.journeys) {
        known << QString::fromUtf8(journey.entry.envelope.reversePath.toBytes());
        for (const mail::QueueRecipient &one : journey.entry.recipients)
            known << QString::fromUtf8(one.recipient.forwardPath.toBytes());
        for (const smtp::SessionTrace &trace : journey.traces)
            known << QString::fromUtf8(trace.user);
    }
    for (const mail::Transcript &transcript : content.transcripts)
        known << QString::fromUtf8(transcript.first.user);
    for (const smtp::SessionTrace &trace : content.ends.received)
        addSaid(known, trace);
    for (const mail::Journey &sender : content.ends.senders) {
        for (const smtp::SessionTrace &trace : sender.traces)
            addSaid(known, trace);
    }
    return known + addressesInHeader(content.header.value_or(QList<mail::HeaderField>()));
}

class PageWriter
{
public:
    PageWriter(const ReportContent &content, AddressMask::Addresses addresses)
        : m_content(content), m_addresses(addresses), m_mask(addresses, addressesIn(content))
    { }

    QByteArray write()
    {
        m_html
            = QStringLiteral("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"/><meta "
                             "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                             "'unsafe-inline'\"/><title>");
        m_html += safe(title()) + QStringLiteral("</title><style>") + QLatin1String(pageStyle)
            + QStringLiteral("</style></head><body>\n<h1>") + safe(title()) + QStringLiteral("</h1>\n");
        remark(ReportWords::tr("Written by Glasspost, %1").arg(exactTime(m_content.now.toSecsSinceEpoch())));
        addDeliveries();
        addHeader();
        for (const mail::Transcript &transcript : m_content.transcripts)
            addTranscript(transcript);
        m_html += QStringLiteral("</body></html>\n");
        return m_html.toUtf8();
    }

private:
    [[nodiscard]] QString safe(const QString &text) { return m_mask(text).toHtmlEscaped(); }
    [[nodiscard]] QString title() const
    {
        const QString subject
            = m_content.journeys.isEmpty() ? QString() : m_content.journeys.first().entry.subject;
        return m_addresses == AddressMask::Addresses::Masked || subject.isEmpty()
            ? ReportWords::tr("Delivery of a message")
            : ReportWords::tr("Delivery of “%1”").arg(subject);
    }
    void paragraph(const QString &words)
    {
        m_html += QStringLiteral("<p>") + safe(words) + QStringLiteral("</p>\n");
    }
    void remark(const QString &words)
    {
        m_html += QStringLiteral("<p class=\"m\">") + safe(words) + QStringLiteral("</p>\n");
    }
    void heading(const QString &words)
    {
        m_html += QStringLiteral("<h2>") + safe(words) + QStringLiteral("</h2>\n");
    }
    void row(const QStringList &cells, const char *tag = "td")
    {
        const QString kind = QLatin1String(tag);
        m_html += QStringLiteral("<tr>");
        for (const QString &cell : cells)
            m_html += u'<' + kind + u'>' + safe(cell).replace(u'\n', QLatin1String("<br/>"))
                + QStringLiteral("</") + kind + u'>';
        m_html += QStringLiteral("</tr>\n");
    }
    void beginTable(const QStringList &titles)
    {
        m_html += QStringLiteral("<table>\n");
        row(titles, "th");
    }
    void endTable() { m_html += QStringLiteral("</table>\n"); }

    void addDeliveries();
    /// rows are those of it alone, shown has the other ends too.
    void addJourney(
        const mail::Journey &journey, const QList<WaterfallRow> &rows, const QList<WaterfallRow> &shown);
    void addWaterfall(const QList<WaterfallRow> &rows);
    void addRecipients(const mail::QueueEntry &entry);
    void addStages(const QList<WaterfallRow> &rows);
    void addTls(const mail::Journey &journey, const QList<WaterfallRow> &rows);
    void addHeader();
    void addTranscript(const mail::Transcript &transcript);
    using Span = std::pair<qint64, qint64>; // microseconds since the Unix epoch
    /// When a session was about this message, where the record has times: what was said of others on the same
    /// connection is none of this report's.
    [[nodiscard]] QList<Span> ownTimes(const QByteArray &sessionId) const;
    [[nodiscard]] QString lineOf(const smtp::TranscriptEntry &entry, qint64 startedAt);
    [[nodiscard]] QStringList linesOfStages(const smtp::SessionFacts &session);

    const ReportContent &m_content;
    AddressMask::Addresses m_addresses;
    AddressMask m_mask;
    QString m_html;
    QList<WaterfallRow> m_rows; ///< of all journeys
};

void PageWriter::addDeliveries()
{
    QList<QList<WaterfallRow>> left;
    for (const mail::Journey &journey : m_content.journeys)
        left.append(waterfallOf(journey));
    const DeliveryRows rows = deliveryRows(left, m_content.ends);
    if (!rows.came.isEmpty()) {
        heading(ReportWords::tr("How it came"));
        addWaterfall(rows.came);
        for (const mail::Journey &sender : m_content.ends.senders)
            addTls(sender, rows.came);
    }
    for (qsizetype i = 0; i < left.size(); ++i)
        addJourney(m_content.journeys[i], left[i], rows.left[i]);
}

void PageWriter::addJourney(
    const mail::Journey &journey, const QList<WaterfallRow> &rows, const QList<WaterfallRow> &shown)
{
    heading(ReportWords::tr("Recipients"));
    addRecipients(journey.entry);
    if (journey.isDamaged)
        paragraph(ReportWords::tr("The record of this delivery is damaged: something may be missing."));
    if (const QString why = whyNotArrived(journey, rows, m_content.now); !why.isEmpty()) {
        heading(ReportWords::tr("Why it did not arrive, or came late"));
        for (const QString &one : why.split(u'\n'))
            paragraph(one);
    }
    if (shown.isEmpty())
        return;
    heading(ReportWords::tr("Where the time went"));
    addWaterfall(shown);
    addTls(journey, shown);
}

void PageWriter::addWaterfall(const QList<WaterfallRow> &rows)
{
    m_rows += rows;
    m_html += waterfallSvg(rows, [this](const QString &text) { return m_mask(text); });
    remark(ReportWords::tr(
        "Outlined: waiting for the other end. Filled: work here. Half filled: either, not told apart. Gray: "
        "a gap that is folded."));
    addStages(rows);
}

void PageWriter::addRecipients(const mail::QueueEntry &entry)
{
    beginTable({ReportWords::tr("Recipient"), ReportWords::tr("State"), ReportWords::tr("Last attempt")});
    for (const mail::QueueRecipient &one : entry.recipients) {
        const auto report = one.lastReport();
        QStringList last;
        if (report && report->at > 0)
            last << exactTime(report->at / oneSecond) << serverText(*report) << resultText(*report)
                 << wireText(*report);
        last.removeAll(QString());
        row({shownBytes(one.recipient.forwardPath.toBytes()).text,
            recipientChip(entry, one, m_content.now).text, last.join(u'\n')});
    }
    endTable();
}

void PageWriter::addStages(const QList<WaterfallRow> &rows)
{
    heading(ReportWords::tr("Every stage"));
    beginTable({ReportWords::tr("Stage"), ReportWords::tr("Begin"), ReportWords::tr("Facts")});
    qint64 attemptBegan = 0;
    for (const WaterfallRow &one : rows) {
        if (one.kind == WaterfallRow::Kind::Attempt)
            attemptBegan = one.from;
        row({one.label, durationText(one.from - attemptBegan), factsOf(one).mid(1).join(u'\n')});
    }
    endTable();
}

void PageWriter::addTls(const mail::Journey &journey, const QList<WaterfallRow> &rows)
{
    for (const smtp::SessionTrace &trace : journey.traces) {
        const bool isShown = std::any_of(rows.begin(), rows.end(),
            [&trace](const WaterfallRow &one) { return one.sessionId == trace.sessionId; });
        if (!trace.tls || !isShown)
            continue;
        heading(ReportWords::tr("TLS with %1").arg(shownBytes(trace.host).text));
        beginTable({ReportWords::tr("What"), ReportWords::tr("Value")});
        row({ReportWords::tr("Version and cipher"), shownBytes(trace.tls->summary).text});
        for (const smtp::TracedCertificate &one : trace.tls->chain)
            row({ReportWords::tr("Certificate of %1").arg(shownBytes(one.subject).text),
                ReportWords::tr("issued by %1\nvalid until %2\nSHA-256 %3")
                    .arg(
                        shownBytes(one.issuer).text, exactTime(one.goodUntil), shownBytes(one.sha256).text)});
        QStringList faults;
        for (const QByteArray &error : trace.tls->errors)
            faults << shownBytes(error).text;
        row({ReportWords::tr("Verified by an authority"),
            faults.isEmpty() ? ReportWords::tr("yes") : ReportWords::tr("no: %1").arg(faults.join(u'\n'))});
        if (!trace.tls->fault.isEmpty())
            row({ReportWords::tr("Why it was refused"), shownBytes(trace.tls->fault).text});
        endTable();
    }
}

void PageWriter::addHeader()
{
    if (!m_content.header)
        return;
    heading(ReportWords::tr("Header fields of the message"));
    if (m_content.header->isEmpty()) {
        remark(ReportWords::tr("They are not known here: the message is in no mailbox by this name."));
        return;
    }
    beginTable({ReportWords::tr("Field"), ReportWords::tr("Value")});
    for (const mail::HeaderField &field : reportedHeader(*m_content.header, m_addresses))
        row({field.name, field.value});
    endTable();
}

/// At most one message, taken or not.
bool carriedOne(const mail::Transcript &transcript)
{
    const auto mails = std::count_if(
        transcript.second.begin(), transcript.second.end(), [](const smtp::TranscriptEntry &entry) {
            return entry.speaker == smtp::Speaker::Client && !entry.isData
                && entry.bytes.left(5).toUpper() == "MAIL ";
        });
    return transcript.first.messages <= 1 && mails <= 1;
}

QList<PageWriter::Span> PageWriter::ownTimes(const QByteArray &sessionId) const
{
    QList<Span> times;
    for (const WaterfallRow &one : m_rows) {
        if (one.kind == WaterfallRow::Kind::Stage && one.sessionId == sessionId)
            times.append({one.from, one.to});
    }
    return times;
}

QString PageWriter::lineOf(const smtp::TranscriptEntry &entry, qint64 startedAt)
{
    const QString who = entry.speaker == smtp::Speaker::Client ? QStringLiteral("C: ")
        : entry.speaker == smtp::Speaker::Server               ? QStringLiteral("S: ")
                                                               : QStringLiteral("-  ");
    const QString said = entry.isData ? ReportWords::tr("(%1 of the message)").arg(sizeText(entry.dataSize))
                                      : shownBytes(entry.bytes).text;
    return QStringLiteral("%1  ").arg(double(entry.at - startedAt) / double(oneSecond), 9, 'f', 3) + who
        + said;
}

/// Of a session that came to us, where it brought others too: what the listener serves in one go has one
/// time.
QStringList PageWriter::linesOfStages(const smtp::SessionFacts &session)
{
    using smtp::Speaker;
    QStringList lines;
    for (const WaterfallRow &one : m_rows) {
        if (one.kind != WaterfallRow::Kind::Stage || one.sessionId != session.id)
            continue;
        if (!one.stage.command.isEmpty())
            lines << lineOf({one.from, Speaker::Client, false, one.stage.command, 0}, session.startedAt);
        if (one.stage.octets > 0)
            lines << lineOf({one.to, Speaker::Client, true, {}, one.stage.octets}, session.startedAt);
        for (const QByteArray &line : one.stage.reply.wireLines())
            lines << lineOf({one.to, Speaker::Server, false, line, 0}, session.startedAt);
    }
    return lines;
}

void PageWriter::addTranscript(const mail::Transcript &transcript)
{
    const QList<Span> times = ownTimes(transcript.first.id);
    const bool isListeners = transcript.first.role == smtp::SessionRole::Server;
    const bool isWhole = (times.isEmpty() || isListeners) && carriedOne(transcript);
    const auto isOwn = [&](qint64 at) {
        return isWhole || std::any_of(times.begin(), times.end(), [at](const Span &span) {
            return span.first <= at && at <= span.second;
        });
    };
    QStringList lines;
    if (isListeners && !isWhole) {
        lines = linesOfStages(transcript.first);
    } else {
        for (const smtp::TranscriptEntry &entry : transcript.second) {
            if (isOwn(entry.at))
                lines << lineOf(entry, transcript.first.startedAt);
        }
    }
    heading(
        ReportWords::tr("Session %1, %2").arg(sessionLabel(transcript.first.id), peerText(transcript.first)));
    remark(sessionLine(transcript.first, m_content.now));
    if (times.isEmpty() && !isWhole)
        lines << ReportWords::tr(
            "More than one message was begun in it: what was said of this one cannot be singled out.");
    m_html += QStringLiteral("<pre>") + safe(lines.join(u'\n')) + QStringLiteral("</pre>\n");
}

} // namespace

QByteArray reportPage(const ReportContent &content, AddressMask::Addresses addresses)
{
    return PageWriter(content, addresses).write();
}

} // namespace glasspost::ui
