// RFC 3030 where a script is not enough: every cut, flat memory, an owner who is slow. Rows bear the line of
// the server catalogue.
#include "tests/support/memoryserver.h"
#include "tests/support/memoryuse.h"

#include <QTest>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::test;

namespace {

const QByteArray toRcpt = "EHLO a.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.test>\r\n";
const QByteArray inBinary
    = "EHLO a.example\r\nMAIL FROM:<a@example.org> BODY=BINARYMIME\r\nRCPT TO:<b@example.test>\r\n";

QByteArray chunk(const QByteArray &octets, bool isLast = false)
{
    return "BDAT " + QByteArray::number(octets.size()) + (isLast ? " LAST" : "") + "\r\n" + octets;
}

/// The codes of the replies, one for each last line.
QByteArray codesOf(const QByteArray &replies)
{
    QByteArray codes;
    for (const QByteArray &line : replies.split('\n')) {
        if (line.size() > 3 && line.at(3) == ' ')
            codes += line.left(3) + ' ';
    }
    return codes.trimmed();
}

} // namespace

class TestServerChunks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyCut_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QByteArray>("codes");
        QTest::addColumn<QByteArray>("body");
        const auto row
            = [](const char *name, const QByteArray &said, const char *codes, const QByteArray &body) {
                  QTest::newRow(name) << toRcpt + said << "250 250 250 " + QByteArray(codes) << body;
              };
        row("S55 two chunks", chunk("x: y\r\n") + chunk("\r\n.\r\n", true), "250 250", "x: y\r\n\r\n.\r\n");
        row("S56 BDAT 0 LAST", chunk("x: y\r\n") + "NOOP\r\n" + chunk({}, true), "250 250 250", "x: y\r\n");
        row("S59 eaten", "RSET\r\n" + chunk("QUIT\r\n", true) + "NOOP\r\n", "250 503 250", {});
        row("S60 DATA between", chunk("x: y\r\n") + "DATA\r\n" + chunk({}, true), "250 503 250", "x: y\r\n");
        row("S62 RSET between", chunk("x: y\r\n") + "RSET\r\nNOOP\r\n", "250 250 250", {});
        row("S63 chunks behind one that failed",
            chunk("\n\n") + chunk("QUIT\r\n") + chunk("RSET\r\n", true) + "NOOP\r\n", "550 503 503 250", {});
        row("S64 inside CRLF, UTF-8 and at a dot",
            chunk("x: y\r\n\r") + chunk("\n.\r\n\xc3") + chunk("\xa4\r\n", true), "250 250 250",
            "x: y\r\n\r\n.\r\n\xc3\xa4\r\n");
    }

    void everyCut()
    {
        QFETCH(QByteArray, said);
        QFETCH(QByteArray, codes);
        QFETCH(QByteArray, body);
        for (qsizetype cut = 0; cut <= said.size(); ++cut) {
            MemoryServer server;
            QCOMPARE(codesOf(server.sayAtOnce(said, cut)), codes);
            QCOMPARE(server.mail.messages.size(), body.isEmpty() ? 0 : 1);
            QCOMPARE(server.mail.messages.value(0).body, body);
        }
    }

    void binaryIsKept() // S53
    {
        MemoryServer server([](MemoryServer &prepared) { prepared.settings.offerBinaryMime = true; });
        QByteArray every;
        for (int octet = 0; octet < 256; ++octet)
            every += static_cast<char>(octet);
        every += "\r\n.\r\n\r\n\n\r";
        server.say(inBinary);
        for (const char octet : std::as_const(every))
            QCOMPARE(codesOf(server.say(chunk(QByteArray(1, octet)))), QByteArray("250"));
        QCOMPARE(codesOf(server.say(chunk({}, true))), QByteArray("250"));
        QCOMPARE(server.mail.messages.value(0).body, every);
        QCOMPARE(server.mail.messages.value(0).envelope.body, smtp::BodyType::BinaryMime);
    }

    void smallChunks() // S65
    {
        MemoryServer server;
        server.mail.keepBodies = false;
        server.say(toRcpt);
        const auto repeat = [&](int times) {
            for (int i = 0; i < times; ++i) {
                if (codesOf(server.say("BDAT 1\r\nx")) != "250")
                    return false;
                if (i % 1000 == 0)
                    server.transcripts.entries = {};
            }
            server.transcripts.entries = {};
            return true;
        };
        QVERIFY(repeat(2000));
        const qint64 before = memoryInUse();
        QVERIFY(repeat(100'000));
        const qint64 grown = memoryInUse() - before;
        QVERIFY2(grown < 256 * 1024, QByteArray::number(grown).constData());
        QCOMPARE(codesOf(server.say(chunk({}, true))), QByteArray("250"));
        QCOMPARE(server.mail.octetsTaken, qint64(102'000));
    }

    void hugeChunkIsEaten() // S63: memory flat, and nothing of it reaches the owner
    {
        MemoryServer server;
        server.say(toRcpt + "BDAT 200000000 LAST\r\n");
        const QByteArray piece(64 * 1024, 'x');
        const qint64 before = memoryInUse();
        for (qint64 left = 200'000'000; left > 0; left -= piece.size())
            server.conversation.receive(QByteArrayView(piece).first(std::min<qint64>(left, piece.size())));
        QVERIFY(memoryInUse() - before < 256 * 1024);
        QVERIFY(server.take().startsWith("552 5.3.4"));
        QCOMPARE(server.mail.octetsTaken, qint64(0));
        QCOMPARE(codesOf(server.say("NOOP\r\n")), QByteArray("250"));
    }

    /// The octets of a chunk are often there before the owner has said yes.
    void ownerAnswersLater_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("codes");
        QTest::newRow("S55 taken") << QByteArray() << QByteArray("250 250");
        QTest::newRow("S113 refused") << QByteArray("452 4.3.1 Full") << QByteArray("452 503");
    }

    void ownerAnswersLater()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, codes);
        MemoryServer server;
        server.say(toRcpt);
        server.mail.holdAnswers = true;
        if (!answer.isEmpty())
            server.mail.answers[StubMail::Question::Data]["*"] = replyFrom(answer);
        QCOMPARE(server.say(chunk("x: y\r\n") + chunk("\r\n", true)), QByteArray());
        QVERIFY(!server.conversation.isReading());
        server.mail.release();
        server.mail.release(); // the answer to the end, where there was one
        QCOMPARE(codesOf(server.take()), codes);
        QCOMPARE(server.mail.messages.size(), answer.isEmpty() ? 1 : 0);
    }

    void pausedChunkIsKept()
    {
        MemoryServer server;
        server.say(toRcpt);
        server.mail.pauseData = true;
        QCOMPARE(server.say(chunk("x: y\r\n") + chunk("\r\n", true)), QByteArray());
        QVERIFY(!server.conversation.isReading());
        server.conversation.resumeData();
        QCOMPARE(server.conversation.state(), smtp::ServerState::Chunk);
        server.mail.pauseData = false;
        server.conversation.resumeData();
        QCOMPARE(codesOf(server.take()), QByteArray("250 250"));
        QCOMPARE(server.mail.messages.value(0).body, QByteArray("x: y\r\n\r\n"));
    }

    void shutdownInsideAChunk() // S112
    {
        MemoryServer server;
        server.say(toRcpt + "BDAT 100\r\nx: y\r\n");
        server.conversation.shutdown();
        QVERIFY(server.take().startsWith("421 4.3.2"));
        QVERIFY(server.mail.messages.isEmpty());
        QVERIFY(server.transcripts.lines().contains("C= 6"));
    }
};

QTEST_GUILESS_MAIN(TestServerChunks)
#include "tst_serverchunks.moc"
