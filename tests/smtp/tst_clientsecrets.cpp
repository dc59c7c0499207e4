// What a client does with secrets: a server that says one back does not put it into transcript or report, and
// a server that asks for endless work to sign in gets none.
#include "tests/support/busylongwork.h"
#include "tests/support/courier.h"
#include "tests/support/loopwatch.h"

#include <QTest>
#include <QThreadPool>

using namespace glasspost;
using namespace glasspost::test;

namespace {

const QByteArray secret = "tr0ub4dor&3";

/// The whole of what is kept of a session: its transcript, its facts, and the report.
QByteArray kept(const Courier &courier)
{
    QByteArray all = courier.transcript();
    for (const smtp::SessionFacts &facts : courier.transcripts.sessions)
        all += '\n' + facts.ending + '\n' + facts.peerName;
    const smtp::RecipientReport &report = courier.recipient;
    return all + '\n' + report.reply.toBytes() + '\n' + report.command + '\n' + report.reason;
}

smtp::ClientSettings withPassword(const QByteArray &mechanism)
{
    smtp::ClientSettings settings = settingsFor(smtp::TlsMode::None);
    settings.credentials = {user, secret, smtp::ClearAuth::Loopback};
    settings.credentials.mechanisms = {mechanism};
    return settings;
}

/// A server that signs in by SCRAM-SHA-256 with as many rounds as it likes, and says what came of it.
class ScramServer
{
public:
    explicit ScramServer(QByteArray iterations) : m_iterations(std::move(iterations)) { }

    QList<QByteArray> lines;
    LineServer server{[this](QTcpSocket &socket, int, const QByteArray &line) {
        lines.append(line);
        if (line.startsWith("EHLO"))
            socket.write("250-mx\r\n250 AUTH SCRAM-SHA-256\r\n");
        else if (line.startsWith("AUTH"))
            socket.write("334 " + firstMessage(line).toBase64() + "\r\n");
        else
            socket.write(line == "*" ? "501 cancelled\r\n"
                    : line == "QUIT" ? "221 bye\r\n"
                                     : "535 5.7.8 no\r\n");
    }};

private:
    [[nodiscard]] QByteArray firstMessage(const QByteArray &line) const
    {
        const QByteArray first = QByteArray::fromBase64(line.mid(line.lastIndexOf(' ') + 1));
        return "r=" + first.mid(first.indexOf(",r=") + 3) + "server,s=c2FsdHNhbHQ=,i=" + m_iterations;
    }

    QByteArray m_iterations;
};

} // namespace

