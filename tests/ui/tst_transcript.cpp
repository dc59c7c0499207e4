#include "tests/support/fakesessions.h"
#include "ui/sessions/sessionsmodel.h"
#include "ui/transcript/transcriptdelegate.h"
#include "ui/transcript/transcriptmodel.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/transcript/transcriptview.h"
#include "ui/words/replymeanings.h"
#include "ui/words/sessiontext.h"
#include "ui/words/shownbytes.h"

#include <QButtonGroup>
#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>

using namespace glasspost;
using ui::TranscriptRow;

namespace {

constexpr qint64 start = 1700000000000000;

smtp::TranscriptEntry said(smtp::Speaker who, const QByteArray &bytes, int ms)
{
    return {start + ms * 1000, who, false, bytes, 0};
}

smtp::TranscriptEntry client(const QByteArray &bytes, int ms = 0)
{
    return said(smtp::Speaker::Client, bytes, ms);
}

smtp::TranscriptEntry server(const QByteArray &bytes, int ms = 0)
{
    return said(smtp::Speaker::Server, bytes, ms);
}

smtp::SessionFacts facts(const QByteArray &id, smtp::SessionOutcome outcome = smtp::SessionOutcome::Open)
{
    smtp::SessionFacts session;
    session.id = id;
    session.outcome = outcome;
    session.startedAt = start;
    session.peerName = "client.example.test";
    return session;
}

mail::TranscriptBatch batch(const QByteArray &id, const QList<smtp::TranscriptEntry> &entries)
{
    mail::TranscriptBatch made;
    made.sessions = {facts(id)};
    for (const smtp::TranscriptEntry &entry : entries)
        made.entries.append({id, entry});
    return made;
}

QStringList texts(const ui::TranscriptModel &model)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.row(row).kind != TranscriptRow::Kind::Session)
            all << model.row(row).text.text;
    }
    return all;
}

} // namespace

class TranscriptTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsOctetsWithoutRisk_data();
    void showsOctetsWithoutRisk();
    void readsReplyHeads_data();
    void readsReplyHeads();
    void namesEveryClassOfReply();
    void pairsPipelinedCommandsWithTheirReplies();
    void foldsLongLinesAndMessages();
    void aSessionHasOneName_data();
    void aSessionHasOneName();
    void outcomesAreSaid_data();
    void outcomesAreSaid();
    void showsOnlyErrorsWithTheirCommands();
    void keepsTheNewestLinesOnly();
    void takesManyLinesQuickly();
    void addsLinesWithoutGoingThroughAll();
    void homeAndEndGoToTheEnds();
    void followsTheEndUntilScrolledUp();
    void lightsUpCommandAndReply();
    void paintsAlikeInMirroredWindows_data();
    void paintsAlikeInMirroredWindows();
    void filtersByTypedWords();
    void copiesPlainText();
    void doesNothingWhileHidden();
};

void TranscriptTest::showsOctetsWithoutRisk_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("escapes");
    QTest::newRow("plain") << QByteArray("EHLO a.example") << QStringLiteral("EHLO a.example") << 0;
    QTest::newRow("UTF-8 stays") << QByteArray("Gr\xc3\xbc\xc3\x9f"
                                               "e \xf0\x9f\x93\xae")
                                 << QString::fromUtf8("Gr\xc3\xbc\xc3\x9f"
                                                      "e \xf0\x9f\x93\xae")
                                 << 0;
    QTest::newRow("F25 escape sequence") << QByteArray("\x1b[31mred") << QStringLiteral("\\x1B[31mred") << 1;
    QTest::newRow("F25 forged line") << QByteArray("a\r\nS 250 Ok") << QStringLiteral("a\\x0D\\x0AS 250 Ok")
                                     << 2;
    QTest::newRow("F25 direction override") << QByteArray("\xe2\x80\xae"
                                                          "abc")
                                            << QStringLiteral("\\u202Eabc") << 1;
    QTest::newRow("F25 C1 control") << QByteArray("\xc2\x9b"
                                                  "0m")
                                    << QStringLiteral("\\u009B0m") << 1;
    QTest::newRow("F25 line separator") << QByteArray("a\xe2\x80\xa8"
                                                      "b")
                                        << QStringLiteral("a\\u2028b") << 1;
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << QStringLiteral("a\\x00b") << 1;
    QTest::newRow("no UTF-8") << QByteArray("caf\xe9") << QStringLiteral("caf\\xE9") << 1;
    QTest::newRow("overlong") << QByteArray("\xc0\xaf") << QStringLiteral("\\xC0\\xAF") << 2;
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QStringLiteral("\\xED\\xA0\\x80") << 3;
    QTest::newRow("cut short") << QByteArray("a\xe2\x82") << QStringLiteral("a\\xE2\\x82") << 2;
    QTest::newRow("literal backslash") << QByteArray("\\x1B") << QStringLiteral("\\x1B") << 0;
}

