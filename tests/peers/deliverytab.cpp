// What the window's Delivery tab tells of messages, for a test that compares it: deliverytab DATA-FOLDER
// ID... writes a JSON object a message, in their order. "stations" has the texts of each station, its state
// behind them; "rows" those that the waterfall's rows say under the pointer.
#include "tests/support/awaited.h"
#include "tests/support/runningmail.h"
#include "ui/message/deliverypane.h"
#include "ui/message/journey.h"
#include "ui/message/messagepane.h"
#include "ui/message/waterfallview.h"
#include "ui/widgets/chip.h"
#include "ui/words/plurals.h"

#include <QApplication>
#include <QHelpEvent>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QToolTip>

#include <cstdio>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

/// Those of the labels that lie in one widget, and of the chip there, for each such widget in their order.
QJsonArray stationsOf(const DeliveryPane &pane)
{
    QList<QWidget *> stations;
    for (const QLabel *label : pane.findChildren<QLabel *>()) {
        if (!stations.contains(label->parentWidget()))
            stations.append(label->parentWidget());
    }
    QJsonArray told;
    for (const QWidget *station : std::as_const(stations)) {
        QJsonArray texts;
        for (const QLabel *label : station->findChildren<QLabel *>(QString(), Qt::FindDirectChildrenOnly))
            texts += label->text();
        for (const Chip *chip : station->findChildren<Chip *>(QString(), Qt::FindDirectChildrenOnly))
            texts += chip->text();
        told += texts;
    }
    return told;
}

QJsonArray rowsOf(const DeliveryPane &pane)
{
    QJsonArray told;
    auto *view = pane.findChild<WaterfallView *>();
    int last = -1;
    for (int y = 0; view != nullptr && y < view->sizeHint().height(); ++y) {
        const int row = view->rowAt(y);
        if (row <= last)
            continue;
        last = row;
        const QPoint place(1, y);
        QHelpEvent help(QEvent::ToolTip, place, view->mapToGlobal(place));
        QCoreApplication::sendEvent(view, &help);
        QJsonArray lines;
        for (const QString &line : QToolTip::text().split(u'\n'))
            lines += line;
        told += lines;
    }
    return told;
}

mail::Result<mail::MessageView> messageNamed(mail::MailSystem &system, const QByteArray &id)
{
    const auto settled
        = test::awaited(system.mailboxes().settle()); // the index may be younger than the messages
    if (!settled)
        return tl::unexpected(settled.error());
    const auto rows = test::awaited(system.lookups().named(id));
    if (!rows || rows->isEmpty())
        return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QString::fromUtf8(id), {}});
    return test::awaited(system.mailboxes().message(rows->first().id));
}

bool tell(mail::MailSystem &system, const QByteArray &id)
{
    const auto message = messageNamed(system, id);
    if (!message)
        return false;
    MessagePane pane(system.mailboxes(), system.outbox(), system.sessions(), system.settings());
    pane.resize(1000, 800);
    pane.setVisible(true);
    pane.show(*message);
    pane.turnTo(MessagePane::View::Delivery);
    // The pane asked for the same before.
    const auto record = test::awaited(
        system.outbox().journeys({message->queueId, message->messageIdField, message->sessionId}));
    if (!record)
        return false;
    const bool hasReport = !record->isEmpty() || !message->sessionId.isEmpty();
    const auto isTold = [&] {
        return pane.hasDeliveryRecord() == !record->isEmpty() && pane.hasDeliveryReport() == hasReport;
    };
    if (!QTest::qWaitFor(isTold, 20000))
        return false;
    const QJsonObject told{{QStringLiteral("id"), QString::fromUtf8(id)},
        {QStringLiteral("stations"), stationsOf(pane.delivery())},
        {QStringLiteral("rows"), rowsOf(pane.delivery())}};
    std::puts(QJsonDocument(told).toJson(QJsonDocument::Compact).constData());
    return true;
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    EnglishPlurals english;
    QCoreApplication::installTranslator(&english);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2)
        return 2;
    mail::MailSystem system(arguments[1]);
    if (!test::start(system))
        return 1;
    for (const QString &id : arguments.mid(2)) {
        if (!tell(system, id.toUtf8())) {
            std::fprintf(stderr, "%s: the window does not show it\n", qUtf8Printable(id));
            return 1;
        }
    }
    return 0;
}
