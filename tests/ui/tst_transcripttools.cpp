#include "tests/support/dialogues.h"
#include "tests/support/fakesessions.h"
#include "ui/transcript/linepieces.h"
#include "ui/transcript/transcriptmodel.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/transcript/transcripttext.h"
#include "ui/transcript/transcriptview.h"
#include "ui/words/commandmeanings.h"
#include "ui/words/replymeanings.h"

#include <QAbstractButton>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;
using Direction = TranscriptModel::Direction;

namespace {

void fill(TranscriptModel &model, const mail::TranscriptBatch &batch)
{
    model.take(batch.sessions, batch.entries);
}

/// A session with hostile and broken octets in it.
mail::TranscriptBatch oddSession()
{
    return test::sessionBatch(test::sessionFacts("0ABCDEFGHIJ000001"),
        test::dialogue({"S: 220 <b>here</b>", "C: MAIL FROM:<a&b@a.test> SIZE=10",
            "S: 550 5.7.1 \"no\" \x1b[31m", "C: \xff\xfe", "D: Subject: <script>\r\nbare\nend\r\n"}));
}

QList<std::pair<QByteArray, smtp::TranscriptEntry>> manyLines(int count)
{
    QList<std::pair<QByteArray, smtp::TranscriptEntry>> entries;
    entries.reserve(count);
    const smtp::TranscriptEntry command = test::said(smtp::Speaker::Client, "RCPT TO:<bob@example.org>"),
                                reply = test::said(smtp::Speaker::Server, "250 2.1.5 ok");
    for (int i = 0; i < count; ++i)
        entries.append({"a", i % 2 == 0 ? command : reply});
    return entries;
}

} // namespace

class TranscriptToolsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesToErrors()
    {
        TranscriptModel model;
        fill(model,
            test::sessionBatch(test::sessionFacts("0ABCDEFGHIJ000001", smtp::SessionOutcome::Broken),
                test::dialogue(
                    {"-: connected", "C: EHLO a", "S: 250 ok", "C: RCPT TO:<a@b>", "S: 450-not now",
                        "S: 450 later", "C: RCPT TO:<c@d>", "S: 550 no", "-: connection lost"})));
        // Row 0 is the session's header; a reply of several lines is one error, a broken session another.
        int row = -1;
        QList<int> found;
        for (int i = 0; i < 4; ++i)
            found << (row = model.errorFrom(row, Direction::Next));
        QCOMPARE(found, QList<int>({5, 8, 9, 5}));
        QCOMPARE(model.errorFrom(5, Direction::Previous), 9);
        QCOMPARE(model.errorFrom(-1, Direction::Previous), 9);
        QCOMPARE(model.errorFrom(6, Direction::Previous), 5);
        TranscriptModel fine;
        QCOMPARE(fine.errorFrom(-1, Direction::Next), -1);
        fill(fine, test::sessionBatch(test::sessionFacts("a"), test::dialogue({"C: NOOP", "S: 250 ok"})));
        QCOMPARE(fine.errorFrom(1, Direction::Next), -1);
    }

    void aRefusalWithoutReplyIsAnError()
    {
        TranscriptModel model;
        fill(model,
            test::sessionBatch(test::sessionFacts("a", smtp::SessionOutcome::Refused),
                test::dialogue({"-: connected", "-: the certificate does not verify"})));
        QCOMPARE(model.errorFrom(-1, Direction::Next), 2);
        QCOMPARE(model.errorFrom(2, Direction::Next), 2);
    }

    void keysGoToErrors()
    {
        test::FakeSessions sessions;
        TranscriptPane pane(sessions);
        pane.resize(900, 300);
        pane.show();
        QVERIFY(QTest::qWaitForWindowActive(&pane));
        sessions.record(test::sessionBatch(test::sessionFacts("a"),
            test::dialogue({"C: VRFY a", "S: 550 no", "C: NOOP", "S: 250 ok", "C: VRFY b", "S: 451 later"})));
        QTRY_COMPARE(pane.model()->rowCount(), 7);
        QSignalSpy chosen(&pane, &TranscriptPane::lineChosen);
        pane.view()->setFocus();
        pane.view()->goToRow(1);
        QTest::keyClick(pane.view(), Qt::Key_F8);
        QCOMPARE(pane.view()->currentIndex().row(), 2);
        QTest::keyClick(pane.view(), Qt::Key_F8);
        QCOMPARE(pane.view()->currentIndex().row(), 6);
        QTest::keyClick(pane.view(), Qt::Key_F8, Qt::ShiftModifier);
        QCOMPARE(pane.view()->currentIndex().row(), 2);
        QCOMPARE(chosen.size(), 3);
    }

    void saysWhatIsMeant_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QStringList>("clauses"); // in the order of the lines
        const auto row = [](const char *line, const QStringList &clauses) {
            QTest::newRow(line) << QByteArray(line) << clauses;
        };
        const auto all = [](std::initializer_list<const char *> clauses) {
            QStringList list;
            for (const char *clause : clauses)
                list << QLatin1String(clause);
            return list;
        };
        row("C: EHLO a.test", all({"RFC 5321 4.1.1.1"}));
        row("C: mail from:<a@b> size=10 BODY=8BITMIME SMTPUTF8 X-OWN=1",
            all({"RFC 5321 4.1.1.2", "RFC 1870", "RFC 6152", "RFC 6531"}));
        row("C: RCPT TO:<\"a NOTIFY=x>\"@b> NOTIFY=NEVER ORCPT=rfc822;a",
            all({"RFC 5321 4.1.1.3", "RFC 3461 4.1", "RFC 3461 4.2"}));
        row("C: BDAT 10 LAST", all({"RFC 3030 2"}));
        row("C: STARTTLS", all({"RFC 3207 4"}));
        row("C: AUTH PLAIN", all({"RFC 4954 4"}));
        row("C: XYZZY", {});
        row("S: 250-SIZE 1000", all({"RFC 5321 4.2.3", "RFC 1870 4"}));
        row("S: 250-AUTH=LOGIN", all({"RFC 5321 4.2.3", "RFC 4954 3"}));
        row("S: 550 5.1.1 no", all({"RFC 5321 4.2.3", "RFC 3463 3.2"}));
        row("S: 535 5.7.8 no", all({"RFC 4954 6", "RFC 4954 6"}));
        row("S: 556 5.1.10 no", all({"RFC 7504 4", "RFC 7505"}));
        row("S: 450 4.7.99 no", all({"RFC 5321 4.2.3", "RFC 3463 3.8"}));
        row("S: 399 odd", all({"RFC 5321 4.2.1"}));
        row("-: connected", {});
    }
    void saysWhatIsMeant()
    {
        QFETCH(const QByteArray, line);
        QFETCH(const QStringList, clauses);
        TranscriptModel model;
        fill(model, test::sessionBatch(test::sessionFacts("a"), test::dialogue({line})));
        const QString tip = model.data(model.index(1), Qt::ToolTipRole).toString();
        const QStringList lines = tip.split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), clauses.size());
        for (qsizetype i = 0; i < lines.size(); ++i)
            QVERIFY2(lines[i].contains(clauses[i]), qPrintable(lines[i]));
        // A screen reader gets the same.
        QCOMPARE(
            model.data(model.index(1), Qt::AccessibleDescriptionRole).toString().isEmpty(), lines.isEmpty());
        QCOMPARE(model.meaningAt(1).split(u'\n', Qt::SkipEmptyParts).size(), lines.size());
    }

    void everySubjectHasItsClause()
    {
        for (int subject = 0; subject <= 7; ++subject)
            QCOMPARE(statusCodeClause({5, subject, 0}), QStringLiteral("RFC 3463 3.%1").arg(subject + 1));
        QCOMPARE(statusCodeClause({5, 9, 0}), QStringLiteral("RFC 3463 3.1"));
        QVERIFY(statusCodeClause({}).isEmpty());
        QVERIFY(replyCodeMeaning(523).contains(QStringLiteral("ncryption")));
    }

    void showsOctets_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<QString>("controls");
        QTest::addColumn<QString>("letters"); // beside the hexadecimal digits
        QTest::newRow("plain") << QByteArray("EHLO a") << QStringLiteral("EHLO a")
                               << QStringLiteral("EHLO a");
        QTest::newRow("line end") << QByteArray("a\r\n") << QString::fromUtf8("a␍␊") << QStringLiteral("a..");
        QTest::newRow("bare LF") << QByteArray("a\n") << QString::fromUtf8("a␊") << QStringLiteral("a.");
        QTest::newRow("NUL, DEL") << QByteArray("\0\x7f", 2) << QString::fromUtf8("␀␡")
                                  << QStringLiteral("..");
        QTest::newRow("blanks at the end")
            << QByteArray("a b \t \r\n") << QString::fromUtf8("a b·␉·␍␊") << QStringLiteral("a b . ..");
        QTest::newRow("blanks alone") << QByteArray("  ") << QString::fromUtf8("··") << QStringLiteral("  ");
        QTest::newRow("no UTF-8") << QByteArray("a\xff") << QStringLiteral("a\\xFF") << QStringLiteral("a.");
        QTest::newRow("direction") << QByteArray("\xe2\x80\xae") << QStringLiteral("\\u202E")
                                   << QStringLiteral("...");
    }
    void showsOctets()
    {
        QFETCH(const QByteArray, octets);
        QFETCH(const QString, controls);
        QFETCH(const QString, letters);
        QCOMPARE(withControlPictures(octets).text, controls);
        const QString hex = hexRow(octets, 16).text;
        QVERIFY(hex.startsWith(QStringLiteral("0010  ")));
        QVERIFY(hex.endsWith(QStringLiteral("  ") + letters));
        for (const char octet : octets)
            QVERIFY(hex.contains(QString::number(uchar(octet), 16).toUpper().rightJustified(2, u'0')));
        QCOMPARE(hex.size() - letters.size(), hexRow({}, 0).text.size());
    }

    void unfoldsInHexadecimal()
    {
        TranscriptModel model;
        fill(model,
            test::sessionBatch(test::sessionFacts("a"),
                test::dialogue({"C: RCPT TO:<somebody@example.org>", "D: one\r\ntwo\nthree"})));
        model.setOctetView(OctetView::Hex);
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(model.row(1).text.text.startsWith(QStringLiteral("0000  52 43 50 54")));
        model.toggleFold(1);
        QCOMPARE(model.rowCount(), 4);
        QVERIFY(model.row(2).text.text.startsWith(QStringLiteral("0010  ")));
        model.setOctetView(OctetView::Controls);
        QCOMPARE(model.rowCount(), 3);
        model.toggleFold(2);
        QCOMPARE(model.rowCount(), 6);
        QCOMPARE(model.row(3).text.text, QString::fromUtf8("one␍␊"));
        QCOMPARE(model.row(4).text.text, QString::fromUtf8("two␊"));
        QCOMPARE(model.row(5).text.text, QStringLiteral("three"));
    }

    void savesJsonLines()
    {
        TranscriptModel model;
        fill(model, oddSession());
        const QList<QByteArray> lines = jsonLines(model.saved()).trimmed().split('\n');
        QCOMPARE(lines.size(), 5);
        QList<QJsonObject> objects;
        for (const QByteArray &line : lines) {
            const QJsonDocument document = QJsonDocument::fromJson(line);
            QVERIFY(document.isObject());
            objects << document.object();
            QCOMPARE(
                objects.last()[QStringLiteral("session")].toString(), QStringLiteral("0ABCDEFGHIJ000001"));
        }
        QCOMPARE(objects[0][QStringLiteral("speaker")].toString(), QStringLiteral("server"));
        QCOMPARE(objects[0][QStringLiteral("text")].toString(), QStringLiteral("220 <b>here</b>"));
        QVERIFY(objects[0][QStringLiteral("at")].toString().startsWith(
            QStringLiteral("2023-11-14T22:13:20.000")));
        QCOMPARE(objects[2][QStringLiteral("elapsed")].toDouble(), 0.002);
        QCOMPARE(QByteArray::fromBase64(objects[3][QStringLiteral("base64")].toString().toLatin1()),
            QByteArray("\xff\xfe"));
        QVERIFY(objects[4][QStringLiteral("data")].toBool());
        QCOMPARE(objects[4][QStringLiteral("text")].toString(),
            QStringLiteral("Subject: <script>\r\nbare\nend\r\n"));
    }

    void savesAPageThatIsWhole()
    {
        TranscriptModel model;
        fill(model, oddSession());
        const QByteArray page = transcriptPage(model.saved(), QDateTime::currentDateTime());
        QVERIFY(page.startsWith("<!DOCTYPE html>"));
        QVERIFY(page.contains("default-src 'none'"));
        QVERIFY(page.contains("&lt;b&gt;here&lt;/b&gt;"));
        QVERIFY(page.contains("&lt;script&gt;"));
        QVERIFY(page.contains("a&amp;b@a.test"));
        QVERIFY(page.contains("RFC 3463 3.8")); // the meaning of 5.7.1, as a tip
        for (const char *never : {"<script", "<b>", "<img", "<link", "http://", "https://", "\x1b"})
            QVERIFY2(!page.contains(never), never);
        QCOMPARE(page.count("<tr"), page.count("</tr>"));
        QCOMPARE(page.count("<tr class"), 5);
    }

    void savesByTheNamesEnding_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("text") << QStringLiteral("a.txt") << QByteArray("#FGHIJ ");
        QTest::newRow("lines") << QStringLiteral("a.jsonl") << QByteArray("{\"session\":");
        QTest::newRow("page") << QStringLiteral("a.HTML") << QByteArray("<!DOCTYPE html>");
    }
    void savesByTheNamesEnding()
    {
        QFETCH(const QString, name);
        QFETCH(const QByteArray, begin);
        const QTemporaryDir folder;
        test::FakeSessions sessions;
        TranscriptPane pane(sessions);
        pane.show();
        sessions.record(oddSession());
        QTRY_COMPARE(pane.model()->rowCount(), 6);
        for (QAbstractButton *button : pane.findChildren<QAbstractButton *>()) {
            if (button->accessibleName() == QStringLiteral("Save"))
                button->click();
        }
        auto *dialog = pane.findChild<QFileDialog *>();
        QVERIFY(dialog != nullptr);
        QCOMPARE(dialog->nameFilters().size(), 3);
        const QString path = folder.filePath(name);
        dialog->selectFile(path);
        static_cast<QDialog *>(dialog)->accept();
        QTRY_VERIFY(QFile::exists(path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().startsWith(begin));
    }

    /// What the window does at once costs the same with a hundred thousand lines and with a million.
    void aMillionLinesDoNotHoldUp()
    {
        constexpr int few = 100'000, many = 1'000'000;
        const auto longestTurn = [](int count) {
            TranscriptModel model(nullptr, 2 * many);
            const auto entries = manyLines(count);
            for (qsizetype at = 0; at < entries.size(); at += 5000)
                model.take({}, entries.mid(at, 5000));
            QElapsedTimer timer;
            qint64 longest = 0;
            timer.start();
            const auto turn = [&] { longest = std::max(longest, timer.nsecsElapsed()), timer.start(); };
            model.setFilter({false, parseLineFilter(QStringLiteral("verb:RCPT code:250 BOB@"))});
            turn();
            while (!model.isComplete()) {
                timer.start();
                QCoreApplication::sendPostedEvents();
                QCoreApplication::processEvents(QEventLoop::AllEvents);
                turn();
            }
            if (model.rowCount() != count / 2 + 1)
                return qint64(-1);
            timer.start();
            model.take({}, manyLines(100));
            turn();
            return longest;
        };
        const qint64 small = longestTurn(few), large = longestTurn(many);
        QVERIFY(small > 0 && large > 0);
        QVERIFY2(
            large < 5 * small + 20'000'000, qPrintable(QStringLiteral("%1 ns, %2 ns").arg(small).arg(large)));
    }
};

QTEST_MAIN(TranscriptToolsTest)
#include "tst_transcripttools.moc"
