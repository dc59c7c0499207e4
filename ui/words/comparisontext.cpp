#include "ui/words/comparisontext.h"

#include "ui/words/deliverytext.h"
#include "ui/words/format.h"
#include "ui/words/sessiontext.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <optional>

namespace glasspost::ui {

namespace {

using mail::ComparedCell;
using mail::ComparisonRow;
using mail::Difference;

struct ComparisonWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Comparison)
};

const ComparedCell &cellAt(const ComparisonRow &row, Side side)
{
    return side == Side::Left ? row.left : row.right;
}

const ComparedCell &otherThan(const ComparisonRow &row, Side side)
{
    return side == Side::Left ? row.right : row.left;
}

/// The one that is there.
const ComparedCell &eitherOf(const ComparisonRow &row)
{
    return row.left.isThere ? row.left : row.right;
}

QString stageTitle(const smtp::TracedStage &stage)
{
    using smtp::TraceStage;
    const QByteArray &command = stage.command;
    if (stage.stage == TraceStage::Quit && command.isEmpty() && !stage.reply.isNull())
        return ComparisonWords::tr("Unprompted reply");
    const bool isNamedByVerb = stage.stage == TraceStage::Hello || stage.stage == TraceStage::Reset;
    if (isNamedByVerb && !command.isEmpty())
        return shownBytes(command.simplified().split(' ').first()).text;
    const qsizetype from = command.indexOf('<');
    const qsizetype to = command.indexOf('>', from);
    if (stage.stage == TraceStage::Rcpt && from >= 0 && to > from)
        return shownBytes(command.mid(from + 1, to - from - 1)).text;
    return stageText(stage.stage);
}

/// In the language of the person, where the value is a word of ours.
QString factText(Difference fact, const ComparedCell &cell)
{
    if (!cell.isKnown)
        return ComparisonWords::tr("not known");
    if (cell.value.isEmpty())
        return ComparisonWords::tr("none");
    if (fact == Difference::Resumption)
        return cell.value == "resumed" ? ComparisonWords::tr("resumed", "a TLS session")
                                       : ComparisonWords::tr("new", "a TLS session");
    if (fact == Difference::Verification && cell.value == "verified")
        return ComparisonWords::tr("verified");
    return shownBytes(cell.value).text;
}

QString sessionText(const ComparedCell &cell)
{
    const QString label = sessionLabel(cell.sessionId);
    const QString started = exactTime(cell.from / 1'000'000);
    if (cell.value.isEmpty())
        return ComparisonWords::tr("%1, %2", "session, when it began").arg(label, started);
    return ComparisonWords::tr("%1 with %2, %3", "session, host, when it began")
        .arg(label, shownBytes(cell.value).text, started);
}

QString stageLine(const ComparedCell &cell)
{
    const smtp::TracedStage &stage = cell.stage;
    QStringList parts;
    if (!stage.command.isEmpty())
        parts << shownBytes(stage.command).text;
    if (stage.octets > 0)
        parts << sizeText(stage.octets);
    if (!stage.reply.isNull())
        parts << QStringLiteral("→ ") + shownBytes(stage.reply.toBytes()).text;
    else if (!stage.notes.isEmpty())
        parts << shownBytes(stage.notes.last().text).text;
    else if (!stage.command.isEmpty())
        parts << ComparisonWords::tr("→ no reply");
    return parts.isEmpty() ? ComparisonWords::tr("done") : parts.join(u' ');
}

QString lineOf(const ComparisonRow &row, const ComparedCell &cell)
{
    if (!cell.isThere)
        return row.kind == ComparisonRow::Kind::Fact ? QString() : ComparisonWords::tr("not there");
    switch (row.kind) {
    case ComparisonRow::Kind::Session:
        return sessionText(cell);
    case ComparisonRow::Kind::Fact:
        return factText(row.fact, cell);
    case ComparisonRow::Kind::Stage:
        break;
    }
    return stageLine(cell);
}

