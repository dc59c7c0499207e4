// What is done to any number of messages that are known by the numbers of their rows: step by step, with one
// way back that says the truth.
#include "tests/support/fakemailboxes.h"
#include "ui/mailbox/messagechanges.h"
#include "ui/widgets/inlinebar.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <numeric>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

const mail::FolderId inbox{QStringLiteral("alice"), {}};
const mail::FolderId archive{QStringLiteral("alice"), QStringLiteral("Archive")};
const mail::FolderId junk{QStringLiteral("alice"), QStringLiteral("Junk")};
const mail::FolderId bobs{QStringLiteral("bob"), {}};

/// Somebody at a list.
struct Desk
{
    test::FakeMailboxes mailboxes;
    InlineBar bar;
    MessageChanges changes{mailboxes, bar};

    /// As a list of one folder chooses them; in: another one, or everywhere.
    static ChosenMessages chosen(const QList<qint64> &numbers, const mail::FolderId &in = inbox)
    {
        return {{}, {1, numbers, {}}, in};
    }
    [[nodiscard]] bool says(const QString &words) const { return bar.words().contains(words); }
    [[nodiscard]] bool says(int count) const { return says(QLocale().toString(count) + u' '); }
    [[nodiscard]] bool offersUndo() const { return changes.canUndo() && bar.canUndo(); }
    void moveToArchive(const ChosenMessages &messages)
    {
        changes.move(messages, archive.folder);
        QTRY_VERIFY(says(QStringLiteral("moved to")));
    }
};

} // namespace

