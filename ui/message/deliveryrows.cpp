#include "ui/message/deliveryrows.h"

#include "mail/journey/arrivaltrace.h"

#include <QCoreApplication>

#include <algorithm>

namespace glasspost::ui {

namespace {

struct DeliveryRowWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::DeliveryRows)
};

/// Whether the reply that took the message over came to us in that row.
bool isClientsEnd(const WaterfallRow &row, const QByteArray &reply)
{
    return !reply.isEmpty() && row.kind == WaterfallRow::Kind::Stage && row.role == smtp::SessionRole::Client
        && mail::endsMessage(row.stage) && row.stage.reply.toBytes() == reply;
}

QByteArray replyIn(const smtp::SessionTrace &received)
{
    const smtp::Reply reply = mail::takenOverWith(received);
    return reply.isNull() ? QByteArray() : reply.toBytes();
}

qsizetype headingBehind(const QList<WaterfallRow> &rows, qsizetype place)
{
    const auto next = std::find_if(rows.begin() + place + 1, rows.end(),
        [](const WaterfallRow &row) { return row.kind == WaterfallRow::Kind::Attempt; });
    return next - rows.begin();
}

/// Puts each below the attempt whose other end it is, and takes it out of what is received.
QList<WaterfallRow> withListenersEnds(QList<WaterfallRow> rows, QList<smtp::SessionTrace> &received)
{
    received.removeIf([&rows](const smtp::SessionTrace &trace) {
        const auto client = std::find_if(rows.begin(), rows.end(),
            [reply = replyIn(trace)](const WaterfallRow &row) { return isClientsEnd(row, reply); });
        if (client == rows.end())
            return false;
        const qsizetype place = headingBehind(rows, client - rows.begin());
        rows = rows.first(place) + arrivalRows(trace) + rows.sliced(place);
        return true;
    });
    return rows;
}

/// Of the attempts that one of these was the other end of.
QList<WaterfallRow> senderRows(const mail::Journey &sender, const QList<smtp::SessionTrace> &received)
{
    const auto isReceived = [&received](const WaterfallRow &row) {
        return std::any_of(received.begin(), received.end(),
            [&row](const smtp::SessionTrace &trace) { return isClientsEnd(row, replyIn(trace)); });
    };
    const QList<WaterfallRow> rows = waterfallOf(sender);
    QList<WaterfallRow> own;
    for (qsizetype begin = 0; begin < rows.size();) {
        const qsizetype end = headingBehind(rows, begin);
        QList<WaterfallRow> attempt = rows.mid(begin, end - begin);
        begin = end;
        if (std::none_of(attempt.cbegin(), attempt.cend(), isReceived))
            continue;
        attempt.first().label
            = DeliveryRowWords::tr("Sent from here, attempt %1").arg(attempt.first().attempt);
        own += attempt;
    }
    return own;
}

} // namespace

DeliveryRows deliveryRows(const QList<QList<WaterfallRow>> &left, const mail::DeliveryEnds &ends)
{
    DeliveryRows all;
    QList<smtp::SessionTrace> received = ends.received;
    for (const QList<WaterfallRow> &rows : left)
        all.left.append(withListenersEnds(rows, received));
    QList<WaterfallRow> sent;
    for (const mail::Journey &sender : ends.senders)
        sent += senderRows(sender, received);
    sent = withListenersEnds(sent, received);
    for (const smtp::SessionTrace &trace : std::as_const(received)) // of which the client was elsewhere
        all.came += arrivalRows(trace);
    all.came += sent;
    return all;
}

} // namespace glasspost::ui
