// A session of a million lines in the pane below a message: nothing untrue is said while it is read, and what
// is kept of it is its end.
#include "tests/support/fakesessions.h"
#include "ui/transcript/transcriptlog.h"
#include "ui/transcript/transcriptmodel.h"
#include "ui/transcript/transcriptpane.h"

#include <QLabel>
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

bool says(const TranscriptPane &pane, const QString &words)
{
    const QList<QLabel *> labels = pane.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(),
        [&words](const QLabel *label) { return label->isVisibleTo(&pane) && label->text() == words; });
}

} // namespace

class TestLongTranscript : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void claimsNothingWhileItIsRead();
    void clearedWhileItIsRead();
    void keepsTheEndOfAMillionLines();
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

/// What comes then is of no use any more.
void TestLongTranscript::clearedWhileItIsRead()
{
    SlowSessions sessions;
    TranscriptPane pane(sessions);
    pane.showSession("S1");
    const QList<QToolButton *> buttons = pane.findChildren<QToolButton *>();
    const auto clear = std::find_if(buttons.begin(), buttons.end(),
        [](const QToolButton *one) { return one->accessibleName() == QLatin1String("Clear"); });
    QVERIFY(clear != buttons.end());
    (*clear)->click();
    QVERIFY(says(pane, QStringLiteral("No session")));
    sessions.answer.answer(spoken("S1", 3));
    QCoreApplication::processEvents();
    QCOMPARE(pane.model()->rowCount(), 0);
}

void TestLongTranscript::keepsTheEndOfAMillionLines()
{
    SlowSessions sessions;
    TranscriptPane pane(sessions);
    pane.resize(900, 300);
    pane.show();
    pane.showSession("S1");
    sessions.answer.answer(spoken("S1", million));
    QTRY_VERIFY(pane.model()->rowCount() > 0);
    const TranscriptLog &log = pane.model()->log();
    QCOMPARE(log.endSerial() - log.firstSerial(), qint64(TranscriptLog::defaultCap));
    QCOMPARE(log.line(log.endSerial() - 1).entry.bytes, QByteArray("NOOP 999999"));
    QVERIFY(!pane.grab().isNull());
}

QTEST_MAIN(TestLongTranscript)
#include "tst_longtranscript.moc"
