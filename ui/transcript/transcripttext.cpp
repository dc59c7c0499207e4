#include "ui/transcript/transcripttext.h"

#include "mail/base/jsontext.h"
#include "ui/transcript/linepieces.h"
#include "ui/words/commandmeanings.h"
#include "ui/words/replymeanings.h"
#include "ui/words/sessiontext.h"

#include <QTimeZone>
#include <QUtf8StringView>

#include <array>

namespace glasspost::ui {

namespace {

constexpr std::array speakerMarks{'C', 'S', '-'};
constexpr std::array speakerWords{"client", "server", "event"};

QByteArray isoTime(qint64 microseconds)
{
    return QDateTime::fromMSecsSinceEpoch(microseconds / 1000, QTimeZone::utc())
        .toString(Qt::ISODateWithMs)
        .toLatin1();
}

QString plainLine(const SavedTranscript &transcript, const SavedTranscript::Line &line, const QDateTime &now)
{
    const smtp::TranscriptEntry &entry = line.entry;
    if (line.isHeader) {
        const smtp::SessionFacts &facts = transcript.sessions[line.session];
        return sessionLabel(facts.id) + u' ' + sessionLine(facts, now) + u'\n';
    }
    const QString lead = clockText(entry.at) + u' ' + sinceText(line.sincePrevious) + QStringLiteral("  ")
        + QLatin1Char(speakerMarks[size_t(entry.speaker)]) + QStringLiteral("  ");
    if (!entry.isData)
        return lead + shownBytes(entry.bytes).text + u'\n';
    QString text;
    if (line.hasContent) {
        const QList<qsizetype> rows = contentRows(entry.bytes, OctetView::Text);
        for (qsizetype row = 0; row + 1 < rows.size(); ++row)
            text += lead + contentRow(entry.bytes, rows, row, OctetView::Text).text + u'\n';
    }
    if (!line.hasContent || entry.bytes.size() < entry.dataSize)
        text += lead + QStringLiteral("(%1 octets)").arg(entry.dataSize) + u'\n';
    return text;
}

} // namespace

QString clockText(qint64 microseconds)
{
    return QDateTime::fromMSecsSinceEpoch(microseconds / 1000).toString(QStringLiteral("HH:mm:ss.zzz"));
}

QString sinceText(qint64 microseconds)
{
    return u'+' + QString::number(double(microseconds) / 1e6, 'f', 3);
}

TranscriptFormat formatOf(const QString &fileName)
{
    const auto endsWith
        = [&](const char *end) { return fileName.endsWith(QLatin1String(end), Qt::CaseInsensitive); };
    if (endsWith(".html") || endsWith(".htm"))
        return TranscriptFormat::Html;
    return endsWith(".jsonl") || endsWith(".json") ? TranscriptFormat::JsonLines : TranscriptFormat::Text;
}

QByteArray written(const SavedTranscript &transcript, TranscriptFormat format, const QDateTime &now)
{
    switch (format) {
    case TranscriptFormat::Text:
        return plainText(transcript, now).toUtf8();
    case TranscriptFormat::JsonLines:
        return jsonLines(transcript);
    case TranscriptFormat::Html:
        return transcriptPage(transcript, now);
    }
    return {};
}

QString plainText(const SavedTranscript &transcript, const QDateTime &now)
{
    QString text;
    for (const SavedTranscript::Line &line : transcript.lines)
        text += plainLine(transcript, line, now);
    return text;
}

QByteArray jsonLines(const SavedTranscript &transcript)
{
    QByteArray all;
    for (const SavedTranscript::Line &line : transcript.lines) {
        if (line.isHeader)
            continue; // each line names its session
        const smtp::SessionFacts &facts = transcript.sessions[line.session];
        const smtp::TranscriptEntry &entry = line.entry;
        mail::JsonText json;
        json.openObject();
        json.text("session", facts.id);
        json.text("at", isoTime(entry.at));
        const qint64 elapsed = facts.startedAt == 0 ? 0 : entry.at - facts.startedAt;
        json.raw("elapsed", QByteArray::number(double(elapsed) / 1e6, 'f', 6));
        json.text("speaker", speakerWords[size_t(entry.speaker)]);
        if (entry.isData) {
            json.flag("data", true);
            json.number("size", entry.dataSize);
        }
        if (QUtf8StringView(entry.bytes).isValidUtf8())
            json.text("text", entry.bytes);
        else
            json.text("base64", entry.bytes.toBase64());
        json.closeObject();
        all += json.toOctets() + '\n';
    }
    return all;
}

QString meaningOf(const smtp::TranscriptEntry &entry)
{
    if (entry.isData || entry.speaker == smtp::Speaker::Event)
        return {};
    if (entry.speaker == smtp::Speaker::Client)
        return commandMeaning(entry.bytes);
    const auto head = parseReplyHead(entry.bytes);
    if (!head)
        return {};
    const auto explained = [](const QString &code, const QString &meaning, const QString &clause) {
        return QStringLiteral("%1: %2 (%3)").arg(code, meaning, clause);
    };
    QStringList lines{
        explained(QString::number(head->code), replyCodeMeaning(head->code), replyCodeClause(head->code))};
    if (!head->status.isNull())
        lines << explained(QString::fromLatin1(head->status.toBytes()), statusCodeMeaning(head->status),
            statusCodeClause(head->status));
    lines << offerMeaning(entry.bytes);
    lines.removeAll(QString());
    return lines.join(u'\n');
}

} // namespace glasspost::ui
