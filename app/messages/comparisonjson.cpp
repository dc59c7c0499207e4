#include "app/messages/comparisonjson.h"

#include "app/console/jsonvalues.h"
#include "mail/journey/tracejson.h"
#include "mail/system/comparedsessions.h"
#include "ui/message/deliveryattempts.h"

#include <QJsonArray>

#include <optional>

namespace glasspost::app {

namespace {

QJsonArray namesOf(const QList<mail::Difference> &differences)
{
    QJsonArray names;
    for (const mail::Difference difference : differences)
        names += QString::fromLatin1(mail::differenceName(difference));
    return names;
}

QJsonObject stageSide(const mail::ComparedCell &cell)
{
    QJsonObject object{{QStringLiteral("session"), QString::fromUtf8(cell.sessionId)},
        {QStringLiteral("took"), double(cell.took()) / 1000}};
    const smtp::TracedStage &stage = cell.stage;
    if (!stage.command.isEmpty())
        object[QStringLiteral("command")] = QString::fromUtf8(stage.command);
    if (!stage.reply.isNull())
        object[QStringLiteral("reply")] = QString::fromUtf8(stage.reply.toBytes());
    if (stage.octets > 0)
        object[QStringLiteral("octets")] = stage.octets;
    const auto add = [&object](const QString &name, const QJsonArray &lines) {
        if (!lines.isEmpty())
            object[name] = lines;
    };
    QJsonArray extensions;
    for (const QByteArray &line : cell.extensions)
        extensions += QString::fromUtf8(line);
    add(QStringLiteral("extensions"), extensions);
    QJsonArray notes;
    for (const smtp::TraceNote &note : stage.notes)
        notes += QString::fromUtf8(note.text);
    add(QStringLiteral("notes"), notes);
    return object;
}

QJsonObject sideJson(const mail::ComparisonRow &row, const mail::ComparedCell &cell)
{
    switch (row.kind) {
    case mail::ComparisonRow::Kind::Session:
        return {{QStringLiteral("session"), QString::fromUtf8(cell.sessionId)},
            {QStringLiteral("host"), QString::fromUtf8(cell.value)},
            {QStringLiteral("at"), isoTime(cell.from)}, {QStringLiteral("took"), double(cell.took()) / 1000}};
    case mail::ComparisonRow::Kind::Fact:
        return cell.isKnown ? QJsonObject{{QStringLiteral("value"), QString::fromUtf8(cell.value)}}
                            : QJsonObject();
    case mail::ComparisonRow::Kind::Stage:
        break;
    }
    return stageSide(cell);
}

QJsonObject rowJson(const mail::ComparisonRow &row)
{
    QJsonObject object{{QStringLiteral("differences"), namesOf(row.differences)}};
    switch (row.kind) {
    case mail::ComparisonRow::Kind::Session:
        object[QStringLiteral("kind")] = QStringLiteral("session");
        break;
    case mail::ComparisonRow::Kind::Fact:
        object[QStringLiteral("kind")] = QStringLiteral("fact");
        object[QStringLiteral("name")] = QString::fromLatin1(mail::differenceName(row.fact));
        break;
    case mail::ComparisonRow::Kind::Stage:
        object[QStringLiteral("kind")] = QStringLiteral("stage");
        object[QStringLiteral("name")]
            = QString::fromLatin1(mail::stageName((row.left.isThere ? row.left : row.right).stage.stage));
        break;
    }
    if (row.left.isThere)
        object[QStringLiteral("left")] = sideJson(row, row.left);
    if (row.right.isThere)
        object[QStringLiteral("right")] = sideJson(row, row.right);
    return object;
}

/// Of all entries by which it left the attempt that began last.
std::optional<mail::ComparedDelivery> lastAttempt(const MessageWay &way)
{
    std::optional<ui::DeliveryAttempt> last;
    for (const mail::Journey &journey : way.journeys) {
        for (const ui::DeliveryAttempt &attempt : ui::attemptsIn(journey)) {
            if (!last || attempt.at > last->at)
                last = attempt;
        }
    }
    return last ? std::optional(last->delivery) : std::nullopt;
}

} // namespace

mail::Task<mail::ComparedDelivery> comparedDelivery(
    mail::MailSystem &mail, const QByteArray &name, const MessageWay &way, QObject *context)
{
    const bool isSession = !way.row && sessionsOn(way).contains(name);
    if (!isSession) {
        if (const auto attempt = lastAttempt(way))
            return mail::Result<mail::ComparedDelivery>(*attempt);
    }
    const QByteArray session = !isSession && way.arrival ? way.arrival->id : name;
    return mail::comparedSession(mail.outbox(), mail.sessions(), session, context)
        .andThen(context, [](const mail::ComparedSession &one) {
            return mail::ComparedDelivery{{one}, false};
        });
}

QJsonObject comparisonJson(const mail::Comparison &comparison)
{
    QJsonArray rows;
    for (const mail::ComparisonRow &row : comparison.rows)
        rows += rowJson(row);
    return {{QStringLiteral("differences"), comparison.differences()}, {QStringLiteral("rows"), rows},
        {QStringLiteral("leftOut"), comparison.leftOut}, {QStringLiteral("damaged"), comparison.isDamaged}};
}

} // namespace glasspost::app
