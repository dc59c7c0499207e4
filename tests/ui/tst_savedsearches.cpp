// Searches that are places: saved by name from the search field, renamed, deleted and found again, and the
// Inboxes of everybody as one of them.
#include "tests/support/alicewindow.h"
#include "tests/support/awaited.h"
#include "ui/actions/actions.h"
#include "ui/actions/maintoolbar.h"
#include "ui/actions/searchfield.h"
#include "ui/centralarea.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/mailbox/placestree.h"
#include "ui/mailbox/searchactions.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/inlinebar.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QInputDialog>
#include <QSignalSpy>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

Place searchPlace(const QString &name)
{
    return {Place::Kind::Search, {}, name};
}

QStringList namesOf(const SavedSearches &searches)
{
    QStringList names;
    for (const SavedSearch &search : searches.all().mid(1))
        names += search.name + u'=' + search.words;
    return names;
}

} // namespace

class TestSavedSearches : public QObject, private test::AliceWindow
{
    Q_OBJECT
private:
    [[nodiscard]] PlacesModel &places() const { return part<CentralArea>().places(); }
    void keep(const mail::FolderId &folder, const QByteArray &subject)
    {
        const mail::CarriedMessage message{
            "From: ann@b.test\nTo: alice@example.test\nSubject: " + subject + "\n\ntext\n", {}};
        QVERIFY(test::awaited(m_system->mailboxes().keepMessages(folder, {message})).has_value());
    }
    [[nodiscard]] bool isTitled(const QString &title) const
    {
        const QList<ElidedLabel *> labels = page().findChildren<ElidedLabel *>();
        return std::any_of(labels.cbegin(), labels.cend(),
            [&title](const ElidedLabel *label) { return label->text() == title; });
    }
    void answerDialog(const QString &name)
    {
        QInputDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = m_window->findChild<QInputDialog *>()) != nullptr && dialog->isVisible());
        dialog->setTextValue(name);
        dialog->accept();
        QTRY_VERIFY(m_window->findChild<QInputDialog *>() == nullptr);
    }

