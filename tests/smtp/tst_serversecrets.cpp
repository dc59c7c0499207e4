// What a listener does with secrets: none reaches the transcript, whatever the way they come; no password
// holds up anybody else; and no answer tells who has an account.
#include "smtp/server/keyderivation.h"
#include "tests/support/loopwatch.h"
#include "tests/support/memoryserver.h"

#include <QTest>

#include <array>
#include <numeric>

using namespace glasspost;
using namespace glasspost::test;

namespace {

const QByteArray name = "alice@example.test";
const QByteArray secret = "tr0ub4dor&3";

/// The secret as clients may write it.
QList<QByteArray> formsOfSecret()
{
    QByteArray wide;
    for (const char c : secret)
        wide += QByteArray(1, c) + '\0';
    const QByteArray plain = '\0' + name + '\0' + secret;
    return {secret, secret.toBase64(), plain.toBase64(), wide, wide.toBase64(), secret.toHex(),
        secret.toPercentEncoding()};
}

QByteArray leaked(const StubTranscripts &transcripts)
{
    for (const smtp::TranscriptEntry &entry : transcripts.entries) {
        for (const QByteArray &form : formsOfSecret()) {
            if (entry.bytes.contains(form) || entry.bytes.contains(form.chopped(2)))
                return entry.bytes;
        }
    }
    return {};
}

enum class Stage { Greeted, Identified, InTransaction };
enum class Offer { Auth, Nothing, UnderTls };

QByteArray opening(Stage stage)
{
    switch (stage) {
    case Stage::Greeted:
        return {};
    case Stage::Identified:
        return "EHLO client.test\r\n";
    case Stage::InTransaction:
        return "EHLO client.test\r\nMAIL FROM:<a@client.test>\r\nRCPT TO:<b@example.test>\r\n";
    }
    return {};
}

void prepare(MemoryServer &server, Offer offer)
{
    server.settings.limits.errors = 1000;
    server.settings.limits.authFailures = 1000;
    if (offer == Offer::Nothing)
        return;
    offerAuth(server);
    server.settings.mechanisms = {"SCRAM-SHA-256", "PLAIN", "LOGIN"};
    if (offer == Offer::UnderTls)
        server.settings.clearAuth = smtp::ClearAuth::Never;
}

} // namespace