/// What is between the words with which both begin and end.
std::optional<std::pair<int, int>> ownPart(const QString &text, const QString &other)
{
    const int least = int(std::min(text.size(), other.size()));
    int from = 0;
    while (from < least && text[from] == other[from])
        ++from;
    int behind = 0;
    while (behind < least - from && text[text.size() - 1 - behind] == other[other.size() - 1 - behind])
        ++behind;
    while (from > 0 && !text[from - 1].isSpace())
        --from;
    int to = int(text.size()) - behind;
    while (to < text.size() && !text[to].isSpace())
        ++to;
    if (to <= from)
        return {};
    return std::pair(from, to - from);
}

/// Each of the extensions, wherever it stands.
QList<std::pair<int, int>> placesOf(const QList<QByteArray> &lines, const QString &text)
{
    QList<std::pair<int, int>> places;
    for (const QByteArray &line : lines) {
        const QString shown = shownBytes(line).text;
        if (const auto at = text.indexOf(shown, 0, Qt::CaseInsensitive); at >= 0 && !shown.isEmpty())
            places.append({int(at), int(shown.size())});
    }
    std::sort(places.begin(), places.end());
    return places;
}

bool hasOtherWords(const ComparisonRow &row)
{
    return std::any_of(row.differences.begin(), row.differences.end(), [](Difference one) {
        return one != Difference::Time && one != Difference::Order && one != Difference::MissingStage
            && one != Difference::MissingSession && one != Difference::Extension;
    });
}

QString listed(const QList<QByteArray> &lines)
{
    QStringList words;
    for (const QByteArray &line : lines)
        words << shownBytes(line).text;
    return words.join(QStringLiteral(", "));
}

/// Which ones: their line may be too long to be seen whole.
QString extensionsText(const ComparisonRow &row)
{
    QStringList sides;
    if (!row.left.extensions.isEmpty())
        sides << ComparisonWords::tr("left %1", "extensions there").arg(listed(row.left.extensions));
    if (!row.right.extensions.isEmpty())
        sides << ComparisonWords::tr("right %1", "extensions there").arg(listed(row.right.extensions));
    return ComparisonWords::tr("extensions (only %1)").arg(sides.join(QStringLiteral("; ")));
}

QString signedDuration(qint64 microseconds)
{
    return (microseconds < 0 ? QStringLiteral("−") : QStringLiteral("+"))
        + durationText(std::abs(microseconds));
}

} // namespace

QString differenceText(Difference difference)
{
    switch (difference) {
    case Difference::Host:
        return ComparisonWords::tr("host");
    case Difference::Address:
        return ComparisonWords::tr("address");
    case Difference::Port:
        return ComparisonWords::tr("port");
    case Difference::Choice:
        return ComparisonWords::tr("choice of the host");
    case Difference::Demand:
        return ComparisonWords::tr("TLS policy in the DNS");
    case Difference::TlsVersion:
        return ComparisonWords::tr("TLS version");
    case Difference::Cipher:
        return ComparisonWords::tr("cipher");
    case Difference::Resumption:
        return ComparisonWords::tr("TLS session");
    case Difference::Certificate:
        return ComparisonWords::tr("certificate");
    case Difference::Verification:
        return ComparisonWords::tr("verification of the certificate");
    case Difference::Mechanism:
        return ComparisonWords::tr("sign-in mechanism");
    case Difference::User:
        return ComparisonWords::tr("user");
    case Difference::MissingSession:
        return ComparisonWords::tr("on one side only", "a session");
    case Difference::MissingStage:
        return ComparisonWords::tr("on one side only", "a stage");
    case Difference::Order:
        return ComparisonWords::tr("order");
    case Difference::Recipient:
        return ComparisonWords::tr("recipient");
    case Difference::Command:
        return ComparisonWords::tr("command");
    case Difference::Extension:
        return ComparisonWords::tr("extensions");
    case Difference::Refusal:
        return ComparisonWords::tr("accepted on one side only");
    case Difference::ReplyCode:
        return ComparisonWords::tr("reply code");
    case Difference::ReplyText:
        return ComparisonWords::tr("reply text");
    case Difference::Event:
        return ComparisonWords::tr("events");
    case Difference::Octets:
        return ComparisonWords::tr("size");
    case Difference::Time:
        return ComparisonWords::tr("time");
    }
    return {};
}