class TestMessageChanges : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // Names are asked for by the step, and nobody holds those of all.
    void movesStepByStep_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("most");
        QTest::newRow("T45 450") << 450 << 1000;
        QTest::newRow("T45 100,000") << 100'000 << 1000;
        QTest::newRow("T45 300,000") << 300'000 << 3000;
    }
    void movesStepByStep()
    {
        QFETCH(const int, count);
        QFETCH(const int, most);
        Desk desk;
        const QList<qint64> all = desk.mailboxes.add(inbox, count);
        const QSignalSpy restored(&desk.changes, &MessageChanges::restored);
        desk.changes.move(Desk::chosen(all), archive.folder);
        QTRY_VERIFY_WITH_TIMEOUT(desk.says(QStringLiteral("moved to")), 60000);
        QVERIFY(desk.says(count) && desk.offersUndo());
        QCOMPARE(desk.mailboxes.in(archive), all);
        const auto areSteps = [count, most](const QList<qsizetype> &sizes) {
            return std::accumulate(sizes.cbegin(), sizes.cend(), qsizetype(0)) == count
                && *std::max_element(sizes.cbegin(), sizes.cend()) <= most;
        };
        QVERIFY(areSteps(desk.mailboxes.identified));
        QVERIFY(areSteps(desk.mailboxes.changed));
        desk.mailboxes.changed.clear();
        desk.changes.undo();
        QTRY_COMPARE_WITH_TIMEOUT(restored.size(), 1, 60000);
        QCOMPARE(desk.mailboxes.in(inbox), all);
        QVERIFY(areSteps(desk.mailboxes.changed));
        QVERIFY(!desk.changes.canUndo());
    }

    void whatIsElsewhereByNowStays()
    {
        Desk desk;
        const QList<qint64> all = desk.mailboxes.add(inbox, 3000);
        for (int i = 0; i < 3000; i += 3)
            desk.mailboxes.places.insert(all[i], junk);
        for (int i = 1; i < 3000; i += 3)
            desk.mailboxes.places.remove(all[i]);
        desk.moveToArchive(Desk::chosen(all));
        QVERIFY(desk.says(1000));
        QCOMPARE(desk.mailboxes.in(archive).size(), 1000);
        QCOMPARE(desk.mailboxes.in(junk).size(), 1000);
        desk.changes.undo();
        QTRY_COMPARE(desk.mailboxes.in(inbox).size(), 1000);
        QCOMPARE(desk.mailboxes.in(junk).size(), 1000);
    }

    void eachGoesBackToItsFolder()
    {
        Desk desk;
        const QList<qint64> first = desk.mailboxes.add(inbox, 1500);
        const QList<qint64> second = desk.mailboxes.add(junk, 1500);
        desk.moveToArchive(Desk::chosen(first + second, {}));
        QCOMPARE(desk.mailboxes.in(archive).size(), 3000);
        desk.changes.undo();
        QTRY_COMPARE(desk.mailboxes.in(archive).size(), 0);
        QCOMPARE(desk.mailboxes.in(inbox), first);
        QCOMPARE(desk.mailboxes.in(junk), second);
    }

    void undoMeansWhatWasChanged()
    {
        Desk desk;
        const QList<qint64> all = desk.mailboxes.add(inbox, 3000);
        QSet<qint64> before;
        for (int i = 0; i < 3000; i += 7)
            before.insert(all[i]);
        desk.mailboxes.flagged = before;
        desk.changes.setFlag(Desk::chosen(all), mail::MessageFlag::Flagged, true);
        QTRY_VERIFY(desk.offersUndo());
        QCOMPARE(desk.mailboxes.flagged.size(), 3000);
        desk.changes.undo();
        QTRY_COMPARE(desk.mailboxes.flagged, before);
    }

    void othersStayAndAreCounted()
    {
        Desk desk;
        const QList<qint64> own = desk.mailboxes.add(inbox, 1200);
        const QList<qint64> others = desk.mailboxes.add(bobs, 1300);
        desk.changes.moveInto(Desk::chosen(own + others, {}), archive);
        QTRY_VERIFY(desk.says(QStringLiteral("other users")));
        QVERIFY(desk.says(1200) && desk.says(1300));
        QCOMPARE(desk.mailboxes.in(archive), own);
        QCOMPARE(desk.mailboxes.in(bobs), others);
        // And where no other is meant, nothing is said to have been moved.
        desk.changes.moveInto(Desk::chosen(others, {}), archive);
        QTRY_VERIFY(!desk.says(QStringLiteral("moved")) && desk.says(QStringLiteral("other users")));
        QVERIFY(desk.says(1300));
        QVERIFY(desk.changes.canUndo());
    }

    void whatLiesThereIsAsked_data()
    {
        QTest::addColumn<int>("elsewhere");
        QTest::newRow("T59 all of them lie there") << 0;
        QTest::newRow("T59 one does not") << 1;
    }
    void whatLiesThereIsAsked()
    {
        QFETCH(const int, elsewhere);
        Desk desk;
        const QList<qint64> there = desk.mailboxes.add(archive, 2000);
        const QList<qint64> others = desk.mailboxes.add(inbox, elsewhere);
        int asked = 0;
        desk.changes.move(Desk::chosen(there + others, {}), archive.folder, {{}, [&asked] { ++asked; }});
        QTRY_VERIFY(asked == 1 || desk.changes.canUndo());
        QCOMPARE(asked, elsewhere == 0 ? 1 : 0);
        QCOMPARE(desk.mailboxes.in(archive).size(), 2000 + elsewhere);
        QVERIFY(desk.mailboxes.changed.size() == elsewhere);
    }

    // The numbers mean other messages then.
    void undoAfterARebuiltIndex_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("isUndone");
        QTest::newRow("F32 a few, by their names") << 1000 << true;
        QTest::newRow("F32 many, by their numbers") << 1001 << false;
    }
    void undoAfterARebuiltIndex()
    {
        QFETCH(const int, count);
        QFETCH(const bool, isUndone);
        Desk desk;
        const QList<qint64> all = desk.mailboxes.add(inbox, count);
        desk.moveToArchive(Desk::chosen(all));
        desk.mailboxes.generation = 2;
        QVERIFY(desk.offersUndo());
        desk.changes.undo();
        if (isUndone) {
            QTRY_COMPARE(desk.mailboxes.in(inbox), all);
            return;
        }
        QTRY_COMPARE(desk.bar.kind(), InlineBar::Kind::Error);
        QVERIFY(desk.says(QStringLiteral("rebuilt")) && desk.says(QStringLiteral("no longer be undone")));
        QCOMPARE(desk.mailboxes.in(archive), all);
        QVERIFY(!desk.changes.canUndo() && !desk.bar.canUndo());
    }

    void theIndexIsRebuiltMeanwhile()
    {
        Desk desk;
        const QList<qint64> all = desk.mailboxes.add(inbox, 5000);
        desk.mailboxes.onChange = [&desk] { desk.mailboxes.generation = 2; };
        desk.changes.move(Desk::chosen(all), archive.folder);
        QTRY_COMPARE(desk.bar.kind(), InlineBar::Kind::Error);
        QVERIFY(desk.says(QStringLiteral("rebuilt")) && desk.says(1000)); // what was done is said
        QCOMPARE(desk.mailboxes.in(archive).size(), 1000);
        QVERIFY(!desk.changes.canUndo()); // it would find others
        desk.mailboxes.onChange = {};
        desk.changes.move({{}, {2, all.mid(2000), {}}, inbox}, archive.folder);
        QTRY_VERIFY(desk.offersUndo());
        QCOMPARE(desk.mailboxes.in(archive).size(), 4000);
    }

    void undoSaysWhatItCouldNotFind()
    {
        Desk desk;
        const QList<qint64> all = desk.mailboxes.add(inbox, 2000);
        desk.moveToArchive(Desk::chosen(all));
        for (int i = 0; i < 300; ++i)
            desk.mailboxes.places.insert(all[i], junk);
        for (int i = 300; i < 500; ++i)
            desk.mailboxes.places.remove(all[i]);
        desk.changes.undo();
        QTRY_COMPARE(desk.bar.kind(), InlineBar::Kind::Warning);
        QVERIFY(desk.says(1500) && desk.says(500));
        QCOMPARE(desk.mailboxes.in(inbox), all.mid(500));
        QCOMPARE(desk.mailboxes.in(junk).size(), 300);
    }

    // Of several folders, too.
    void whatIsGoneKeepsNothingElseFromGoingBack()
    {
        Desk desk;
        const QList<qint64> first = desk.mailboxes.add(inbox, 2);
        const QList<qint64> second = desk.mailboxes.add(junk, 3);
        ChosenMessages few;
        for (const qint64 number : first + second)
            few.ids.append({desk.mailboxes.places.value(number), QByteArray::number(number)});
        desk.moveToArchive(few);
        for (const qint64 number : second)
            desk.mailboxes.places.remove(number);
        desk.changes.undo();
        QTRY_COMPARE(desk.bar.kind(), InlineBar::Kind::Warning);
        QVERIFY(desk.says(2) && desk.says(3));
        QCOMPARE(desk.mailboxes.in(inbox), first);
        QVERIFY(!desk.changes.canUndo());
    }

    void anUndoThatFailedGoesOnFromThere()
    {
        Desk desk;
        const QList<qint64> all = desk.mailboxes.add(inbox, 5000);
        desk.moveToArchive(Desk::chosen(all));
        desk.mailboxes.onChange = [&desk] {
            desk.mailboxes.refusal = mail::Error{mail::ErrorCode::NoSpace, {}, {}};
        };
        desk.changes.undo();
        QTRY_COMPARE(desk.bar.kind(), InlineBar::Kind::Error);
        QVERIFY(desk.says(1000) && desk.offersUndo());
        QCOMPARE(desk.mailboxes.in(inbox).size(), 1000);
        desk.mailboxes.onChange = {};
        desk.mailboxes.refusal.reset();
        desk.changes.undo();
        QTRY_COMPARE(desk.mailboxes.in(inbox), all);
        QVERIFY(!desk.changes.canUndo());
    }

    void stopsBetweenTwoSteps()
    {
        Desk desk;
        const QList<qint64> all = desk.mailboxes.add(inbox, 100'000);
        desk.mailboxes.onChange = [&desk] {
            if (desk.mailboxes.changed.size() == 3)
                desk.changes.stop();
        };
        desk.moveToArchive(Desk::chosen(all));
        QVERIFY(desk.says(3000) && desk.says(QStringLiteral("stopped")));
        QCOMPARE(desk.mailboxes.in(archive), all.mid(0, 3000));
        QVERIFY(desk.mailboxes.identified.size() <= 4);
        desk.changes.undo();
        QTRY_COMPARE(desk.mailboxes.in(inbox), all);
    }

    void anUndoThatWasStoppedGoesOnFromThere()
    {
        Desk desk;
        const QList<qint64> all = desk.mailboxes.add(inbox, 20'000);
        desk.moveToArchive(Desk::chosen(all));
        desk.mailboxes.onChange = [&desk] { desk.changes.stop(); };
        desk.changes.undo();
        QTRY_VERIFY(desk.says(QStringLiteral("stopped")));
        QVERIFY(desk.says(1000) && desk.offersUndo());
        QCOMPARE(desk.mailboxes.in(inbox).size(), 1000);
        desk.mailboxes.onChange = {};
        desk.changes.undo();
        QTRY_COMPARE(desk.mailboxes.in(inbox), all);
        QVERIFY(!desk.changes.canUndo());
    }

    void removesForGood()
    {
        Desk desk;
        const QList<qint64> all = desk.mailboxes.add(inbox, 2500);
        desk.changes.removeForGood(Desk::chosen(all.mid(500)));
        QTRY_VERIFY(desk.says(QStringLiteral("deleted permanently")));
        QVERIFY(desk.says(2000) && !desk.changes.canUndo());
        QCOMPARE(desk.mailboxes.in(inbox), all.mid(0, 500));
    }

    // As a search finds them: what was taken out of the folder since a person was asked stays.
    void removesWhatLiesInAFolderOfThatName()
    {
        Desk desk;
        const mail::FolderId bobsArchive{bobs.user, archive.folder};
        const QList<qint64> own = desk.mailboxes.add(archive, 1500);
        const QList<qint64> others = desk.mailboxes.add(bobsArchive, 500);
        const QList<qint64> elsewhere = desk.mailboxes.add(inbox, 300) + desk.mailboxes.add(bobs, 1);
        desk.changes.removeForGood(Desk::chosen(own + others + elsewhere, {{}, archive.folder}));
        QTRY_VERIFY(desk.says(QStringLiteral("deleted permanently")));
        QVERIFY(desk.says(2000));
        QVERIFY(desk.mailboxes.in(archive).isEmpty() && desk.mailboxes.in(bobsArchive).isEmpty());
        QCOMPARE(desk.mailboxes.in(inbox) + desk.mailboxes.in(bobs), elsewhere);
    }
};

QTEST_MAIN(TestMessageChanges)
#include "tst_messagechanges.moc"
