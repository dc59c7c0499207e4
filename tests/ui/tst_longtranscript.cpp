// A session of a million lines in the pane below a message: nothing untrue is said while it is read, and what
// is kept of it is its end.
#include "tests/support/fakesessions.h"
#include "ui/transcript/transcriptlog.h"
#include "ui/transcript/transcriptmodel.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/format.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

constexpr int million = 1'000'000;

/// Answers when the test says so.
class SlowSessions : public test::FakeSessions
{
public:
    mail::Task<mail::Transcript> transcript(const QByteArray &sessionId) override
    {
        asked = sessionId;
        answer = mail::Promise<mail::Transcript>();
        return answer.task();
    }

    QByteArray asked;
    mail::Promise<mail::Transcript> answer;
};

smtp::SessionFacts factsOf(const QByteArray &id)
{
    smtp::SessionFacts facts;
    facts.id = id;
    facts.outcome = smtp::SessionOutcome::Completed;
    facts.startedAt = 1;
    return facts;
}

mail::Transcript spoken(const QByteArray &id, int lines)
{
    QList<smtp::TranscriptEntry> entries;
    for (int i = 0; i < lines; ++i)
        entries.append({i, smtp::Speaker::Client, false, "NOOP " + QByteArray::number(i), 0});
    return {factsOf(id), entries};
}

QToolButton *buttonOf(const TranscriptPane &pane, QLatin1String name)
{
    const QList<QToolButton *> buttons = pane.findChildren<QToolButton *>();
    const auto found = std::find_if(buttons.begin(), buttons.end(),
        [name](const QToolButton *one) { return one->accessibleName() == name; });
    return found == buttons.end() ? nullptr : *found;
}

bool says(const TranscriptPane &pane, const QString &words)
{
    const QList<QLabel *> labels = pane.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(),
        [&pane, &words](const QLabel *label) { return label->isVisibleTo(&pane) && label->text() == words; });
}

} // namespace

class TestLongTranscript : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void claimsNothingWhileItIsRead();
    void tellsWhatCannotBeRead();
    void clearedWhileItIsRead();
    void itsModelKeepsItsPromises();
    void keepsTheEndOfAMillionLines();
    void takesLinesInPortions();
    void copiesManyLinesLater();
};

void TestLongTranscript::claimsNothingWhileItIsRead()
{
    SlowSessions sessions;
    TranscriptPane pane(sessions);
    pane.setMessage({"S1"});
    pane.showMessage();
    QCOMPARE(sessions.asked, QByteArray("S1"));
    QVERIFY(says(pane, QStringLiteral("Reading …")));
    QVERIFY(!says(pane, QStringLiteral("Nothing kept")));
    sessions.answer.answer(tl::unexpected(mail::Error{mail::ErrorCode::NotFound, {}, {}}));
    QTRY_VERIFY(says(pane, QStringLiteral("Nothing kept")));
}

void TestLongTranscript::tellsWhatCannotBeRead()
{
    SlowSessions sessions;
    TranscriptPane pane(sessions);
    pane.showSession("S1");
    sessions.answer.answer(tl::unexpected(mail::Error{mail::ErrorCode::InputOutput, {}, {}}));
    QTRY_VERIFY(says(pane, QStringLiteral("Not read")));
    QVERIFY(!says(pane, QStringLiteral("Nothing kept")));
}

/// What comes then is of no use any more.
void TestLongTranscript::clearedWhileItIsRead()
{
    SlowSessions sessions;
    TranscriptPane pane(sessions);
    pane.showSession("S1");
    QToolButton *clear = buttonOf(pane, QLatin1String("Clear"));
    QVERIFY(clear != nullptr);
    clear->click();
    QVERIFY(says(pane, QStringLiteral("No session")));
    sessions.answer.answer(spoken("S1", 3));
    QCoreApplication::processEvents();
    QCOMPARE(pane.model()->rowCount(), 0);
}

void TestLongTranscript::itsModelKeepsItsPromises()
{
    SlowSessions sessions;
    TranscriptPane pane(sessions);
    pane.resize(900, 300);
    pane.show();
    const QAbstractItemModelTester live(pane.model());
    pane.showSession("S1");
    const QAbstractItemModelTester tester(pane.model());
    sessions.answer.answer(spoken("S1", 40));
    QTRY_VERIFY(pane.model()->rowCount() >= 40);
    pane.showSession("S2");
    sessions.answer.answer(spoken("S2", 3));
    QTRY_VERIFY(pane.model()->rowCount() >= 3 && pane.model()->rowCount() < 40);
}

void TestLongTranscript::keepsTheEndOfAMillionLines()
{
    SlowSessions sessions;
    TranscriptPane pane(sessions);
    pane.resize(900, 300);
    pane.show();
    pane.showSession("S1");
    sessions.answer.answer(spoken("S1", million));
    const TranscriptLog &log = pane.model()->log();
    QTRY_COMPARE_WITH_TIMEOUT(log.endSerial() - log.firstSerial(), qint64(TranscriptLog::defaultCap), 30'000);
    QCOMPARE(log.line(log.endSerial() - 1).entry.bytes, QByteArray("NOOP 999999"));
    QVERIFY(!pane.grab().isNull());
    auto *bar = pane.findChild<InlineBar *>();
    QVERIFY(bar != nullptr);
    QTRY_COMPARE(bar->words(),
        QStringLiteral("Only the last %1 lines are shown.").arg(countText(TranscriptLog::defaultCap)));
    QCOMPARE(pane.view()->currentIndex().row(), 0); // it begins there
}

/// A command and its reply belong together though the window had its turn between them.
void TestLongTranscript::takesLinesInPortions()
{
    constexpr int pairs = 15'000;
    QList<std::pair<QByteArray, smtp::TranscriptEntry>> entries{
        {"S1", {0, smtp::Speaker::Event, false, "connected", 0}}}; // so that no portion ends with a reply
    for (int i = 0; i < pairs; ++i) {
        entries.append({"S1", {2 * i + 1, smtp::Speaker::Client, false, "VRFY a", 0}});
        entries.append({"S1", {2 * i + 2, smtp::Speaker::Server, false, "550 no", 0}});
    }
    TranscriptModel model;
    model.setFilter({true, {}});
    QSignalSpy completed(&model, &TranscriptModel::completed);
    model.take({factsOf("S1")}, entries);
    QVERIFY(!model.isComplete() && model.rowCount() < pairs);
    QCOMPARE(model.lastAt(), qint64(2 * pairs));
    QTRY_COMPARE(completed.size(), 1);
    QVERIFY(model.isComplete());
    QCOMPARE(model.rowCount(), 1 + 2 * pairs);
    model.take({factsOf("S1")}, entries);
    model.clear();
    QVERIFY(model.isComplete());
    QCOMPARE(model.rowCount(), 0);
}

void TestLongTranscript::copiesManyLinesLater()
{
    SlowSessions sessions;
    TranscriptPane pane(sessions);
    pane.showSession("S1");
    sessions.answer.answer(spoken("S1", 5000));
    QTRY_COMPARE(pane.model()->rowCount(), 5001);
    for (TranscriptView *view : pane.findChildren<TranscriptView *>())
        view->clearSelection(); // of a selection that alone is copied
    QGuiApplication::clipboard()->clear();
    buttonOf(pane, QLatin1String("Copy"))->click();
    QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
    QTRY_COMPARE(QGuiApplication::clipboard()->text().count(u'\n'), 5001);
}

QTEST_MAIN(TestLongTranscript)
#include "tst_longtranscript.moc"