void TranscriptTest::showsOctetsWithoutRisk()
{
    QFETCH(const QByteArray, octets);
    QFETCH(const QString, text);
    QFETCH(const int, escapes);
    const ui::ShownBytes shown = ui::shownBytes(octets);
    QCOMPARE(shown.text, text);
    QCOMPARE(int(shown.escapes.size()), escapes);
}

void TranscriptTest::readsReplyHeads_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("isLast");
    QTest::addColumn<QByteArray>("status");
    QTest::newRow("plain") << QByteArray("250 Ok") << 250 << true << QByteArray();
    QTest::newRow("more follows") << QByteArray("250-SIZE 1000") << 250 << false << QByteArray();
    QTest::newRow("code alone") << QByteArray("354") << 354 << true << QByteArray();
    QTest::newRow("enhanced") << QByteArray("550 5.1.1 No such user") << 550 << true << QByteArray("5.1.1");
    QTest::newRow("unknown code") << QByteArray("345 go on") << 345 << true << QByteArray();
    QTest::newRow("an address is no status")
        << QByteArray("250 5.6.7.8 hello") << 250 << true << QByteArray();
    QTest::newRow("no reply") << QByteArray("hello") << 0 << true << QByteArray();
    QTest::newRow("four digits") << QByteArray("2500 x") << 0 << true << QByteArray();
    QTest::newRow("out of range") << QByteArray("650 x") << 0 << true << QByteArray();
    QTest::newRow("empty") << QByteArray() << 0 << true << QByteArray();
}

void TranscriptTest::readsReplyHeads()
{
    QFETCH(const QByteArray, line);
    QFETCH(const int, code);
    QFETCH(const bool, isLast);
    QFETCH(const QByteArray, status);
    const auto head = ui::parseReplyHead(line);
    QCOMPARE(head.has_value(), code != 0);
    if (!head)
        return;
    QCOMPARE(head->code, code);
    QCOMPARE(head->isLast, isLast);
    QCOMPARE(head->status.toBytes(), status);
}

void TranscriptTest::namesEveryClassOfReply()
{
    for (const int code : {250, 299, 345, 399, 421, 499, 550, 599})
        QVERIFY2(!ui::replyCodeMeaning(code).isEmpty(), qPrintable(QString::number(code)));
    QVERIFY(ui::replyCodeMeaning(250) != ui::replyCodeMeaning(550));
    QVERIFY(ui::statusCodeMeaning({5, 1, 1}).contains(QStringLiteral("does not exist")));
    // Not registered: what its subject says.
    QCOMPARE(ui::statusCodeMeaning({5, 1, 99}), ui::statusCodeMeaning({5, 1, 0}));
    QVERIFY(ui::statusCodeMeaning({}).isEmpty());
}

void TranscriptTest::pairsPipelinedCommandsWithTheirReplies()
{
    ui::TranscriptModel model;
    model.take(batch("a", {}).sessions,
        batch("a",
            {server("220 hi"), client("EHLO x"), server("250-x"), server("250 SIZE"),
                client("MAIL FROM:<a@b>"), client("RCPT TO:<c@d>"), client("DATA"), server("250 ok"),
                server("550 no"), server("503 no")})
            .entries);
    // Row 0 is the session's header.
    QCOMPARE(model.row(0).kind, TranscriptRow::Kind::Session);
    QCOMPARE(model.exchangeAt(2), model.exchangeAt(3));
    QCOMPARE(model.exchangeAt(3), model.exchangeAt(4));
    for (int i = 0; i < 3; ++i)
        QCOMPARE(model.exchangeAt(5 + i), model.exchangeAt(8 + i));
    QVERIFY(model.exchangeAt(5) != model.exchangeAt(6));
    QVERIFY(model.exchangeAt(1) != model.exchangeAt(2));
}

