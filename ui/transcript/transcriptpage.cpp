#include "ui/transcript/linepieces.h"
#include "ui/transcript/transcripttext.h"
#include "ui/words/format.h"
#include "ui/words/replymeanings.h"
#include "ui/words/sessiontext.h"

#include <QCoreApplication>

namespace glasspost::ui {

namespace {

constexpr const char *transcriptStyle
    = ":root{color-scheme:light dark;--t:#1f2328;--b:#fff;--m:#57606a;--l:#d0d7de;--s:#f6f8fa;--d:#8a5300;"
      "--r:#b3261e;--c:#0b57d0}@media(prefers-color-scheme:dark){:root{--t:#e6e6e6;--b:#1b1d1f;--m:#a3abb3;"
      "--l:#3a3f44;--s:#24272a;--d:#f0b429;--r:#ff8a80;--c:#8ab4f8}}"
      "body{font:14px/1.45 system-ui,sans-serif;color:var(--t);background:var(--b);margin:24px}"
      "h1{font-size:20px}.m{color:var(--m)}table{border-collapse:collapse;width:100%;"
      "font:12px/1.5 ui-monospace,monospace}td,th{text-align:left;vertical-align:top;padding:0 8px 0 0;"
      "white-space:pre-wrap;overflow-wrap:anywhere}th{font:bold 14px/1.5 system-ui,sans-serif;"
      "border-top:1px solid var(--l);padding-top:12px}td:nth-child(-n+3){color:var(--m);white-space:nowrap}"
      ".S{background:var(--s)}.C td:nth-child(4){color:var(--c)}.d td:nth-child(n+4){color:var(--d)}"
      ".r td:nth-child(n+4){color:var(--r)}@media print{body{margin:0}tr{break-inside:avoid}}";

struct PageWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::TranscriptPage)
};

QString cell(const QString &text)
{
    return QStringLiteral("<td>") + text.toHtmlEscaped() + QStringLiteral("</td>");
}

QString kindOf(const smtp::TranscriptEntry &entry)
{
    if (entry.speaker == smtp::Speaker::Client)
        return QStringLiteral("C");
    if (entry.speaker == smtp::Speaker::Event)
        return QStringLiteral("e");
    const auto head = parseReplyHead(entry.bytes);
    const int code = head ? head->code : 0;
    return code >= 500 ? QStringLiteral("S r") : code >= 400 ? QStringLiteral("S d") : QStringLiteral("S");
}

QString contentText(const SavedTranscript::Line &line)
{
    const smtp::TranscriptEntry &entry = line.entry;
    QStringList texts;
    const QList<qsizetype> rows = contentRows(entry.bytes, OctetView::Text);
    for (qsizetype row = 0; line.hasContent && row + 1 < rows.size(); ++row)
        texts << contentRow(entry.bytes, rows, row, OctetView::Text).text;
    if (!line.hasContent || entry.bytes.size() < entry.dataSize)
        texts << PageWords::tr("(%1 of the message)").arg(sizeText(entry.dataSize));
    return texts.join(u'\n');
}

QString rowOf(const SavedTranscript &transcript, const SavedTranscript::Line &line, const QDateTime &now)
{
    const smtp::SessionFacts &facts = transcript.sessions[line.session];
    const smtp::TranscriptEntry &entry = line.entry;
    const QString label = sessionLabel(facts.id);
    if (line.isHeader)
        return QStringLiteral("<tr><th colspan=\"5\" scope=\"rowgroup\">") + label.toHtmlEscaped() + u' '
            + outcomeText(facts).toHtmlEscaped() + QStringLiteral(" · ")
            + sessionLine(facts, now).toHtmlEscaped() + QStringLiteral("</th></tr>\n");
    static constexpr const char *marks[] = {"C", "S", "–"};
    const QString meaning = meaningOf(entry);
    QString row = QStringLiteral("<tr class=\"") + kindOf(entry) + u'"';
    if (!meaning.isEmpty())
        row += QStringLiteral(" title=\"") + meaning.toHtmlEscaped() + u'"';
    return row + u'>' + cell(clockText(entry.at)) + cell(sinceText(line.sincePrevious)) + cell(label)
        + cell(QString::fromUtf8(marks[size_t(entry.speaker)]))
        + cell(entry.isData ? contentText(line) : shownBytes(entry.bytes).text) + QStringLiteral("</tr>\n");
}

} // namespace

QByteArray transcriptPage(const SavedTranscript &transcript, const QDateTime &now)
{
    const QString title = PageWords::tr("Transcript of SMTP sessions").toHtmlEscaped();
    QByteArray page("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><meta "
                    "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                    "'unsafe-inline'\"><title>");
    const QString remark
        = PageWords::tr("Written by Glasspost, %1").arg(exactTime(now.toSecsSinceEpoch())).toHtmlEscaped();
    page += title.toUtf8() + "</title><style>" + transcriptStyle + "</style></head><body>\n<h1>"
        + title.toUtf8() + "</h1>\n<p class=\"m\">" + remark.toUtf8() + "</p>\n<table>\n";
    for (const SavedTranscript::Line &line : transcript.lines)
        page += rowOf(transcript, line, now).toUtf8();
    return page + "</table></body></html>\n";
}

} // namespace glasspost::ui
