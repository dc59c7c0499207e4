// Tags in the window: given and taken by keys, by the menu and by name, to all that is selected, with a way
// back.
#include "tests/support/alicewindow.h"
#include "tests/support/awaited.h"
#include "ui/actions/actions.h"
#include "ui/actions/maintoolbar.h"
#include "ui/actions/searchfield.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/tagactions.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chip.h"

#include <QAction>
#include <QInputDialog>
#include <QMenu>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

class TestTagging : public QObject, private test::AliceWindow
{
    Q_OBJECT
private Q_SLOTS:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void keysGiveAndTake()
    {
        keep(2);
        page().list()->selectRow(0);
        QTest::keyClick(page().list(), Qt::Key_2);
        QTRY_COMPARE_WITH_TIMEOUT(tags(0), QStringList{QStringLiteral("Work")}, 20000);
        QTest::keyClick(page().list(), Qt::Key_1);
        QTRY_COMPARE_WITH_TIMEOUT(tags(0).size(), 2, 20000);
        QTest::keyClick(page().list(), Qt::Key_2);
        QTRY_COMPARE_WITH_TIMEOUT(tags(0), QStringList{QStringLiteral("Important")}, 20000);
        QVERIFY(tags(1).isEmpty());
        const QModelIndex first = page().list()->model()->index(0, MessageListModel::Who);
        QVERIFY(first.data(Qt::AccessibleTextRole).toString().contains(QLatin1String("tagged Important")));
    }

    void aNewTagHasAnyWords()
    {
        keep(1);
        page().list()->selectRow(0);
        QTest::keyClick(page().list(), Qt::Key_T);
        auto *dialog = m_window->findChild<QInputDialog *>();
        QVERIFY(dialog != nullptr);
        dialog->setTextValue(QStringLiteral("  Größe  7 & mehr "));
        dialog->accept();
        const QString tag = QStringLiteral("Größe 7 & mehr");
        QTRY_COMPARE_WITH_TIMEOUT(tags(0), QStringList{tag}, 20000);
        // It is the sixth now: after those that are always there.
        QTRY_COMPARE_WITH_TIMEOUT(part<TagActions>().names().value(5), tag, 20000);
        const QAction *offered = menu().value(5);
        QVERIFY(offered != nullptr && offered->isChecked());
        QCOMPARE(offered->text(), QStringLiteral("Größe 7 && mehr"));
        m_window->activateWindow();
        QTRY_VERIFY(m_window->isActiveWindow());
        QTest::keyClick(page().list(), Qt::Key_6);
        QTRY_VERIFY_WITH_TIMEOUT(tags(0).isEmpty(), 20000);
        QTRY_COMPARE_WITH_TIMEOUT(int(part<TagActions>().names().size()), 5, 20000);
    }

    void manyAtOnceWithOneWayBack()
    {
        keep(450);
        page().list()->setFocus();
        page().list()->selectRow(0);
        QTest::keyClick(page().list(), Qt::Key_3);
        QTRY_COMPARE_WITH_TIMEOUT(tags(0), QStringList{QStringLiteral("Personal")}, 20000);
        QTest::keyClick(page().list(), Qt::Key_A, Qt::ControlModifier);
        QTRY_COMPARE(page().selectedCount(), 450);
        menu().value(0)->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(tagged(QStringLiteral("important")), 450, 20000);
        QTRY_VERIFY(part<Actions>()[ActionId::Undo]->isEnabled());
        part<Actions>()[ActionId::Undo]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(tagged(QStringLiteral("important")), 0, 20000);
        QCOMPARE(tagged(QStringLiteral("personal")), 1);
    }

    void nothingSelectedNothingTagged()
    {
        keep(1);
        page().list()->clearSelection();
        QTRY_COMPARE(page().selectedCount(), 0);
        QVERIFY(!part<Actions>()[ActionId::NewTag]->isEnabled());
        for (const QAction *action : menu())
            QVERIFY(action->isSeparator() || !action->isEnabled());
    }

    void searchesByTag()
    {
        keep(3);
        page().list()->selectRow(1);
        QTest::keyClick(page().list(), Qt::Key_4);
        QTRY_COMPARE_WITH_TIMEOUT(tagged(QStringLiteral("to do")), 1, 20000);
        part<MainToolBar>().searchField()->setText(QStringLiteral("tag:\"to do\""));
        QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), 1, 20000);
        QCOMPARE(tags(0), QStringList{QStringLiteral("To do")});
    }

    /// In light and dark, and the same whenever the program runs.
    void colorsCanBeRead()
    {
        constexpr qreal enough = 4.5;
        QSet<QRgb> inks;
        for (const QPalette &palette : {lightPalette(), darkPalette()}) {
            for (int i = 0; i < 300; ++i) {
                const QString tag = QStringLiteral("tag %1").arg(i);
                const ChipColors colors = chipColors(palette, tag);
                QVERIFY2(contrast(colors.ink, colors.fill) >= enough, qPrintable(tag));
                QVERIFY2(contrast(colors.ink, palette.color(QPalette::Base)) >= enough, qPrintable(tag));
                inks.insert(colors.ink.rgb());
            }
        }
        QVERIFY(inks.size() > 100);
        QCOMPARE(chipColors(lightPalette(), QStringLiteral("Work")).ink,
            chipColors(lightPalette(), QStringLiteral("work")).ink);
    }

private:
    void keep(int count)
    {
        QList<mail::CarriedMessage> messages;
        for (int i = 0; i < count; ++i)
            messages.append(mail::CarriedMessage{"From: <a@example.org>\nSubject: one\n\ntext\n", {}});
        QVERIFY(test::awaited(m_system->mailboxes().keepMessages(inbox, messages)).has_value());
        QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), count, 20000);
        page().list()->setFocus();
    }
    [[nodiscard]] QStringList tags(int row) const
    {
        return page()
            .list()
            ->model()
            ->index(row, 0)
            .data(MessageListModel::RowRole)
            .value<mail::MessageRow>()
            .tags;
    }
    /// How many messages have that tag.
    [[nodiscard]] int tagged(const QString &tag) const
    {
        mail::RowQuery query;
        query.searchText = QStringLiteral("tag:\"%1\"").arg(tag);
        return test::awaited(m_system->mailboxes().rows(query)).value_or(mail::RowPage()).total;
    }
    /// What the menu of tags offers now.
    [[nodiscard]] QList<QAction *> menu() const
    {
        QMenu *tags = part<TagActions>().menuAction()->menu();
        tags->popup({});
        tags->close();
        return tags->actions();
    }
};

QTEST_MAIN(TestTagging)
#include "tst_tagging.moc"