void TranscriptTest::foldsLongLinesAndMessages()
{
    ui::TranscriptModel model;
    model.setWrapColumns(50);
    smtp::TranscriptEntry data = client("Subject: x\r\n\r\nHello\r\n");
    data.isData = true;
    data.dataSize = data.bytes.size();
    model.take({}, {{"a", client(QByteArray(120, 'x'))}, {"a", data}});
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.row(1).fold, TranscriptRow::Fold::Folded);
    QVERIFY(model.row(1).note.contains(QStringLiteral("120")));
    QCOMPARE(model.row(1).text.text.size(), 50);
    model.toggleFold(1);
    QCOMPARE(model.rowCount(), 5);
    QCOMPARE(model.row(3).text.text.size(), 20);
    QCOMPARE(model.row(4).fold, TranscriptRow::Fold::Folded);
    model.toggleFold(4);
    QCOMPARE(model.rowCount(), 8);
    QCOMPARE(model.row(7).text.text, QStringLiteral("Hello"));
    model.toggleFold(4);
    model.toggleFold(1);
    QCOMPARE(model.rowCount(), 3);
}

void TranscriptTest::showsOnlyErrorsWithTheirCommands()
{
    ui::TranscriptModel model;
    model.take({},
        batch("a", {client("RCPT TO:<a@b>"), server("250 ok"), client("RCPT TO:<x@b>"), server("550 no")})
            .entries);
    model.setFilter({true, {}});
    QCOMPARE(texts(model), QStringList({QStringLiteral("RCPT TO:<x@b>"), QStringLiteral("550 no")}));
    // One that comes while the filter is on: the command came in an earlier batch.
    model.take({}, batch("a", {client("VRFY y")}).entries);
    model.take({}, batch("a", {server("452 later")}).entries);
    QCOMPARE(texts(model).mid(2), QStringList({QStringLiteral("VRFY y"), QStringLiteral("452 later")}));
    model.setFilter({});
    QCOMPARE(texts(model).size(), 6);
}

void TranscriptTest::aSessionHasOneName_data()
{
    QTest::addColumn<int>("earlier"); // sessions that each view has seen before
    QTest::newRow("T60 the first that a view shows") << 0;
    QTest::newRow("T60 the fourth that a view shows") << 3;
}

void TranscriptTest::aSessionHasOneName()
{
    QFETCH(int, earlier);
    QList<QByteArray> ids;
    for (int i = 0; i <= earlier; ++i)
        ids.append(smtp::newSessionId());
    // The pane of all sessions, the one of this session alone, and the list of sessions.
    ui::TranscriptModel live;
    ui::TranscriptModel chosen;
    ui::SessionsModel list;
    for (const QByteArray &id : std::as_const(ids)) {
        const mail::TranscriptBatch said = batch(id, {client("NOOP")});
        live.take(said.sessions, said.entries);
        list.merge(said.sessions);
    }
    const mail::TranscriptBatch last = batch(ids.last(), {client("NOOP")});
    chosen.take(last.sessions, last.entries);
    const QString name = live.row(live.rowCount() - 1).session;
    QVERIFY(name.size() > 1);
    QCOMPARE(chosen.row(0).session, name);
    QCOMPARE(chosen.row(1).session, name);
    QCOMPARE(list.index(list.rowOf(ids.last()), ui::SessionsModel::Label).data().toString(), name);
    for (int i = 0; i < earlier; ++i)
        QVERIFY(ui::sessionLabel(ids[i]) != name);
}

void TranscriptTest::outcomesAreSaid_data()
{
    QTest::addColumn<smtp::SessionOutcome>("outcome");
    QTest::addColumn<QByteArray>("ending");
    QTest::addColumn<QString>("words");
    QTest::addColumn<ui::Tone>("tone");
    using smtp::SessionOutcome;
    QTest::newRow("T67 451") << SessionOutcome::Refused << QByteArray("451 4.3.0 Try again")
                             << QStringLiteral("deferred") << ui::Tone::Deferred;
    QTest::newRow("T67 452, several lines")
        << SessionOutcome::Refused << QByteArray("452-4.3.1 Full\r\n452 4.3.1 Later")
        << QStringLiteral("deferred") << ui::Tone::Deferred;
    QTest::newRow("T67 550") << SessionOutcome::Refused << QByteArray("550 5.1.1 No such user")
                             << QStringLiteral("refused") << ui::Tone::Refused;
    QTest::newRow("T67 a certificate")
        << SessionOutcome::Refused << QByteArray("The certificate does not verify")
        << QStringLiteral("refused") << ui::Tone::Refused;
    QTest::newRow("T67 completed") << SessionOutcome::Completed << QByteArray("QUIT")
                                   << QStringLiteral("completed") << ui::Tone::Accepted;
}

