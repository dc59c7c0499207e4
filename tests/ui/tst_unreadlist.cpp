// A list of unread messages: what one reads stays until one goes on, and is read whatever becomes of it.
#include "tests/support/awaited.h"
#include "tests/support/runningmail.h"
#include "ui/actions/maintoolbar.h"
#include "ui/actions/searchfield.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mailbox/quickfilters.h"
#include "ui/mainwindow.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

#include <algorithm>
#include <memory>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

const mail::FolderId inbox{QStringLiteral("alice"), QStringLiteral("")};

} // namespace

class TestUnreadList : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_system = std::make_unique<mail::MailSystem>(m_folder->path());
        m_window = std::make_unique<MainWindow>(*m_system);
        m_window->resize(1200, 800);
        m_window->show();
        mail::StartOptions options;
        options.adjust = [](mail::Settings settings) {
            settings.users = {{inbox.user, QStringLiteral("Alice")}};
            settings.identities
                = {{QStringLiteral("Alice"), QStringLiteral("alice@example.test"), inbox.user}};
            settings.listener.enabled = false;
            return settings;
        };
        QVERIFY(test::start(*m_system, options));
        QTRY_COMPARE_WITH_TIMEOUT(page().folder().user, inbox.user, 20000);
    }
    void cleanup()
    {
        m_window.reset();
        m_system.reset();
        m_folder.reset();
    }

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
    template <typename Part> [[nodiscard]] Part &part() const
    {
        auto *found = m_window->findChild<Part *>();
        Q_ASSERT(found != nullptr);
        return *found;
    }
    [[nodiscard]] MessagesPage &page() const { return part<MessagesPage>(); }
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
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestUnreadList)
#include "tst_unreadlist.moc"
