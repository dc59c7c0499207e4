#include "comparescenes.h"

#include "tests/support/comparisons.h"
#include "ui/compare/comparisonview.h"
#include "ui/compare/comparisonwindow.h"
#include "ui/message/deliverychooser.h"
#include "ui/message/deliverypane.h"
#include "ui/message/messagepane.h"
#include "ui/sessions/sessionsview.h"

#include <QListWidget>
#include <QTreeView>

using namespace glasspost;

namespace {

/// Last week's delivery and this one's: another server, which refuses a recipient and is slow at the end.
void shootPlanted(const Stage &stage)
{
    smtp::SessionTrace other = test::wholeTrace();
    other.host = "mx2.example.org";
    other.address = QHostAddress(QStringLiteral("192.0.2.2"));
    other.tls->summary = "TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384";
    other.tls->errors = {"certificate has expired"};
    test::stageIn(other, smtp::TraceStage::Hello).reply.lines.removeLast();
    test::stageIn(other, smtp::TraceStage::Rcpt).reply = test::never;
    other.stages.remove(test::placeOf(other, smtp::TraceStage::Auth));
    test::stageIn(other, smtp::TraceStage::EndOfData).to += 900'000;
    auto *window = new ui::ComparisonWindow(
        mail::compared(test::deliveryOf(test::wholeTrace()), test::deliveryOf(other)),
        QStringLiteral("Minutes of Thursday: attempt 1 with mx1.example.org"),
        QStringLiteral("Minutes of Thursday: attempt 2 with mx2.example.org"));
    window->resize(stage.size.boundedTo({1080, 640}));
    window->show();
    window->view()->goToDifference(1);
    shoot(stage, window, "compare-differences");
    window->view()->setOnlyDifferences(true);
    shoot(stage, window, "compare-only-differences");
    window->close();
}

/// The first one that is offered.
void shootChosen(const Stage &stage, Scene &scene)
{
    ui::MessagePane &pane = *scene.messages().pane();
    if (!await([&pane] { return pane.hasDeliveryRecord(); }))
        return;
    pane.delivery().compare();
    auto *chooser = pane.findChild<ui::DeliveryChooser *>();
    if (chooser == nullptr)
        return;
    auto *list = chooser->findChild<QListWidget *>();
    const auto offered = [list] {
        for (int i = 0; i < list->count(); ++i) {
            if (!list->item(i)->isHidden())
                return i;
        }
        return -1;
    };
    if (!await([offered] { return offered() >= 0; }))
        return;
    list->setCurrentRow(offered());
    shoot(stage, chooser, "compare-chooser");
    QTest::keyClick(list, Qt::Key_Return);
    const auto window = [&pane] { return pane.findChild<ui::ComparisonWindow *>(); };
    if (!await([window] { return window() != nullptr; }))
        return;
    shoot(stage, window(), "compare");
    window()->close();
}

void shootTwoSessions(const Stage &stage, Scene &scene)
{
    scene.area().go({ui::Place::Kind::Sessions, {}});
    auto *view = scene.window.findChild<ui::SessionsView *>();
    if (!await([view] { return view->list()->model()->rowCount() >= 2; }))
        return;
    QItemSelectionModel *selection = view->list()->selectionModel();
    for (const int row : {0, 1})
        selection->select(
            view->list()->model()->index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    shoot(stage, &scene.window, "sessions-two-selected");
    view->compareSelected();
    const auto window = [&scene] { return scene.area().findChild<ui::ComparisonWindow *>(); };
    if (!await([window] { return window() != nullptr; }))
        return;
    shoot(stage, window(), "compare-sessions");
    window()->close();
}

} // namespace

void shootComparisons(const Stage &stage, Scene &scene)
{
    shootPlanted(stage);
    shootChosen(stage, scene);
    shootTwoSessions(stage, scene);
}
