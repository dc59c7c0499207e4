#include "mail/journey/stagedifferences.h"

#include "mail/journey/tracejson.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

QByteArray wordOf(const QByteArray &command, int number)
{
    return command.simplified().split(' ').value(number).toUpper();
}

/// "bob@example.org" of "RCPT TO:<bob@example.org> NOTIFY=NEVER".
QByteArray pathIn(const QByteArray &command)
{
    const qsizetype from = command.indexOf('<');
    const qsizetype to = command.indexOf('>', from);
    return from < 0 || to < 0 ? command : command.mid(from + 1, to - from - 1);
}

bool isOf(const ComparisonRow &row, smtp::TraceStage stage)
{
    return row.left.stage.stage == stage;
}

void addCommandDifference(ComparisonRow &row)
{
    const QByteArray &left = row.left.stage.command;
    const QByteArray &right = row.right.stage.command;
    if (left == right)
        return;
    if (isOf(row, smtp::TraceStage::Rcpt) && pathIn(left).toLower() != pathIn(right).toLower())
        row.differences.append(Difference::Recipient);
    else if (isOf(row, smtp::TraceStage::Auth) && wordOf(left, 1) != wordOf(right, 1))
        row.differences.append(Difference::Mechanism);
    else if (!isOf(row, smtp::TraceStage::Body) || wordOf(left, 0) != wordOf(right, 0))
        row.differences.append(Difference::Command); // the size in BDAT is that of the message
}

/// The lines of an EHLO reply behind the first, without case and in whatever order.
QList<QByteArray> extensionsIn(const smtp::Reply &reply)
{
    QList<QByteArray> extensions;
    for (const QByteArray &line : reply.lines.mid(1))
        extensions.append(line.simplified().toUpper());
    std::sort(extensions.begin(), extensions.end());
    return extensions;
}

QList<QByteArray> without(QList<QByteArray> lines, const QList<QByteArray> &others)
{
    lines.removeIf([&others](const QByteArray &line) { return others.contains(line); });
    return lines;
}

void addHelloDifference(ComparisonRow &row)
{
    const smtp::Reply &left = row.left.stage.reply;
    const smtp::Reply &right = row.right.stage.reply;
    row.left.extensions = without(extensionsIn(left), extensionsIn(right));
    row.right.extensions = without(extensionsIn(right), extensionsIn(left));
    if (!row.left.extensions.isEmpty() || !row.right.extensions.isEmpty())
        row.differences.append(Difference::Extension);
    if (left.lines.value(0) != right.lines.value(0))
        row.differences.append(Difference::ReplyText);
}

void addReplyDifference(ComparisonRow &row)
{
    const smtp::Reply &left = row.left.stage.reply;
    const smtp::Reply &right = row.right.stage.reply;
    if (left.code != right.code || !(left.enhanced == right.enhanced)) {
        const bool isOneRefused
            = !left.isNull() && !right.isNull() && left.isPositive() != right.isPositive();
        row.differences.append(
            isOf(row, smtp::TraceStage::Rcpt) && isOneRefused ? Difference::Refusal : Difference::ReplyCode);
    } else if (isOf(row, smtp::TraceStage::Hello) && left.isPositive()) {
        addHelloDifference(row);
    } else if (left.lines != right.lines) {
        row.differences.append(Difference::ReplyText);
    }
}

/// What happened, without what is another way to say what the facts and times say already. Servers give the
/// addresses of a name in any order.
QList<QByteArray> happenedIn(const smtp::TracedStage &stage)
{
    QList<QByteArray> happened;
    for (const smtp::TraceNote &note : stage.notes) {
        if (note.text.startsWith("connect")) // "connecting to 192.0.2.1:25", "connected in 20 ms"
            continue;
        QByteArrayList words = note.text.split(' ');
        for (QByteArray &word : words) {
            if (word.endsWith(','))
                word.chop(1);
        }
        std::sort(words.begin(), words.end());
        happened.append(words.join(' '));
    }
    std::sort(happened.begin(), happened.end());
    return happened;
}

/// The facts say what a handshake came to.
bool hasOtherEvents(const ComparisonRow &row)
{
    return !isOf(row, smtp::TraceStage::Handshake)
        && happenedIn(row.left.stage) != happenedIn(row.right.stage);
}

} // namespace

QByteArray meaningOf(const smtp::TracedStage &stage)
{
    QByteArray meaning = stageName(stage.stage) + ' ' + wordOf(stage.command, 0);
    if (stage.stage == smtp::TraceStage::Rcpt)
        meaning += ' ' + pathIn(stage.command).toLower();
    return meaning;
}

void addStageDifferences(ComparisonRow &row)
{
    addCommandDifference(row);
    addReplyDifference(row);
    if (hasOtherEvents(row))
        row.differences.append(Difference::Event);
    if (row.left.stage.octets != row.right.stage.octets)
        row.differences.append(Difference::Octets);
    if (isMuchSlower(row.left.took(), row.right.took()) || isMuchSlower(row.right.took(), row.left.took()))
        row.differences.append(Difference::Time);
}

} // namespace glasspost::mail
