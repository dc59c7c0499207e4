// A list of unread messages: what one reads stays until one goes on, and is read whatever becomes of it.
#include "tests/support/alicewindow.h"
#include "tests/support/awaited.h"
#include "ui/actions/maintoolbar.h"
#include "ui/actions/searchfield.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/quickfilters.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::ui;

class TestUnreadList : public QObject, private test::AliceWindow
{
    Q_OBJECT
private Q_SLOTS:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void whatIsReadStaysUntilOneGoesOn_data()
    {
        QTest::addColumn<QString>("search");
        QTest::newRow("the button") << QString();
        QTest::newRow("a search") << QStringLiteral("is:unread ");
        QTest::newRow("what is not read") << QStringLiteral("-is:read ");
    }
    /// Else the next one would be opened in its place, read as well, and so on to the last.
    void whatIsReadStaysUntilOneGoesOn()
    {
        QFETCH(QString, search);
        readFirstOfThree(search);
        const QString first = currentSubject();
        QVERIFY(test::awaited(m_system->mailboxes().settle()).has_value());
        const auto stored = test::awaited(
            m_system->mailboxes().rows(qobject_cast<MessageListModel *>(page().list()->model())->query()));
        QVERIFY(stored.has_value());
        QCOMPARE(stored->total, 3);
        QCOMPARE(currentSubject(), first);
        QTest::keyClick(page().list(), Qt::Key_J);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, 20000);
        const QAbstractItemModel *model = page().list()->model();
        for (int row = 0; row < model->rowCount(); ++row)
            QVERIFY(model->index(row, MessageListModel::Subject).data().toString() != first);
        QVERIFY(!currentSubject().isEmpty());
    }

    void whatIsReadIsSeenWhereverItGoes_data()
    {
        QTest::addColumn<bool>("isMoved");
        QTest::newRow("the window closes") << false;
        QTest::newRow("moved") << true;
    }
    void whatIsReadIsSeenWhereverItGoes()
    {
        QFETCH(bool, isMoved);
        readFirstOfThree({});
        mail::RowQuery query;
        query.folder = inbox;
        query.searchText = QStringLiteral("is:read ");
        if (isMoved) {
            query.folder.folder = QStringLiteral("Trash");
            page().removeSelected();
        } else {
            m_window.reset();
        }
        const auto seen = [&] {
            const auto page = test::awaited(m_system->mailboxes().rows(query));
            return page
                && std::any_of(page->rows.cbegin(), page->rows.cend(),
                    [&](const mail::MessageRow &row) { return row.id.folder == query.folder; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(seen(), 20000);
    }

private:
    [[nodiscard]] int rows() const { return page().list()->model()->rowCount(); }

    /// Of three that nobody has read, in a list of such: by the search, or by the button.
    void readFirstOfThree(const QString &search)
    {
        QList<mail::CarriedMessage> three;
        for (const char *subject : {"one", "two", "three"})
            three.append({"From: a@example.org\nSubject: " + QByteArray(subject) + "\n\ntext\n", {}});
        QVERIFY(test::awaited(m_system->mailboxes().keepMessages(inbox, three)).has_value());
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 3, 20000);
        if (search.isEmpty()) {
            page().showFilters(true);
            QSignalSpy loaded(
                qobject_cast<MessageListModel *>(page().list()->model()), &MessageListModel::loaded);
            for (auto *button : page().filters()->findChild<QToolBar *>()->findChildren<QToolButton *>()) {
                if (button->text() == QLatin1String("Unread"))
                    button->click();
            }
            QVERIFY(!page().filters()->terms().isEmpty());
            QTRY_VERIFY_WITH_TIMEOUT(!loaded.isEmpty(), 20000);
        } else {
            part<MainToolBar>().searchField()->setText(search);
            QTRY_VERIFY(page().isSearching());
            QTRY_COMPARE_WITH_TIMEOUT(rows(), 3, 20000);
        }
        page().list()->setFocus();
        page().list()->selectRow(0);
        const auto *seen = page().findChild<QTimer *>(QStringLiteral("seen"));
        QTRY_VERIFY_WITH_TIMEOUT(seen->isActive(), 20000);
        QTRY_VERIFY_WITH_TIMEOUT(!seen->isActive(), 20000);
    }
    [[nodiscard]] QString currentSubject() const
    {
        const std::optional<mail::MessageRow> row = page().list()->currentRow();
        return row ? row->subject : QString();
    }
};

QTEST_MAIN(TestUnreadList)
#include "tst_unreadlist.moc"
