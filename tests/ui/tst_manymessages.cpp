// All messages of a list of any length in the real window, over a real index that may be made anew meanwhile.
#include "tests/support/alicewindow.h"
#include "tests/support/awaited.h"
#include "ui/actions/actions.h"
#include "ui/mailbox/messagechanges.h"
#include "ui/mailbox/messagelist.h"
#include "ui/message/messagepane.h"
#include "ui/widgets/inlinebar.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDir>
#include <QPushButton>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

class TestManyMessages : public QObject, private test::AliceWindow
{
    Q_OBJECT
private Q_SLOTS:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void undoAfterARebuiltIndex_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("isUndone");
        QTest::newRow("F32 some, by their names") << 450 << true;
        QTest::newRow("F32 many, by their numbers") << 1100 << false;
    }
    void undoAfterARebuiltIndex()
    {
        QFETCH(const int, count);
        QFETCH(const bool, isUndone);
        keep(count);
        const QAbstractItemModelTester tester(page().list()->model());
        page().list()->selectAll();
        QTRY_COMPARE(page().selectedCount(), count);
        part<Actions>()[ActionId::Delete]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(total(trash), count, 30000);
        const QDir files(m_folder->filePath(QStringLiteral("mail/alice/.Trash/cur")));
        QTRY_COMPARE_WITH_TIMEOUT(int(files.entryList(QDir::Files).size()), count, 30000);
        QTRY_VERIFY(page().changes().canUndo());
        breakIndex();
        part<Actions>()[ActionId::Undo]->trigger();
        if (isUndone) {
            QTRY_COMPARE_WITH_TIMEOUT(total(inbox), count, 30000);
            QCOMPARE(total(trash), 0);
            return;
        }
        QTRY_VERIFY_WITH_TIMEOUT(
            page().bar()->words().contains(QStringLiteral("no longer be undone")), 20000);
        QVERIFY(!page().changes().canUndo());
        QTRY_COMPARE_WITH_TIMEOUT(total(trash), count, 30000);
        QCOMPARE(total(inbox), 0);
        // Another undo has the new index's numbers.
        keep(count);
        page().list()->selectAll();
        QTRY_COMPARE(page().selectedCount(), count);
        part<Actions>()[ActionId::Archive]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(total({inbox.user, QStringLiteral("Archive")}), count, 30000);
        QTRY_VERIFY(page().changes().canUndo());
        part<Actions>()[ActionId::Undo]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(total(inbox), count, 30000);
    }

    // A search finds what lies anywhere: where, is known once they have names.
    void whatAllLiesInTrashIsAskedFor()
    {
        constexpr int count = 450;
        keep(count);
        page().list()->selectAll();
        part<Actions>()[ActionId::Delete]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(total(trash), count, 30000);
        page().search(QStringLiteral("subject:bulk"));
        QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), count, 20000);
        page().list()->selectAll();
        QTRY_COMPARE(page().selectedCount(), count);
        part<Actions>()[ActionId::Delete]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(page().bar()->words().contains(QStringLiteral("permanently?")), 20000);
        QCOMPARE(total(trash), count);
        for (QPushButton *button : page().bar()->findChildren<QPushButton *>()) {
            if (button->text().contains(QStringLiteral("Delete permanently")))
                button->click();
        }
        QTRY_COMPARE_WITH_TIMEOUT(total(trash), 0, 30000);
    }

    // What is passed on the way is neither read nor laid out.
    void leafingOpensWhereItEnds()
    {
        keep(450);
        MessageList &list = *page().list();
        const auto isOpen = [this, &list] {
            return !list.currentMessage().isNull() && page().message().id == list.currentMessage();
        };
        list.setFocus();
        list.selectRow(0);
        QTRY_VERIFY_WITH_TIMEOUT(isOpen(), 20000);
        const QSignalSpy shown(page().pane(), &MessagePane::shown);
        constexpr int keys = 10;
        for (int key = 0; key < keys; ++key) {
            const mail::MessageId before = list.currentMessage();
            QTest::keyClick(&list, Qt::Key_PageDown);
            QTRY_VERIFY_WITH_TIMEOUT(list.currentMessage() != before, 20000);
            // The reader does one thing after another: whatever was asked for before has come, too.
            QVERIFY(test::awaited(m_system->mailboxes().message(list.currentMessage())).has_value());
        }
        QTRY_VERIFY_WITH_TIMEOUT(isOpen(), 20000);
        QVERIFY2(shown.size() < keys, qPrintable(QString::number(shown.size())));
        // A step is not leafing.
        QTest::keyClick(&list, Qt::Key_Up);
        QVERIFY(!list.isLeafing());
        QTRY_VERIFY_WITH_TIMEOUT(isOpen(), 20000);
    }

private:
    const mail::FolderId trash{QStringLiteral("alice"), QStringLiteral("Trash")};

    void keep(int count)
    {
        QList<mail::CarriedMessage> messages;
        for (int i = 0; i < count; ++i)
            messages.append(mail::CarriedMessage{"From: <a@example.org>\nSubject: bulk\n\ntext\n", {}});
        QVERIFY(test::awaited(m_system->mailboxes().keepMessages(inbox, messages)).has_value());
        QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), count, 30000);
    }
    [[nodiscard]] int total(const mail::FolderId &folder) const
    {
        mail::RowQuery query;
        query.folder = folder;
        return test::awaited(m_system->mailboxes().rows(query)).value_or(mail::RowPage()).total;
    }
    /// As somebody does who edits it: it is made anew as soon as it is looked at.
    void breakIndex() const
    {
        const QString name = QStringLiteral("broken");
        bool isBroken = false;
        {
            QSqlDatabase index = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
            index.setDatabaseName(m_folder->filePath(QStringLiteral("index.sqlite")));
            isBroken = index.open() && QSqlQuery(index).exec(QStringLiteral("DROP TABLE messages"));
        }
        QSqlDatabase::removeDatabase(name);
        QVERIFY(isBroken);
    }
};

QTEST_MAIN(TestManyMessages)
#include "tst_manymessages.moc"
