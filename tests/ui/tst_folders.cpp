// Folders in folders: how the tree shows them, and that they are made, renamed, moved and deleted as one.
#include "tests/support/alicewindow.h"
#include "tests/support/awaited.h"
#include "ui/actions/actions.h"
#include "ui/actions/mainmenus.h"
#include "ui/centralarea.h"
#include "ui/mailbox/folderactions.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/foldertext.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

/// Each of the user's places as the tree has it: indented by its depth.
QStringList drawn(const PlacesModel &model, const QString &user)
{
    QStringList lines;
    for (const mail::FolderId &folder : model.foldersOf(user)) {
        const QModelIndex index = model.indexOf({Place::Kind::Folder, folder});
        lines += QString(index.data(PlacesModel::DepthRole).toInt(), u'>') + index.data().toString();
    }
    return lines;
}

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(u' ');
}

} // namespace

class TestFolders : public QObject, private test::AliceWindow
{
    Q_OBJECT
private:
    [[nodiscard]] PlacesModel &places() const { return part<CentralArea>().places(); }
    [[nodiscard]] QStringList own() const
    {
        QStringList names;
        for (const mail::FolderId &folder : places().foldersOf(inbox.user)) {
            if (!isStandardFolder(folder))
                names += folder.folder + u'=' + QString::number(places().info(folder).total);
        }
        return names;
    }
    /// Folders with one message each, but for the first.
    void makeFolders(const QStringList &names)
    {
        for (const QString &name : names) {
            const mail::FolderId folder{inbox.user, name};
            QVERIFY(test::awaited(m_system->mailboxes().createFolder(folder)).has_value());
            const mail::CarriedMessage message{
                "From: a@b.test\nSubject: in " + name.toUtf8() + "\n\nx\n", {}};
            if (name != names.first())
                QVERIFY(test::awaited(m_system->mailboxes().keepMessages(folder, {message})).has_value());
        }
        QTRY_VERIFY_WITH_TIMEOUT(
            own().size() == names.size() && own().filter(QStringLiteral("=1")).size() == names.size() - 1,
            20000);
    }
    void answerDialog(const QString &name)
    {
        QInputDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = m_window->findChild<QInputDialog *>()) != nullptr && dialog->isVisible());
        dialog->setTextValue(name);
        dialog->accept();
        QTRY_VERIFY(m_window->findChild<QInputDialog *>() == nullptr);
    }
    [[nodiscard]] mail::FolderId named(const char *name) const { return {inbox.user, QLatin1String(name)}; }

