// Release in the main window: offered for captured mail alone; afterwards a bar leads to what is queued.
#include "tests/support/alicewindow.h"
#include "tests/support/awaited.h"
#include "ui/actions/actions.h"
#include "ui/centralarea.h"
#include "ui/mailbox/messagelist.h"
#include "ui/queue/queueview.h"
#include "ui/releasedialog.h"
#include "ui/widgets/inlinebar.h"

#include <QAction>
#include <QPushButton>
#include <QTreeWidget>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::ui;

class ReleaseActionTest : public QObject, private test::AliceWindow
{
    Q_OBJECT
private Q_SLOTS:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }
    void isNotForOnesOwnMail();
    void queuesWhatIsSelected();

private:
    [[nodiscard]] QAction *release() const { return part<Actions>()[ActionId::Release]; }
    void selectFirst();
};

void ReleaseActionTest::selectFirst()
{
    QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), 1, 20000);
    page().list()->selectRow(0);
    QTRY_COMPARE(page().selectedCount(), 1);
}

void ReleaseActionTest::isNotForOnesOwnMail()
{
    QVERIFY(!release()->isEnabled());
    QVERIFY(test::awaited(m_system->mailboxes().keepMessages(inbox, {{"Subject: x\n\ntext\n", {}}})));
    selectFirst();
    QVERIFY(!release()->isEnabled());
}

void ReleaseActionTest::queuesWhatIsSelected()
{
    m_system->outbox().setReachability(mail::Reachability::Offline); // nothing of it leaves this test
    const mail::FolderId captured{QStringLiteral("captured"), QStringLiteral("")};
    smtp::Envelope envelope;
    envelope.reversePath = {"shop", "a.test"};
    envelope.recipients = {{{"ann", "b.test"}, {}, {}}, {{"bob", "b.test"}, {}, {}}};
    QVERIFY(test::awaited(m_system->mailboxes().capture(captured, envelope, "Subject: Order\n\ntext\n")));
    const auto isThere = [&] { // once the tree has the folder
        part<CentralArea>().go({Place::Kind::Folder, captured});
        return page().folder() == captured;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isThere(), 20000);
    selectFirst();
    QTRY_VERIFY(release()->isEnabled());
    release()->trigger();
    QTRY_VERIFY(m_window->findChild<ReleaseDialog *>() != nullptr);
    auto *dialog = m_window->findChild<ReleaseDialog *>();
    QTRY_VERIFY(dialog->releaseButton()->isEnabled());
    QCOMPARE(dialog->list()->topLevelItemCount(), 2);
    dialog->releaseButton()->click();
    QTRY_VERIFY(page().bar()->words().contains(QStringLiteral("queued for release")));
    const auto entries = test::awaited(m_system->outbox().entries());
    QVERIFY(entries);
    QCOMPARE(entries->size(), 1);
    QCOMPARE(entries->first().recipients.size(), 2);
    QVERIFY(!entries->first().held);
    const QList<QPushButton *> buttons = page().bar()->findChildren<QPushButton *>();
    const auto show = std::find_if(buttons.cbegin(), buttons.cend(),
        [](const QPushButton *one) { return one->text() == QLatin1String("Show in Outgoing"); });
    QVERIFY(show != buttons.cend());
    (*show)->click();
    QTRY_VERIFY(part<QueueView>().isVisible());
}

QTEST_MAIN(ReleaseActionTest)
#include "tst_releaseaction.moc"