private Q_SLOTS:
    void cleanup() { closeWindow(); }

    void eachHasANameOfItsOwn()
    {
        SavedSearches searches;
        QSignalSpy changed(&searches, &SavedSearches::changed);
        QCOMPARE(searches.all(), QList<SavedSearch>{unifiedInbox()});
        QCOMPARE(searches.save(QStringLiteral("  Work\n mail "), QStringLiteral(" from:boss ")),
            QStringLiteral("Work mail"));
        QCOMPARE(searches.save(QStringLiteral("Bills"), QStringLiteral("invoice")), QStringLiteral("Bills"));
        QCOMPARE(namesOf(searches),
            (QStringList{QStringLiteral("Work mail=from:boss"), QStringLiteral("Bills=invoice")}));
        // Under its own name, in whatever case, it is the same one.
        QCOMPARE(searches.save(QStringLiteral("WORK MAIL"), QStringLiteral("is:unread")),
            QStringLiteral("WORK MAIL"));
        QCOMPARE(namesOf(searches),
            (QStringList{QStringLiteral("WORK MAIL=is:unread"), QStringLiteral("Bills=invoice")}));
        QCOMPARE(changed.count(), 3);

        QVERIFY(searches.save(QStringLiteral("  "), QStringLiteral("x")).isEmpty());
        QVERIFY(searches.save(QStringLiteral("x"), QStringLiteral("  ")).isEmpty());
        QVERIFY(searches.save(unifiedInbox().name.toUpper(), QStringLiteral("x")).isEmpty());
        QVERIFY(!searches.rename(QStringLiteral("Bills"), QStringLiteral("work mail")));
        QVERIFY(!searches.rename(QStringLiteral("Bills"), QString()));
        QVERIFY(!searches.rename(QStringLiteral("Bills"), unifiedInbox().name));
        QVERIFY(!searches.rename(QStringLiteral("nothing"), QStringLiteral("y")));
        QCOMPARE(changed.count(), 3);
        QVERIFY(searches.rename(QStringLiteral("Bills"), QStringLiteral("BILLS")));
        searches.remove(QStringLiteral("work mail"));
        QCOMPARE(namesOf(searches), QStringList{QStringLiteral("BILLS=invoice")});
    }

    void whatIsWrittenIsRead()
    {
        SavedSearches searches;
        searches.save(QStringLiteral("a, \"b\" & c"), QStringLiteral("\"two words\" OR -x"));
        searches.save(QStringLiteral("größer"), QStringLiteral("larger:1M"));
        SavedSearches again;
        again.read(searches.written());
        QCOMPARE(again.all(), searches.all());
        // What somebody edited: without words, without a name, twice, half a one.
        again.read({{QStringLiteral("searches/saved"),
            QStringList{QStringLiteral("a"), QString(), QString(), QStringLiteral("x"), QStringLiteral("b"),
                QStringLiteral("y"), QStringLiteral("B"), QStringLiteral("z"), QStringLiteral("c")}}});
        QCOMPARE(namesOf(again), QStringList{QStringLiteral("b=y")});
    }

    void theTreeFollows()
    {
        PlacesModel model;
        const QAbstractItemModelTester tester(&model);
        SavedSearches searches;
        const auto inboxOf = [](const char *user, int unread) {
            return mail::FolderInfo{{QLatin1String(user), QLatin1String("")}, 10, unread};
        };
        model.setFolders({inboxOf("alice", 4), inboxOf("bob", 0)});
        const QList<Place> before = model.places();
        model.setSearches(searches.all());
        searches.save(QStringLiteral("one"), QStringLiteral("1"));
        searches.save(QStringLiteral("two"), QStringLiteral("2"));
        searches.save(QStringLiteral("three"), QStringLiteral("3"));
        model.setSearches(searches.all());
        // No digit of a place that was there before is another one's.
        QCOMPARE(model.places().mid(0, before.size()), before);
        QCOMPARE(model.places().size(), before.size() + 4);
        QCOMPARE(model.place(model.indexOf(searchPlace(QStringLiteral("two")))),
            searchPlace(QStringLiteral("two")));
        QCOMPARE(model.wordsOf(QStringLiteral("two")), QStringLiteral("2"));

        const QPersistentModelIndex unified = model.indexOf(searchPlace(unifiedInbox().name));
        const QPersistentModelIndex three = model.indexOf(searchPlace(QStringLiteral("three")));
        QCOMPARE(unified.data(PlacesModel::CountRole).toInt(), 4);
        QSignalSpy shown(&model, &QAbstractItemModel::dataChanged);
        model.updateFolders({inboxOf("bob", 3)});
        QCOMPARE(unified.data(PlacesModel::CountRole).toInt(), 7);
        QVERIFY(std::any_of(shown.cbegin(), shown.cend(),
            [&unified](const QList<QVariant> &change) { return change.first().toModelIndex() == unified; }));

        searches.remove(QStringLiteral("two"));
        model.setSearches(searches.all());
        QCOMPARE(three.row(), 2);
        QVERIFY(!model.indexOf(searchPlace(QStringLiteral("two"))).isValid());
        searches.rename(QStringLiteral("three"), QStringLiteral("3"));
        model.setSearches(searches.all());
        QCOMPARE(three.data().toString(), QStringLiteral("3"));
        model.setFolders({inboxOf("bob", 3)}); // a branch above it goes
        QVERIFY(three.isValid());
        model.setSearches({});
        QVERIFY(!three.isValid());
        QCOMPARE(model.rowCount({}), 3);
    }

    // What came meanwhile stays, and the row that is chosen remains that of its search.
    void aRemovalIsTakenBack()
    {
        PlacesModel model;
        const QAbstractItemModelTester tester(&model);
        SavedSearches searches;
        connect(&searches, &SavedSearches::changed, &model, [&] { model.setSearches(searches.all()); });
        for (const char *name : {"one", "two", "three"})
            searches.save(QLatin1String(name), QLatin1String(name));
        const QPersistentModelIndex three = model.indexOf(searchPlace(QStringLiteral("three")));
        InlineBar bar;
        SearchActions actions(searches, bar, nullptr);
        actions.remove(QStringLiteral("two"));
        searches.save(QStringLiteral("four"), QStringLiteral("four"));
        bar.undo();
        QCOMPARE(namesOf(searches),
            (QStringList{QStringLiteral("one=one"), QStringLiteral("two=two"), QStringLiteral("three=three"),
                QStringLiteral("four=four")}));
        QCOMPARE(model.place(three), searchPlace(QStringLiteral("three")));
        QCOMPARE(three.row(), 3);

        // Another one of its name is not overwritten.
        actions.remove(QStringLiteral("two"));
        searches.save(QStringLiteral("TWO"), QStringLiteral("else"));
        bar.undo();
        QCOMPARE(namesOf(searches).last(), QStringLiteral("TWO=else"));
        QCOMPARE(searches.all().size(), 5);
    }

    void savedFromTheField()
    {
        openWindow();
        keep(inbox, "invoice of May");
        keep(inbox, "lunch");
        QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), 2, 20000);
        QAction *save = part<Actions>()[ActionId::SaveSearch];
        QVERIFY(!save->isEnabled());
        SearchField *field = part<MainToolBar>().searchField();
        field->setText(QStringLiteral("subject:invoice "));
        QTRY_VERIFY(page().isSearching());
        QVERIFY(save->isEnabled());
        save->trigger();
        answerDialog(QStringLiteral("Bills"));
        QTRY_COMPARE(part<PlacesTree>().current(), std::optional(searchPlace(QStringLiteral("Bills"))));
        QVERIFY(field->text().isEmpty() && !save->isEnabled());
        QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), 1, 20000);
        QVERIFY(isTitled(QStringLiteral("Bills")));

        // Escape stays, the Inbox leaves, and it finds anew.
        page().list()->setFocus();
        QTest::keyClick(page().list(), Qt::Key_Escape);
        QVERIFY(page().isSearching() && isTitled(QStringLiteral("Bills")));
        part<CentralArea>().go({Place::Kind::Folder, inbox});
        QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), 2, 20000);
        QVERIFY(!isTitled(QStringLiteral("Bills")));
        keep(inbox, "invoice of June");
        part<CentralArea>().go(searchPlace(QStringLiteral("Bills")));
        QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), 2, 20000);
        QVERIFY(isTitled(QStringLiteral("Bills")));

        part<SearchActions>().askRename(QStringLiteral("Bills"));
        answerDialog(QStringLiteral("Invoices"));
        QTRY_VERIFY(isTitled(QStringLiteral("Invoices")));
        QCOMPARE(part<PlacesTree>().current(), std::optional(searchPlace(QStringLiteral("Invoices"))));

        // Another window over the same folder has it too.
        QTRY_VERIFY_WITH_TIMEOUT(
            [this] {
                const MainWindow second(*m_system);
                const PlacesModel &model = second.findChild<CentralArea *>()->places();
                return QTest::qWaitFor(
                    [&model] {
                        return model.wordsOf(QStringLiteral("Invoices")) == QLatin1String("subject:invoice");
                    },
                    1000);
            }(),
            20000);

        part<SearchActions>().remove(QStringLiteral("Invoices"));
        QVERIFY(!places().indexOf(searchPlace(QStringLiteral("Invoices"))).isValid());
        QVERIFY(part<Actions>()[ActionId::Undo]->isEnabled());
        part<Actions>()[ActionId::Undo]->trigger();
        QVERIFY(places().indexOf(searchPlace(QStringLiteral("Invoices"))).isValid());
    }

    void theInboxesOfEverybody()
    {
        openWindow();
        for (const char *name : {"", "Archive"}) {
            const mail::FolderId folder{QStringLiteral("bob"), QLatin1String(name)};
            QVERIFY(test::awaited(m_system->mailboxes().createFolder(folder)).has_value());
        }
        keep(inbox, "for alice");
        keep({QStringLiteral("bob"), QStringLiteral("")}, "for bob");
        keep({QStringLiteral("bob"), QStringLiteral("Archive")}, "old");
        part<CentralArea>().go(searchPlace(unifiedInbox().name));
        QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), 2, 20000);
        QVERIFY(isTitled(unifiedInbox().name));
        const QModelIndex place = places().indexOf(searchPlace(unifiedInbox().name));
        QTRY_COMPARE(place.data(PlacesModel::CountRole).toInt(), 2);
        keep(inbox, "one more"); // comes by itself
        QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), 3, 20000);
        QVERIFY(!part<Actions>()[ActionId::SaveSearch]->isEnabled());
    }
};

QTEST_MAIN(TestSavedSearches)
#include "tst_savedsearches.moc"