void TranscriptTest::outcomesAreSaid()
{
    QFETCH(smtp::SessionOutcome, outcome);
    QFETCH(QByteArray, ending);
    QFETCH(QString, words);
    QFETCH(ui::Tone, tone);
    smtp::SessionFacts session = facts("a", outcome);
    session.ending = ending;
    QCOMPARE(ui::outcomeText(session), words);
    QCOMPARE(ui::outcomeTone(session), tone);
}

void TranscriptTest::keepsTheNewestLinesOnly()
{
    ui::TranscriptLog log(100);
    for (int i = 0; i < 250; ++i) {
        log.append("a", client(QByteArray::number(i)));
        log.trim();
        QVERIFY(log.endSerial() - log.firstSerial() <= 100);
    }
    QCOMPARE(log.line(log.endSerial() - 1).entry.bytes, QByteArray("249"));
}

void TranscriptTest::takesManyLinesQuickly()
{
    ui::TranscriptModel model;
    QList<std::pair<QByteArray, smtp::TranscriptEntry>> entries;
    for (int i = 0; i < 150000; ++i)
        entries.append({"a", i % 2 == 0 ? client("NOOP") : server("250 ok")});
    model.take({facts("a")}, entries);
    QVERIFY(!model.isComplete()); // the window gets its turn
    QTRY_VERIFY(model.isComplete());
    QVERIFY(model.rowCount() <= ui::TranscriptLog::defaultCap + 1);
    QVERIFY(model.rowCount() > ui::TranscriptLog::defaultCap / 2);
    QCOMPARE(model.row(model.rowCount() - 1).text.text, QStringLiteral("250 ok"));
}

namespace {

/// Counts what a view asks of it.
class CountingModel : public ui::TranscriptModel
{
public:
    int rowCount(const QModelIndex &parent = {}) const override
    {
        ++asked;
        return TranscriptModel::rowCount(parent);
    }
    QVariant data(const QModelIndex &index, int role) const override
    {
        ++asked;
        return TranscriptModel::data(index, role);
    }
    mutable int asked = 0;
};

} // namespace

/// Lines come many times a second, to a view that may hold a hundred thousand.
void TranscriptTest::addsLinesWithoutGoingThroughAll()
{
    constexpr int many = 50000;
    CountingModel model;
    ui::TranscriptView view(&model);
    view.resize(800, 300);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const mail::TranscriptBatch all = batch("A", QList<smtp::TranscriptEntry>(many, client("NOOP")));
    model.take(all.sessions, all.entries);
    QTRY_VERIFY(model.isComplete());
    QTRY_COMPARE(view.verticalScrollBar()->value(), view.verticalScrollBar()->maximum());
    QVERIFY(view.verticalScrollBar()->maximum() > many / 2);
    model.asked = 0;
    const mail::TranscriptBatch more = batch("A", {client("QUIT")});
    model.take(more.sessions, more.entries);
    QCoreApplication::sendPostedEvents();
    QTRY_COMPARE(view.indexAt({100, view.viewport()->height() - 2}).row(), many + 1);
    QVERIFY2(model.asked < many / 10, qPrintable(QString::number(model.asked)));
}

void TranscriptTest::homeAndEndGoToTheEnds()
{
    ui::TranscriptModel model;
    ui::TranscriptView view(&model);
    view.resize(800, 100);
    view.show();
    QTest::keyClick(&view, Qt::Key_End); // where there is nothing
    QVERIFY(!view.currentIndex().isValid());
    const mail::TranscriptBatch lines = batch("A", QList<smtp::TranscriptEntry>(20, client("NOOP")));
    model.take(lines.sessions, lines.entries);
    QTest::keyClick(&view, Qt::Key_Home);
    QCOMPARE(view.currentIndex().row(), 0);
    QVERIFY(!view.isFollowing());
    QTest::keyClick(&view, Qt::Key_End);
    QCOMPARE(view.currentIndex().row(), 20);
    QVERIFY(view.isFollowing());
    QTest::keyClick(&view, Qt::Key_Home, Qt::ShiftModifier);
    QCOMPARE(view.selectionModel()->selectedRows().size(), 21);
}