QString differencesText(const ComparisonRow &row)
{
    QStringList words;
    for (const Difference difference : row.differences)
        words << (difference == Difference::Extension ? extensionsText(row) : differenceText(difference));
    return words.join(QStringLiteral(", "));
}

QString comparisonTitle(const ComparisonRow &row)
{
    switch (row.kind) {
    case ComparisonRow::Kind::Session:
        return ComparisonWords::tr("Session");
    case ComparisonRow::Kind::Fact: {
        QString title = differenceText(row.fact);
        title[0] = title[0].toUpper();
        return title;
    }
    case ComparisonRow::Kind::Stage:
        break;
    }
    return stageTitle(eitherOf(row).stage);
}

LitText comparedText(const ComparisonRow &row, Side side)
{
    const ComparedCell &cell = cellAt(row, side);
    LitText line{lineOf(row, cell), {}};
    if (!cell.isThere || !otherThan(row, side).isThere)
        return line;
    line.lit = placesOf(cell.extensions, line.text);
    if (!hasOtherWords(row))
        return line;
    if (const auto part = ownPart(line.text, lineOf(row, otherThan(row, side))); part && line.lit.isEmpty())
        line.lit.append(*part);
    return line;
}

QString comparedFacts(const ComparisonRow &row, Side side)
{
    QStringList lines{comparedText(row, side).text};
    for (const smtp::TraceNote &note : cellAt(row, side).stage.notes)
        lines << shownBytes(note.text).text;
    return lines.join(u'\n');
}

QString comparedTimes(const ComparisonRow &row)
{
    if (row.kind == ComparisonRow::Kind::Fact)
        return {};
    if (!row.left.isThere || !row.right.isThere)
        return durationText(eitherOf(row).took());
    const qint64 left = row.left.took();
    const qint64 right = row.right.took();
    return ComparisonWords::tr("%1, %2, %3", "time on the left, on the right, how much longer")
        .arg(durationText(left), durationText(right), signedDuration(right - left));
}

QString spokenComparison(const ComparisonRow &row)
{
    QStringList parts{comparisonTitle(row)};
    if (!row.differences.isEmpty())
        parts << ComparisonWords::tr("Different: %1").arg(differencesText(row));
    parts << ComparisonWords::tr("Left: %1").arg(comparedText(row, Side::Left).text)
          << ComparisonWords::tr("Right: %1").arg(comparedText(row, Side::Right).text);
    if (const QString times = comparedTimes(row); !times.isEmpty())
        parts << ComparisonWords::tr("Time: %1").arg(times);
    return parts.join(QStringLiteral(". "));
}

QString comparisonText(const QList<ComparisonRow> &rows)
{
    QStringList lines;
    for (const ComparisonRow &row : rows) {
        QStringList parts{comparedText(row, Side::Left).text, comparedText(row, Side::Right).text};
        if (const QString times = comparedTimes(row); !times.isEmpty())
            parts << times;
        if (!row.differences.isEmpty())
            parts << differencesText(row);
        lines << (row.differences.isEmpty() ? QStringLiteral("  ") : QStringLiteral("! "))
                + comparisonTitle(row) + QStringLiteral(": ") + parts.join(QStringLiteral(" | "));
    }
    return lines.join(u'\n');
}

QString comparisonSummary(const mail::Comparison &comparison)
{
    const int count = comparison.differences();
    QStringList words{count == 0 ? ComparisonWords::tr("No differences")
                                 : ComparisonWords::tr("%Ln row(s) with differences", nullptr, count)};
    if (comparison.leftOut > 0)
        words << ComparisonWords::tr("%Ln stage(s) and note(s) not kept", nullptr, int(comparison.leftOut));
    if (comparison.isDamaged)
        words << ComparisonWords::tr("part of a record cannot be read");
    return words.join(QStringLiteral(" · "));
}

} // namespace glasspost::ui