private Q_SLOTS:
    void cleanup() { closeWindow(); }

    void theTreeShowsWhatLiesInWhat()
    {
        PlacesModel model;
        const QAbstractItemModelTester tester(&model);
        const QString user = QStringLiteral("alice");
        const auto folders = [&user](const char *names) {
            QList<mail::FolderInfo> list{{{user, QStringLiteral("")}, 1, 0}};
            for (const QString &name : words(names))
                list.append({{user, name}, 1, 0});
            return list;
        };
        model.setFolders(
            folders("Lists.qt.deep Zebra Lists Archive.2025 Lists.qt Lists-old Archive Other.x"));
        QCOMPARE(drawn(model, user), words("Inbox Archive >2025 Lists >qt >>deep Lists-old Other.x Zebra"));
        // What lies in none that is there says where it would.
        model.setFolders(folders("Lists.qt.deep Zebra Lists Archive.2025"));
        QCOMPARE(drawn(model, user), words("Inbox Archive.2025 Lists >qt.deep Zebra"));
        model.updateFolders({{{user, QStringLiteral("Lists.qt")}, 1, 0}});
        QCOMPARE(drawn(model, user), words("Inbox Archive.2025 Lists >qt >>deep Zebra"));
    }

    void namesOfLevels()
    {
        QCOMPARE(parentFolder(QStringLiteral("a.b.c")), QStringLiteral("a.b"));
        QVERIFY(parentFolder(QStringLiteral("a")).isEmpty());
        QCOMPARE(leafFolder(QStringLiteral("a.b.c")), QStringLiteral("c"));
        QCOMPARE(leafFolder(QStringLiteral("a")), QStringLiteral("a"));
        QVERIFY(liesIn(QStringLiteral("a.b"), QStringLiteral("a")));
        QVERIFY(!liesIn(QStringLiteral("ab"), QStringLiteral("a")));
        QVERIFY(!liesIn(QStringLiteral("a"), QStringLiteral("a")));
        QVERIFY(!liesIn(QStringLiteral("a"), QString()));
        QCOMPARE(folderIn(QStringLiteral("a"), QStringLiteral(" b/c ")), QStringLiteral("a.b.c"));
        QCOMPARE(folderIn({}, QStringLiteral("b")), QStringLiteral("b"));
        QVERIFY(folderIn(QStringLiteral("a"), QStringLiteral(" ")).isEmpty());
    }

    void changesAllThatLiesInIt_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QStringList>("then");
        QTest::addColumn<QStringList>("undone");
        const QStringList before = words("Lists.qt=1 Lists.qt.deep=1 Lists-old=1");
        QTest::newRow("rename") << QStringLiteral("rename")
                                << words("Lists-old=1 Mail=0 Mail.qt=1 Mail.qt.deep=1") << before;
        QTest::newRow("move") << QStringLiteral(
            "move") << words("Lists-old=1 Lists-old.Lists=0 Lists-old.Lists.qt=1 Lists-old.Lists.qt.deep=1")
                              << before;
        QTest::newRow("delete") << QStringLiteral("delete") << words("Lists-old=1") << before;
    }
    void changesAllThatLiesInIt()
    {
        QFETCH(const QString, what);
        QFETCH(const QStringList, then);
        QFETCH(const QStringList, undone);
        openWindow();
        makeFolders(words("Lists Lists.qt Lists.qt.deep Lists-old"));
        auto &folders = part<FolderActions>();
        if (what == QLatin1String("rename")) {
            folders.askRename(named("Lists"));
            answerDialog(QStringLiteral("Mail"));
        } else if (what == QLatin1String("move")) {
            folders.popUpFor(named("Lists"), {});
            auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            QVERIFY(menu != nullptr);
            QAction *target = nullptr;
            for (const QMenu *inside : menu->findChildren<QMenu *>()) {
                for (QAction *action : inside->actions())
                    target = action->text() == QStringLiteral("Lists-old") ? action : target;
                for (const QAction *action : inside->actions()) // none of those in itself, nor where it is
                    QVERIFY(!action->text().startsWith(QStringLiteral("Lists.")));
            }
            QVERIFY(target != nullptr);
            target->trigger();
            menu->close();
        } else {
            folders.deleteFolder(named("Lists"));
        }
        QTRY_COMPARE_WITH_TIMEOUT(own(), then, 20000);
        if (what == QLatin1String("delete"))
            QCOMPARE(places().info(named("Trash")).total, 2);
        // One way back for all of it.
        QTRY_VERIFY_WITH_TIMEOUT(part<Actions>()[ActionId::Undo]->isEnabled(), 20000);
        part<Actions>()[ActionId::Undo]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(std::all_of(undone.cbegin(), undone.cend(),
                                     [now = own()](const QString &one) { return now.contains(one); }),
            20000);
    }

    // Not to a neighbour in the tree, and not on the way either.
    void whoLooksAtItGoesAlong_data()
    {
        QTest::addColumn<QString>("inSight");
        QTest::addColumn<QString>("then");
        QTest::newRow("the folder") << QStringLiteral("Lists") << QStringLiteral("Mail");
        QTest::newRow("one in it") << QStringLiteral("Lists.qt") << QStringLiteral("Mail.qt");
        QTest::newRow("another one") << QStringLiteral("Lists-old") << QStringLiteral("Lists-old");
    }
    void whoLooksAtItGoesAlong()
    {
        QFETCH(const QString, inSight);
        QFETCH(const QString, then);
        openWindow();
        makeFolders(words("Lists Lists.qt Lists-old Zebra"));
        auto &area = part<CentralArea>();
        area.go({Place::Kind::Folder, {inbox.user, inSight}});
        QCOMPARE(page().folder().folder, inSight);
        const QSignalSpy entered(&area, &CentralArea::placeEntered);
        part<FolderActions>().rename(named("Lists"), QStringLiteral("Mail"));
        QTRY_COMPARE_WITH_TIMEOUT(own(), words("Lists-old=1 Mail=0 Mail.qt=1 Zebra=1"), 20000);
        QCOMPARE(page().folder().folder, then);
        QVERIFY(area.current() == (Place{Place::Kind::Folder, {inbox.user, then}}));
        QCOMPARE(entered.size(), inSight == then ? 0 : 1);
    }

    void whatCannotBeIsSaid_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("said");
        QTest::newRow("into itself") << QStringLiteral("Lists.qt.Lists") << QStringLiteral("itself");
        QTest::newRow("one that there is") << QStringLiteral("Other") << QStringLiteral("already");
        QTest::newRow("a standard one") << QStringLiteral("Junk") << QStringLiteral("already");
    }
    void whatCannotBeIsSaid()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, said);
        openWindow();
        makeFolders(words("Lists Lists.qt Other"));
        const QStringList before = own();
        part<FolderActions>().rename(named("Lists"), name);
        QVERIFY(page().bar()->words().contains(said));
        QCOMPARE(own(), before);
    }

    // Without its mail becoming that of what lies there already.
    void whatLiesInItHasToHaveRoom()
    {
        openWindow();
        makeFolders(words("Lists Lists.qt Mail.qt"));
        const QStringList before = own();
        part<FolderActions>().rename(named("Lists"), QStringLiteral("Mail"));
        QVERIFY(page().bar()->words().contains(QStringLiteral("Mail.qt")));
        QCOMPARE(own(), before);
    }

    void namesAreShownAsTheyAre()
    {
        openWindow();
        part<FolderActions>().askRename(named("R&D <b>x</b>"));
        const auto *dialog = m_window->findChild<QInputDialog *>();
        QVERIFY(dialog != nullptr);
        const auto *label = dialog->findChild<QLabel *>();
        QVERIFY(label != nullptr && label->textFormat() == Qt::PlainText);
        QVERIFY(label->text().contains(QStringLiteral("R&&D <b>x</b>")));
    }

    void fromTheMainMenu()
    {
        openWindow();
        makeFolders(words("Lists Lists.qt"));
        const auto texts = [this] {
            QMenu &menu = part<MainMenus>().folder();
            menu.popup({});
            QStringList found;
            for (const QAction *action : menu.actions())
                found += action->text().remove(u'&');
            menu.close();
            return found;
        };
        part<CentralArea>().go({Place::Kind::Folder, named("Lists")});
        QVERIFY(texts().contains(QStringLiteral("Rename folder …")));
        part<CentralArea>().go({Place::Kind::Folder, inbox});
        QVERIFY(!texts().contains(QStringLiteral("Rename folder …")));
        QVERIFY(texts().contains(QStringLiteral("Mark all as read")));
        part<CentralArea>().go({Place::Kind::Search, {}, unifiedInbox().name});
        QCOMPARE(texts().first(), QStringLiteral("Rename search …"));
        part<CentralArea>().go({Place::Kind::Outgoing, {}});
        QVERIFY(!part<MainMenus>().folder().isEnabled()); // nothing happens to a folder that is not in sight
        part<CentralArea>().go({Place::Kind::Folder, named("Lists")});
        QMenu &menu = part<MainMenus>().folder();
        QVERIFY(menu.isEnabled());
        menu.popup({});
        for (QAction *action : menu.actions()) {
            if (action->text().contains(QStringLiteral("inside")))
                action->trigger();
        }
        menu.close();
        answerDialog(QStringLiteral("kde"));
        QTRY_VERIFY_WITH_TIMEOUT(own().contains(QStringLiteral("Lists.kde=0")), 20000);
    }

    void madeInside()
    {
        openWindow();
        makeFolders(words("Lists"));
        part<FolderActions>().askNewFolder(named("Lists"));
        answerDialog(QStringLiteral("qt/deep"));
        QTRY_COMPARE_WITH_TIMEOUT(own(), words("Lists=0 Lists.qt.deep=0"), 20000);
    }
};

QTEST_MAIN(TestFolders)
#include "tst_folders.moc"