void TranscriptTest::followsTheEndUntilScrolledUp()
{
    test::FakeSessions sessions;
    ui::TranscriptPane pane(sessions);
    pane.resize(700, 240);
    pane.show();
    QVERIFY(QTest::qWaitForWindowExposed(&pane));
    QList<smtp::TranscriptEntry> many(100, client("NOOP"));
    sessions.record(batch("a", many));
    QTRY_COMPARE(pane.model()->rowCount(), 101);
    QScrollBar *bar = pane.view()->verticalScrollBar();
    QTRY_VERIFY(bar->maximum() > 0 && bar->value() == bar->maximum());

    bar->setValue(0);
    QVERIFY(!pane.view()->isFollowing());
    sessions.record(batch("a", {server("250 ok"), server("250 ok")}));
    QTRY_COMPARE(pane.model()->rowCount(), 103);
    QCOMPARE(bar->value(), 0);
    QVERIFY(pane.view()->newLinesButton()->isVisible());
    QVERIFY(pane.view()->newLinesButton()->text().contains(QLatin1Char('2')));
    QTest::mouseClick(pane.view()->newLinesButton(), Qt::LeftButton);
    QTRY_COMPARE(bar->value(), bar->maximum());
    QVERIFY(!pane.view()->newLinesButton()->isVisible());
}

void TranscriptTest::lightsUpCommandAndReply()
{
    test::FakeSessions sessions;
    ui::TranscriptPane pane(sessions);
    pane.resize(700, 240);
    pane.show();
    QVERIFY(QTest::qWaitForWindowExposed(&pane));
    sessions.record(batch("a", {client("NOOP"), server("250 ok"), client("QUIT"), server("221 bye")}));
    QTRY_COMPARE(pane.model()->rowCount(), 5);
    const QRect place = pane.view()->visualRect(pane.model()->index(2));
    QTest::mouseClick(pane.view()->viewport(), Qt::LeftButton, {}, place.center());
    QCOMPARE(pane.view()->litExchange(), pane.model()->exchangeAt(1));
    QVERIFY(pane.view()->litExchange() != pane.model()->exchangeAt(3));
}

void TranscriptTest::paintsAlikeInMirroredWindows_data()
{
    QTest::addColumn<int>("row");
    QTest::newRow("session") << 0;
    QTest::newRow("client's line") << 1;
    QTest::newRow("server's line") << 2;
}

// The wire is read from left to right: each time keeps to its column.
void TranscriptTest::paintsAlikeInMirroredWindows()
{
    QFETCH(const int, row);
    ui::TranscriptModel model;
    const mail::TranscriptBatch taken = batch("a", {client("NOOP"), server("250 ok", 5)});
    model.take(taken.sessions, taken.entries);
    const ui::TranscriptDelegate delegate(&model, nullptr);
    const auto painted = [&](Qt::LayoutDirection direction) {
        QStyleOptionViewItem option;
        option.rect = QRect(0, 0, 700, 24);
        QImage image(option.rect.size(), QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.setLayoutDirection(direction);
        delegate.paint(&painter, option, model.index(row));
        painter.end();
        return image;
    };
    QCOMPARE(painted(Qt::RightToLeft), painted(Qt::LeftToRight));
}

void TranscriptTest::filtersByTypedWords()
{
    test::FakeSessions sessions;
    ui::TranscriptPane pane(sessions);
    pane.show();
    sessions.record(batch("a", {client("RCPT TO:<bob@example.org>"), client("QUIT")}));
    QTRY_COMPARE(pane.model()->rowCount(), 3);
    auto *words = pane.findChild<QLineEdit *>();
    QVERIFY(words);
    QTest::keyClicks(words, QStringLiteral("BOB@"));
    QCOMPARE(texts(*pane.model()), QStringList(QStringLiteral("RCPT TO:<bob@example.org>")));
    words->clear();
    QCOMPARE(texts(*pane.model()).size(), 2);
}

void TranscriptTest::copiesPlainText()
{
    test::FakeSessions sessions;
    ui::TranscriptPane pane(sessions);
    pane.show();
    sessions.record(batch("a", {client("HELO \x1b[2J"), server("250 ok")}));
    QTRY_COMPARE(pane.model()->rowCount(), 3);
    pane.view()->setFocus();
    pane.view()->selectAll();
    QTest::keySequence(pane.view(), QKeySequence::Copy);
    const QStringList lines
        = QGuiApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].startsWith(QLatin1Char('#')));
    QVERIFY(lines[1].endsWith(QStringLiteral("C  HELO \\x1B[2J")));
    QVERIFY(lines[2].endsWith(QStringLiteral("S  250 ok")));
}

void TranscriptTest::doesNothingWhileHidden()
{
    test::FakeSessions sessions;
    ui::TranscriptPane pane(sessions);
    sessions.record(batch("a", {client("QUIT")}));
    QTest::qWait(0);
    QCOMPARE(pane.model()->rowCount(), 0);
    pane.show();
    QCOMPARE(pane.model()->rowCount(), 2);
}

QTEST_MAIN(TranscriptTest)
#include "tst_transcript.moc"