class TestServerSecrets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void transcript_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QByteArray>("shown"); // of the line with the secret, or what comes last
        const QByteArray user64 = name.toBase64();
        const QByteArray secret64 = secret.toBase64();
        const QByteArray plain64 = QByteArray('\0' + name + '\0' + secret).toBase64();
        const auto row = [](const char *tag, const QByteArray &said, const char *shown) {
            QTest::newRow(tag) << said << QByteArray(shown);
        };
        row("T87 an initial response", "AUTH PLAIN " + plain64, "AUTH PLAIN ***");
        row("T87 in lower case", "auth plain " + plain64, "auth plain ***");
        row("T87 two blanks", "AUTH  PLAIN  " + plain64, "AUTH  PLAIN ***");
        row("T87 a tab", "AUTH\tPLAIN\t" + plain64, "AUTH\tPLAIN ***");
        row("T87 a blank before", " AUTH PLAIN " + plain64, " AUTH PLAIN ***");
        row("T87 a tab before", "\tAUTH PLAIN " + plain64, "\tAUTH PLAIN ***");
        row("T87 an octet 00 before", QByteArray("\0AUTH PLAIN ", 12) + plain64, nullptr);
        row("T87 a byte order mark before",
            "\xef\xbb\xbf"
            "AUTH PLAIN "
                + plain64,
            nullptr);
        row("T87 with an equals sign", "AUTH=PLAIN " + plain64, "AUTH=PLAIN ***");
        row("T87 a colon", "AUTH: PLAIN " + plain64, "AUTH: PLAIN ***");
        row("T87 glued together", "AUTHPLAIN " + plain64, "AUTHPLAIN ***");
        row("T87 misspelt", "AUHT PLAIN " + plain64, "AUHT PLAIN ***");
        row("T87 no mechanism", "AUTH " + secret64, "AUTH ***");
        row("T87 an unknown mechanism", "AUTH X-MINE " + plain64, "AUTH ***");
        row("T87 a mechanism that is not offered", "AUTH NTLM " + plain64, "AUTH NTLM ***");
        row("T87 then the lines of LOGIN", "AUTH NTLM\r\n" + user64 + "\r\n" + secret64, "***");
        row("T87 then raw lines", "AUTH LOGIN " + user64 + "\r\n*\r\n" + name + "\r\n" + secret, "***");
        row("T13 a response that is no base64", "AUTH LOGIN\r\n%%%\r\n" + secret64, "***");
        row("T13 a name that is no base64", "AUTH LOGIN\r\nalice\r\n" + secret, "***");
        row("T13 a malformed PLAIN", "AUTH PLAIN\r\nAAAA\r\n" + plain64, "***");
        row("T13 SCRAM, broken off", "AUTH SCRAM-SHA-256\r\nbiws\r\n" + plain64, "***");
        row("T87 cancelled", "AUTH LOGIN\r\n*\r\n" + secret64, "***");
        row("T87 refused, and again", "AUTH PLAIN AGEAYg==\r\n" + user64 + "\r\n" + secret64, "***");
        row("T87 signed in, and once more", "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n" + secret64, "***");
        row("T87 with a verb that has no argument", "AUTH X\r\nDATA " + secret, "***");
        row("T87 with a verb that has any argument", "AUTH X\r\nNOOP " + secret, "***");
        row("T87 for a person to check", "AUTH X\r\nVRFY " + secret, "***");
        row("T87 as an option of NOOP", "NOOP AUTH PLAIN " + plain64, "NOOP AUTH PLAIN ***");
        row("T87 too long", "AUTH PLAIN " + plain64 + QByteArray(20000, 'A'), "AUTH PLAIN ***");
        row("T87 a bare line feed", "AUTH LOGIN\n" + user64 + "\n" + secret64, "AUTH LOGIN ***");
        row("T87 behind a sender and a bare line feed", "MAIL FROM:<a@b.test>\nAUTH PLAIN " + plain64,
            nullptr);
        row("T87 behind a tab", "RCPT TO:<a@b.test>\tAUTH PLAIN " + plain64, nullptr);
        row("T87 behind an octet of TLS",
            "\x16"
            "AUTH PLAIN "
                + plain64,
            nullptr);
        row("T87 POP3", "USER alice\r\nPASS " + secret, "PASS ***");
        row("T87 IMAP", "a1 LOGIN alice " + secret, "a1 LOGIN ***");
        row("T87 IMAP and SASL", "a1 AUTHENTICATE PLAIN " + plain64, "a1 AUTHENTICATE PLAIN ***");
        row("T87 NNTP", "AUTHINFO PASS " + secret, "AUTHINFO ***");
        row("T87 HTTP", "Authorization: Basic " + secret64, "Authorization ***");
        row("T87 XCLIENT", "XCLIENT LOGIN=alice PASSWORD=" + secret, "XCLIENT LOGIN ***");
    }

    /// Each in every state and with every offer, whole and cut at each octet of the first lines.
    void transcript()
    {
        QFETCH(QByteArray, said);
        QFETCH(QByteArray, shown);
        for (const Offer offer : {Offer::Auth, Offer::Nothing, Offer::UnderTls}) {
            for (const Stage stage : {Stage::Greeted, Stage::Identified, Stage::InTransaction}) {
                for (const bool isCut : {false, true}) {
                    MemoryServer server([offer](MemoryServer &it) { prepare(it, offer); });
                    const QByteArray octets = opening(stage) + said + "\r\nRSET\r\nNOOP\r\n";
                    if (isCut) {
                        for (const char octet : octets)
                            server.say(QByteArray(1, octet));
                    } else {
                        server.say(octets);
                    }
                    QByteArray end = server.say("QUIT\r\n");
                    const QByteArray found = leaked(server.transcripts);
                    QVERIFY2(found.isEmpty(), found.constData());
                    const QList<QByteArray> lines = server.transcripts.lines();
                    QVERIFY2(end.contains("221") || server.closed, end.constData());
                    if (stage == Stage::Identified && offer == Offer::Nothing && !shown.contains('\n'))
                        QVERIFY2(
                            shown.isEmpty() || lines.contains("C: " + shown), lines.join('\n').constData());
                }
            }
        }
    }

    void beforeProxyHeader_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::newRow("T87 in place of a PROXY header") << QByteArray();
        QTest::newRow("T87 in place of a PROXY header, behind MAIL")
            << QByteArray("MAIL FROM:<a@b.test>\r\n");
        QTest::newRow("T87 behind half a PROXY header") << QByteArray("PROXY TCP4 ");
        QTest::newRow("T87 behind a broken binary header") << QByteArray("\r\n\r\n\0\r\nQUIT\n\x31\x11\0\x04"
                                                                         "abcd",
            20);
    }

    void beforeProxyHeader()
    {
        QFETCH(QByteArray, before);
        smtp::Binding binding;
        binding.proxyHeaders = smtp::ProxyHeaders::Expected;
        MemoryServer server(
            [](MemoryServer &it) {
                prepare(it, Offer::Auth);
                it.settings.trustedPeers = {{QHostAddress(QHostAddress::LocalHost), 8}};
            },
            binding);
        const QByteArray plain64 = QByteArray('\0' + name + '\0' + secret).toBase64();
        server.say(before + "AUTH PLAIN " + plain64 + "\r\n" + secret.toBase64() + "\r\n");
        server.conversation.end(smtp::ServerEnding::PeerClosed);
        const QByteArray found = leaked(server.transcripts);
        QVERIFY2(found.isEmpty(), found.constData());
    }

    /// What is no secret stays: nothing else is hidden.
    void stillShown_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line : {"EHLO login.example", "MAIL FROM:<login@example.test> AUTH=<>",
                 "RCPT TO:<pass@example.test>", "XFOO bar", "NOOP hello there", "VRFY login@example.test",
                 "AUTH PLAIN", "HELP AUTH", "XCLIENT ADDR=192.0.2.1 LOGIN=alice", "BDAT 0 LAST"})
            QTest::addRow("T87 shown: %s", line) << QByteArray(line);
        QTest::newRow("T87 shown after a sign-in") << QByteArray("AUTH X y\r\nRSET\r\nXFOO bar");
    }

    void stillShown()
    {
        QFETCH(QByteArray, line);
        MemoryServer server([](MemoryServer &it) { prepare(it, Offer::Nothing); });
        server.say("EHLO client.test\r\n" + line + "\r\n");
        const QByteArray last = line.mid(line.lastIndexOf('\n') + 1);
        const QList<QByteArray> lines = server.transcripts.lines();
        QVERIFY2(lines.contains("C: " + last), lines.join('\n').constData());
    }

    void longPasswords_data()
    {
        QTest::addColumn<QByteArray>("password");
        QTest::newRow("T85 9 kB") << QByteArray(9000, 'p');
        QTest::newRow("T85 3,000 U+FDFA") << QStringLiteral("\uFDFA").repeated(3000).toUtf8();
        QTest::newRow("T85 short, and long by SASLprep") << QStringLiteral("\uFDFA").repeated(340).toUtf8();
        QTest::newRow("T85 one octet too many") << QByteArray(smtp::longestPassword + 1, 'p');
    }

    /// Sign-in after sign-in: no turn of the loop is long, and a message comes in meanwhile.
    void longPasswords()
    {
        QFETCH(QByteArray, password);
        House house([](smtp::ServerSettings &settings) {
            settings.offerAuth = true;
            settings.limits.errorDelay = std::chrono::milliseconds(0);
            settings.limits.authFailures = 1000;
            settings.limits.errors = 1000;
        });
        house.mail.passwords.insert("alice", "secret");
        (void)house.mail.keysFor("alice"); // derived here, once
        const LoopWatch watch;
        const QByteArray plain = QByteArray("\0alice\0", 7) + password;
        std::array<QTcpSocket, 20> guessers;
        std::array<QByteArray, 20> said;
        for (std::size_t i = 0; i < guessers.size(); ++i) {
            QTcpSocket &guesser = guessers.at(i);
            connect(&guesser, &QTcpSocket::readyRead, this, [&, i] { said.at(i) += guesser.readAll(); });
            house.connectTo(guesser);
            guesser.write("EHLO client.test\r\n");
            for (int times = 0; times < 10; ++times)
                guesser.write("AUTH PLAIN " + plain.toBase64() + "\r\n");
        }
        const auto refused = [&said] {
            return std::accumulate(said.begin(), said.end(), qsizetype(0),
                [](qsizetype sum, const QByteArray &one) { return sum + one.count("535 5.7.8"); });
        };
        QTcpSocket sender;
        house.connectTo(sender);
        sender.write(toData + "Subject: x\r\n\r\nbody\r\n.\r\nQUIT\r\n");
        QTRY_COMPARE(house.mail.messages.size(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(refused(), qsizetype(200), 30000);
        QVERIFY2(watch.longest() < LoopWatch::bound(), qPrintable(QString::number(watch.longest().count())));
        QCOMPARE(smtp::makeScramKeys(password), smtp::ScramKeys());
    }

    /// A crowd of one address waits behind itself alone, and no longer than the bound.
    void sharedDerivation()
    {
        smtp::KeyDerivation derivation;
        const smtp::KeyRequest request{"secret", "salt", 10000};
        const QHostAddress crowd(QStringLiteral("2001:db8:1:2::1"));
        int ofCrowd = 0;
        int turnedAway = 0;
        const auto count
            = [&](const std::optional<smtp::ScramKeys> &keys) { ++(keys ? ofCrowd : turnedAway); };
        for (quint32 i = 0; i < 200; ++i)
            derivation.derive(crowd, request, this, count);
        int before = -1;
        derivation.derive(QHostAddress(QStringLiteral("192.0.2.1")), request, this,
            [&](const std::optional<smtp::ScramKeys> &keys) { before = keys ? ofCrowd : -2; });
        QTRY_VERIFY_WITH_TIMEOUT(before != -1, 30000);
        QVERIFY2(
            before >= 0 && before <= QThread::idealThreadCount() + 1, qPrintable(QString::number(before)));
        QTRY_COMPARE_WITH_TIMEOUT(ofCrowd + turnedAway, 200, 30000);
        QVERIFY2(turnedAway >= 90 && ofCrowd >= 100, qPrintable(QString::number(turnedAway)));
    }

    void derivationOfTheGone()
    {
        smtp::KeyDerivation derivation;
        bool heard = false;
        bool last = false;
        {
            QObject session;
            for (int i = 0; i < 50; ++i)
                derivation.derive(QHostAddress::LocalHost, {"secret", "salt", 10000}, &session,
                    [&](const auto &) { heard = true; });
        }
        derivation.derive(
            QHostAddress::LocalHost, {"secret", "salt", 10000}, this, [&](const auto &) { last = true; });
        QTRY_VERIFY(last);
        QVERIFY(!heard);
    }

    /// The order of a pipelined group holds while keys are derived elsewhere.
    void pipelinedBehind()
    {
        House house([](smtp::ServerSettings &settings) { settings.offerAuth = true; });
        house.mail.passwords.insert("alice", "secret");
        QTcpSocket client;
        QByteArray said;
        connect(&client, &QTcpSocket::readyRead, this, [&] { said += client.readAll(); });
        house.connectTo(client);
        client.write("EHLO client.test\r\nAUTH PLAIN " + QByteArray("\0alice\0secret", 13).toBase64()
            + "\r\nMAIL FROM:<a@client.test>\r\nQUIT\r\n");
        QTRY_VERIFY(said.contains("221 "));
        const qsizetype signedIn = said.indexOf("\r\n235 "), sender = said.indexOf("\r\n250 2.1.0");
        QVERIFY2(signedIn > 0 && sender > signedIn && said.indexOf("\r\n221 ") > sender, said.constData());
    }
};

QTEST_GUILESS_MAIN(TestServerSecrets)
#include "tst_serversecrets.moc"
