// Faults that other clients had, as catalogued: F6 injection by any field, F7 bodies whose dots end them, F41
// stale octets in a reply. Over real sockets where the wire matters.

#include "smtp/syntax/replyparser.h"
#include "tests/support/courier.h"

#include <QRandomGenerator>
#include <QTest>

using namespace glasspost;
using namespace glasspost::test;

namespace {

/// Octets that end lines, leave brackets, or begin another command, and what stands between them in real
/// addresses.
QByteArray nastyText(QRandomGenerator &random)
{
    static const QList<QByteArray> pieces{"\r\n", "\n", "\r", QByteArray(1, '\0'), ">", "<", " ", "\t", "\"",
        "\\", "@", "DATA", "\r\nRCPT TO:<x@y>\r\n", "bob", ".", "\xc3\xbc", "\x7f", "+", "=", ";", "a"};
    QByteArray text;
    const int count = random.bounded(5);
    for (int i = 0; i < count; ++i)
        text += pieces.at(random.bounded(int(pieces.size())));
    return text;
}

smtp::Envelope nastyEnvelope(QRandomGenerator &random)
{
    smtp::Envelope envelope;
    envelope.reversePath = {nastyText(random), nastyText(random)};
    envelope.envelopeId = nastyText(random);
    envelope.recipients.append({smtp::Mailbox{nastyText(random), nastyText(random)}, {}, nastyText(random)});
    envelope.recipients.append({smtp::Mailbox{"bob", "example.test"}, {}, nastyText(random)});
    return envelope;
}

/// Offers everything, takes everything, and keeps every line.
class Recorder
{
public:
    QList<QByteArray> lines;
    LineServer server{[this](QTcpSocket &socket, int, const QByteArray &line) {
        lines.append(line);
        if (line.startsWith("EHLO"))
            socket.write("250-mx\r\n250-DSN\r\n250-XCLIENT NAME ADDR\r\n250-AUTH PLAIN\r\n250 SMTPUTF8\r\n");
        else if (line == "DATA" || (m_inData && line != "."))
            socket.write(std::exchange(m_inData, true) ? "" : "354 go\r\n");
        else if (line == ".")
            socket.write(std::exchange(m_inData, false) ? "250 taken\r\n" : "500 what\r\n");
        else
            socket.write(line.startsWith("AUTH") ? "235 ok\r\n"
                    : line == "QUIT"             ? "221 bye\r\n"
                                                 : "250 ok\r\n");
    }};

    /// MAIL, then RCPT, then DATA, as far as it came.
    [[nodiscard]] bool isInOrder() const
    {
        QList<QByteArray> verbs;
        for (const QByteArray &line : lines) {
            if (line.startsWith("MAIL") || line.startsWith("RCPT") || line == "DATA")
                verbs.append(line.first(4));
        }
        verbs.erase(std::unique(verbs.begin(), verbs.end()), verbs.end());
        return QList<QByteArray>{"MAIL", "RCPT", "DATA"}.first(verbs.size()) == verbs;
    }

private:
    bool m_inData = false;
};

QByteArray randomBody(QRandomGenerator &random)
{
    static const QByteArray letters = "a.\n\r.b \n.";
    QByteArray message = "Subject: x\n\n";
    const int length = random.bounded(3000);
    for (int i = 0; i < length; ++i)
        message += letters.at(random.bounded(int(letters.size())));
    return message;
}

QByteArray inLines(QByteArray octets)
{
    octets.replace("\r\n", "\n").replace('\r', '\n');
    if (!octets.endsWith('\n'))
        octets += '\n';
    return octets.replace("\n", "\r\n");
}

/// Every line that a parser makes of the octets.
QList<smtp::ReplyLine> linesOf(smtp::ReplyParser &parser, const QByteArray &octets, qsizetype step)
{
    QList<smtp::ReplyLine> lines;
    for (qsizetype place = 0; place < octets.size(); place += step) {
        parser.feed(octets.mid(place, step));
        while (const auto line = parser.next())
            lines.append(*line);
    }
    return lines;
}

} // namespace

class TestClientFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void injection_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 300; ++seed)
            QTest::addRow("F6 seed %u", seed) << seed;
    }

    /// Whatever stands in a field, no line is said but those that belong there, each once.
    void injection()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        Recorder recorder;
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::None);
        settings.credentials = {"user", "secret", smtp::ClearAuth::Anywhere};
        const auto field = seed % 4;
        if (field == 1)
            settings.heloName = nastyText(random);
        if (field == 2)
            settings.submitter = nastyText(random);
        if (field == 3)
            settings.xclient = {"NAME=" + nastyText(random)};
        Courier courier(settings, Courier::loopback(recorder.server.port()), nastyEnvelope(random));
        QTRY_VERIFY(courier.finished);
        qsizetype mails = 0;
        qsizetype recipients = 0;
        for (const QByteArray &line : std::as_const(recorder.lines)) {
            static const QList<QByteArray> expected{"EHLO ", "XCLIENT ", "AUTH PLAIN ", "MAIL FROM:<",
                "RCPT TO:<", "DATA", "Subject: x", "Hello", ".", "RSET", "QUIT"};
            const bool known = line.isEmpty()
                || std::any_of(expected.cbegin(), expected.cend(),
                    [&](const QByteArray &one) { return line.startsWith(one); });
            QVERIFY2(known, line.constData());
            QVERIFY2(!line.contains('\0') && !line.contains('\r'), line.toHex(' ').constData());
            mails += line.startsWith("MAIL") ? 1 : 0;
            recipients += line.startsWith("RCPT") ? 1 : 0;
        }
        QVERIFY(mails <= 1 && recipients <= 2);
        QVERIFY2(recorder.isInOrder(), recorder.lines.join('\n').constData());
    }

    void bodies_data()
    {
        QTest::addColumn<quint32>("seed");
        QTest::addColumn<smtp::CapabilityFlags>("without");
        for (quint32 seed = 1; seed <= 30; ++seed) {
            QTest::addRow("F7 DATA, seed %u", seed)
                << seed << smtp::CapabilityFlags(smtp::Capability::Chunking);
            QTest::addRow("F7 BDAT, seed %u", seed) << seed << smtp::CapabilityFlags();
        }
    }

    /// Dots, bare CR and bare LF: what was sent is what the listener keeps, in lines.
    void bodies()
    {
        QFETCH(quint32, seed);
        QFETCH(smtp::CapabilityFlags, without);
        QRandomGenerator random(seed);
        const QByteArray body = randomBody(random);
        House house(Certified(), smtp::TlsMode::None);
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::None);
        settings.passedOver = without;
        settings.chunkSize = 1 + random.bounded(500);
        Courier courier(settings, house.port, std::make_shared<MemorySource>(body));
        QTRY_VERIFY(courier.finished);
        QVERIFY2(
            courier.recipient.result == smtp::DeliveryResult::Delivered, courier.transcript().constData());
        QCOMPARE(house.mail.messages.size(), 1);
        QCOMPARE(house.mail.messages.constFirst().body, inLines(body));
    }

    void staleReplies_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 200; ++seed)
            QTest::addRow("F41 seed %u", seed) << seed;
    }

    /// What a reply means does not hang on what came before it, nor on how its octets came.
    void staleReplies()
    {
        QFETCH(quint32, seed);
        static const QList<QByteArray> replies{"250 ok\r\n", "250\r\n", "250-a\r\n250-b\r\n250 c\r\n",
            "550 5.1.1 no such user\r\n", "550 2.0.0 odd\r\n", "354 go\r\n", "250-\r\n250 \r\n", "299 x\n",
            "451 4.3.0 " + QByteArray(500, 'x') + "\r\n", "220-5.7.1 text\r\n220 y\r\n"};
        QRandomGenerator random(seed);
        smtp::ReplyParser used;
        for (int i = 0; i < 40; ++i) {
            const QByteArray octets = replies.at(random.bounded(int(replies.size())));
            smtp::ReplyParser fresh;
            const QList<smtp::ReplyLine> expected = linesOf(fresh, octets, octets.size());
            QCOMPARE(linesOf(used, octets, 1 + random.bounded(9)), expected);
            QVERIFY(expected.constLast().reply);
            QVERIFY(used.rest().isEmpty());
        }
    }
};

QTEST_GUILESS_MAIN(TestClientFaults)
#include "tst_clientfaults.moc"