class TestClientSecrets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void echo_data()
    {
        QTest::addColumn<QByteArray>("mechanism");
        QTest::addColumn<QByteArray>("echo");
        const QByteArray plain64 = QByteArray('\0' + user + '\0' + secret).toBase64();
        const auto row = [](const char *tag, const QByteArray &mechanism, const QByteArray &echo) {
            QTest::newRow(tag) << mechanism << echo;
        };
        for (const QByteArray code : {"535 5.7.8 ", "435 4.7.8 ", "235 2.7.0 ", "504 5.5.4 ", "421 4.7.0 "}) {
            QTest::addRow("T87 echoed raw by %s", code.constData())
                << QByteArray("PLAIN") << code + "wrong: " + secret + "\r\n";
            QTest::addRow("T87 echoed as said by %s", code.constData())
                << QByteArray("PLAIN") << code + "AUTH PLAIN " + plain64 + "\r\n";
        }
        row("T87 echoed in upper case", "PLAIN", "535 BAD " + secret.toUpper() + "\r\n");
        row("T87 echoed in base64, glued", "PLAIN", "535 got" + secret.toBase64() + "\r\n");
        row("T87 echoed in hexadecimal", "LOGIN", "535 got=" + secret.toHex() + "\r\n");
        row("T87 echoed in the first of some lines", "PLAIN", "535-" + secret + "\r\n535 so\r\n");
        row("T87 echoed in a line that is no reply", "PLAIN", secret + "\r\n");
        row("T87 echoed in half a line", "PLAIN", "535 " + secret);
        row("T87 echoed in a challenge", "PLAIN", "334 " + secret.toBase64() + "\r\n");
        row("T87 echoed in a challenge that is no base64", "PLAIN", "334 " + secret + "\r\n");
        row("T87 echoed by LOGIN", "LOGIN", "535 5.7.8 " + secret.toBase64() + " is wrong\r\n");
    }

    void echo()
    {
        QFETCH(QByteArray, mechanism);
        QFETCH(QByteArray, echo);
        int prompts = 0;
        LineServer server([&](QTcpSocket &socket, int, const QByteArray &line) {
            const bool isLogin = mechanism == "LOGIN";
            if (line.startsWith("EHLO")) {
                socket.write("250-mx\r\n250 AUTH PLAIN LOGIN\r\n");
            } else if (line == "QUIT") {
                socket.write("221 goodbye " + secret + "\r\n");
                socket.disconnectFromHost();
            } else if (isLogin && prompts < 2 && ++prompts > 0) {
                socket.write(prompts == 1 ? "334 VXNlcm5hbWU6\r\n" : "334 UGFzc3dvcmQ6\r\n");
            } else {
                socket.write(line.startsWith("MAIL") ? "550 5.7.1 " + secret + "\r\n" : echo);
                if (!echo.endsWith('\n'))
                    socket.disconnectFromHost();
            }
        });
        const Courier courier(withPassword(mechanism), server.port());
        QTRY_VERIFY(courier.finished);
        const QByteArray all = kept(courier);
        for (const QByteArray &form : {secret, secret.toUpper(), secret.toBase64().chopped(2), secret.toHex(),
                 QByteArray('\0' + user + '\0' + secret).toBase64().chopped(2)})
            QVERIFY2(!all.contains(form), all.constData());
        QVERIFY2(all.contains("C: AUTH " + mechanism), all.constData());
        QVERIFY2(all.contains("***"), all.constData());
    }

    /// A password that is a word of the protocol changes nothing of what is done.
    void protocolWord_data()
    {
        QTest::addColumn<QByteArray>("word");
        for (const char *word : {"PLAIN", "AUTH", "250", "SIZE", "VXNlcm5hbWU6", "mx"})
            QTest::addRow("T87 the password is %s", word) << QByteArray(word);
    }

    void protocolWord()
    {
        QFETCH(QByteArray, word);
        LineServer server([&](QTcpSocket &socket, int, const QByteArray &line) {
            socket.write(line.startsWith("EHLO") ? "250-mx\r\n250-SIZE 1000\r\n250 AUTH PLAIN\r\n"
                    : line == "DATA"             ? "354 go\r\n"
                    : line.startsWith("AUTH")    ? "235 ok\r\n"
                    : line == "QUIT"             ? "221 bye\r\n"
                    : line.contains(':') && !line.startsWith("MAIL") && !line.startsWith("RCPT") ? ""
                    : line.isEmpty() || line == "Hello"                                          ? ""
                                                        : "250 ok\r\n");
        });
        smtp::ClientSettings settings = withPassword("PLAIN");
        settings.credentials.password = word;
        const Courier courier(settings, server.port());
        QTRY_VERIFY(courier.finished);
        QVERIFY2(courier.recipient.result == smtp::DeliveryResult::Delivered, kept(courier).constData());
    }

    void iterations_data()
    {
        QTest::addColumn<QByteArray>("count");
        QTest::addColumn<bool>("isTaken");
        const auto row = [](const char *tag, const char *count, bool isTaken) {
            QTest::newRow(tag) << QByteArray(count) << isTaken;
        };
        row("T86 the largest number", "4294967295", false);
        row("T86 past 32 bits", "4294971392", false);
        row("T86 past 64 bits", "18446744073709555712", false);
        row("T86 past the bound", "1000001", false);
        row("T86 one", "1", false);
        row("T86 none", "0", false);
        row("T86 negative", "-1", false);
        row("T86 no number", "many", false);
        row("T86 just too few", "4095", false);
        row("T86 the fewest", "4096", true);
        row("T86 the most", "1000000", true);
    }

    /// Refused with words and "*"; what is taken keeps nobody waiting.
    void iterations()
    {
        QFETCH(QByteArray, count);
        QFETCH(bool, isTaken);
        ScramServer scram(count);
        const LoopWatch watch;
        const Courier courier(withPassword("SCRAM-SHA-256"), scram.server.port());
        QTRY_VERIFY_WITH_TIMEOUT(courier.finished, 20000);
        QVERIFY2(watch.longest() < LoopWatch::bound(), qPrintable(QString::number(watch.longest().count())));
        QCOMPARE(scram.lines.contains("*"), !isTaken);
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
        const QByteArray words = "the server's SCRAM iteration count, " + count + ',';
        QCOMPARE(courier.recipient.reason.startsWith(words), !isTaken);
        QCOMPARE(courier.recipient.reply.code, isTaken ? 535 : 0);
    }

    /// As many large messages as can be converted at once keep no sign-in waiting.
    void besideLongWork()
    {
        const BusyLongWork busy;
        ScramServer scram("4096");
        const Courier courier(withPassword("SCRAM-SHA-256"), scram.server.port());
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.recipient.reply.code, 535); // it answered the challenge
    }

    /// Nothing waits for the work of a session that has gone.
    void goneMeanwhile()
    {
        ScramServer scram("1000000");
        {
            const Courier courier(withPassword("SCRAM-SHA-256"), scram.server.port());
            QTRY_VERIFY(courier.transcript().contains("S: 334 "));
        }
        QVERIFY(QThreadPool::globalInstance()->waitForDone(10000));
        QCoreApplication::processEvents();
    }

    /// A server that does not wait for the response.
    void impatient()
    {
        LineServer server([&](QTcpSocket &socket, int, const QByteArray &line) {
            const QByteArray first = QByteArray::fromBase64(line.mid(line.lastIndexOf(' ') + 1));
            const QByteArray challenge
                = "r=" + first.mid(first.indexOf(",r=") + 3) + "x,s=c2FsdHNhbHQ=,i=400000";
            socket.write(line.startsWith("EHLO")
                    ? "250-mx\r\n250 AUTH SCRAM-SHA-256\r\n"
                    : "334 " + challenge.toBase64() + "\r\n334 " + challenge.toBase64() + "\r\n");
        });
        const Courier courier(withPassword("SCRAM-SHA-256"), server.port());
        QTRY_VERIFY(courier.finished);
        QVERIFY(QThreadPool::globalInstance()->waitForDone(10000));
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
    }
};

QTEST_GUILESS_MAIN(TestClientSecrets)
#include "tst_clientsecrets.moc"
