// What a client reads and writes: replies, capabilities, dot-stuffing, each whole and octet by octet; and a
// host with its port.

#include "smtp/syntax/capabilities.h"
#include "smtp/syntax/dotstuffer.h"
#include "smtp/syntax/hostport.h"
#include "smtp/syntax/replyparser.h"

#include <QTest>

using namespace glasspost::smtp;

namespace {

QList<ReplyLine> drain(ReplyParser &parser)
{
    QList<ReplyLine> lines;
    while (auto line = parser.next())
        lines.append(*line);
    return lines;
}

QList<ReplyLine> readWhole(const QByteArray &octets, qint64 limit)
{
    ReplyParser parser(limit);
    parser.feed(octets);
    return drain(parser);
}

QList<ReplyLine> readByteByByte(const QByteArray &octets, qint64 limit)
{
    ReplyParser parser(limit);
    QList<ReplyLine> lines;
    for (const char c : octets) {
        parser.feed(QByteArrayView(&c, 1));
        lines += drain(parser);
    }
    return lines;
}

QByteArray describe(const QList<ReplyLine> &lines)
{
    QByteArray text;
    for (const ReplyLine &line : lines) {
        if (line.reply) {
            text += QByteArray::number(line.reply->code) + '[' + line.reply->enhanced.toBytes() + ']'
                + line.reply->lines.join('/') + ';';
        }
        if (line.fault)
            text += "fault" + QByteArray::number(int(*line.fault)) + ';';
    }
    return text;
}

QByteArray stuffWhole(const QByteArray &octets)
{
    DotStuffer stuffer;
    QByteArray out = stuffer.feed(octets);
    return out + stuffer.finish();
}

QByteArray stuffByteByByte(const QByteArray &octets)
{
    DotStuffer stuffer;
    QByteArray out;
    for (const char c : octets)
        out += stuffer.feed(QByteArrayView(&c, 1));
    return out + stuffer.finish();
}

} // namespace

class ClientSyntaxTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void replies_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const QByteArray &octets, const QByteArray &expected) {
            QTest::newRow(name) << octets << expected;
        };
        row("one line", "250 ok\r\n", "250[]ok;");
        row("C5 multi-line", "220-a\r\n220-b\r\n220 c\r\n", "220[]a/b/c;");
        row("C10 no text", "250\r\n", "250[];");
        row("C10 blank lines", "250-\r\n250-\r\n250 \r\n", "250[]//;");
        row("C11 two replies in one segment", "250 a\r\n550 b\r\n", "250[]a;550[]b;");
        row("a lone LF ends a line", "250 a\n250 b\r\n", "250[]a;250[]b;");
        row("C4 no code", "bogus\r\n", "fault0;");
        row("C4 four digits", "2200 x\r\n", "fault0;");
        row("two digits", "25\r\n", "fault0;");
        row("empty line", "\r\n", "fault0;");
        row("a digit that is none", "2x0 a\r\n", "fault0;");
        row("C13 299", "299 fine\r\n", "299[]fine;");
        row("C13 345", "345 go on\r\n", "345[]go on;");
        row("C13 599", "599 no\r\n", "599[]no;");
        row("C14 first digit 1", "150 x\r\n", "fault1;");
        row("C14 first digit 6", "666 x\r\n", "fault1;");
        row("C14 first digit 9", "999 x\r\n", "fault1;");
        row("C9 mixed codes", "250-a\r\n251 b\r\n", "fault2;");
        row("nothing after a fault", "bogus\r\n250 ok\r\n", "fault0;");
        row("enhanced", "550 5.1.1 no such user\r\n", "550[5.1.1]no such user;");
        row("enhanced in each line", "250-2.0.0 a\r\n250 2.0.0 b\r\n", "250[2.0.0]a/b;");
        row("C16 enhanced of another class", "550 2.0.0 odd\r\n", "550[]2.0.0 odd;");
        row("an address is no enhanced code", "550 4.3.2.1 x\r\n", "550[]4.3.2.1 x;");
        row("8-bit text", "550 \xc3\xa4\r\n", "550[]\xc3\xa4;");
    }
    void replies()
    {
        QFETCH(QByteArray, octets);
        QFETCH(QByteArray, expected);
        QCOMPARE(describe(readWhole(octets, 1000)), expected);
        QCOMPARE(describe(readByteByByte(octets, 1000)), expected);
    }

    void replyLimit()
    {
        const QByteArray endless(2000, 'x');
        QCOMPARE(describe(readWhole("250 " + endless, 1000)), QByteArray("fault3;"));
        QCOMPARE(describe(readByteByByte("250 " + endless, 1000)), QByteArray("fault3;"));
        QByteArray lines;
        for (int i = 0; i < 200; ++i)
            lines += "250-more\r\n";
        QCOMPARE(describe(readWhole(lines, 1000)), QByteArray("fault3;"));
        QCOMPARE(describe(readByteByByte(lines, 1000)), QByteArray("fault3;"));
        const QByteArray fits = "250 " + QByteArray(994, 'x') + "\r\n";
        QVERIFY(readWhole(fits, 1000).constLast().reply);
        QVERIFY(readWhole(fits + fits, 1000).constLast().reply); // the limit is one reply's
    }

    void rawLines()
    {
        const auto lines = readWhole("250-a b\r\n250 5.0.0 c\r\n", 1000);
        QCOMPARE(lines.size(), 2);
        QCOMPARE(lines.at(0).raw, QByteArray("250-a b"));
        QVERIFY(!lines.at(0).reply);
        QCOMPARE(lines.at(1).raw, QByteArray("250 5.0.0 c"));
    }

    void capabilities()
    {
        const auto lines
            = readWhole("250-MX.example.org hello there\r\n250-pipelining\r\n250-SIZE 1000\r\n"
                        "250-8BITMIME\r\n250-AUTH plain LOGIN PLAIN\r\n250-AUTH=LOGIN CRAM-MD5\r\n"
                        "250-LIMITS RCPTMAX=20 MAILMAX=x\r\n250-\r\n250 DSN\r\n",
                1000);
        const Capabilities offered = Capabilities::fromEhlo(*lines.constLast().reply);
        QCOMPARE(offered.greetingName, QByteArray("MX.example.org"));
        QCOMPARE(offered.flags,
            CapabilityFlags(Capability::Pipelining | Capability::Size | Capability::EightBitMime
                | Capability::Auth | Capability::Dsn | Capability::Limits));
        QCOMPARE(offered.sizeLimit, 1000);
        QCOMPARE(offered.authMechanisms, (QList<QByteArray>{"PLAIN", "LOGIN", "CRAM-MD5"}));
        QCOMPARE(offered.recipientLimit, std::optional(20));
        QCOMPARE(offered.mailLimit, std::nullopt);
    }

    void capabilitiesWithParameters()
    {
        const auto lines = readWhole("250-mx\r\n250-DELIVERBY 240\r\n250-XCLIENT name ADDR\r\n"
                                     "250-FUTURERELEASE 3600 2030-01-01T00:00:00Z\r\n"
                                     "250-LIMITS RCPTDOMAINMAX=3 MAILMAX=4\r\n250 SIZE 9\r\n",
            1000);
        const Capabilities offered = Capabilities::fromEhlo(*lines.constLast().reply);
        QCOMPARE(offered.shortestDeliverBy, 240);
        QCOMPARE(offered.longestHold, 3600);
        QCOMPARE(offered.latestHold, 1893456000);
        QCOMPARE(offered.recipientDomainLimit, std::optional(3));
        QCOMPARE(offered.xclientAttributes, (QList<QByteArray>{"NAME", "ADDR"}));
        const Capabilities rest
            = offered.without(CapabilityFlags(Capability::Limits | Capability::Size | Capability::XClient));
        QCOMPARE(rest.flags, CapabilityFlags(Capability::DeliverBy | Capability::FutureRelease));
        QCOMPARE(rest.recipientDomainLimit, std::nullopt);
        QCOMPARE(rest.mailLimit, std::nullopt);
        QCOMPARE(rest.sizeLimit, 0);
    }

    void keywords()
    {
        const CapabilityFlags flags(Capability::Chunking | Capability::MtPriority);
        QCOMPARE(Capabilities::keywordsOf(flags), QByteArray("CHUNKING MT-PRIORITY"));
        QCOMPARE(Capabilities::flagsOf("mt-priority Chunking"), std::optional(flags));
        QCOMPARE(Capabilities::flagsOf(""), std::optional(CapabilityFlags()));
        QCOMPARE(Capabilities::flagsOf("CHUNKING WHAT"), std::nullopt);
    }

    void sizes_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<qint64>("limit");
        QTest::newRow("C39 SIZE 0") << QByteArray("SIZE 0") << qint64(0);
        QTest::newRow("C39 bare SIZE") << QByteArray("SIZE") << qint64(0);
        QTest::newRow("SIZE junk") << QByteArray("SIZE many") << qint64(0);
        QTest::newRow("SIZE minus") << QByteArray("SIZE -5") << qint64(0);
        QTest::newRow("SIZE big") << QByteArray("SIZE 5000000000") << qint64(5000000000);
        QTest::newRow("lower case") << QByteArray("size 7") << qint64(7);
    }
    void sizes()
    {
        QFETCH(QByteArray, line);
        QFETCH(qint64, limit);
        const Capabilities offered = Capabilities::fromEhlo(Reply{250, {}, {"host", line}});
        QVERIFY(offered.has(Capability::Size));
        QCOMPARE(offered.sizeLimit, limit);
    }

    void stuffing_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<QByteArray>("wire");
        const auto row = [](const char *name, const QByteArray &octets, const QByteArray &wire) {
            QTest::newRow(name) << octets << wire;
        };
        row("empty", "", ".\r\n");
        row("CRLF", "a\r\nb\r\n", "a\r\nb\r\n.\r\n");
        row("LF", "a\nb\n", "a\r\nb\r\n.\r\n");
        row("C41 bare CR", "a\rb\r", "a\r\nb\r\n.\r\n");
        row("no line end", "a", "a\r\n.\r\n");
        row("C41 lone dot", "a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n");
        row("dot first", ".a\n..b\n", "..a\r\n...b\r\n.\r\n");
        row("C41 LF dot LF", "a\n.\nMAIL", "a\r\n..\r\nMAIL\r\n.\r\n");
        row("C41 LF dot CRLF", "a\n.\r\n", "a\r\n..\r\n.\r\n");
        row("C41 CR dot CR", "a\r.\rb", "a\r\n..\r\nb\r\n.\r\n");
        row("CR CR LF", "a\r\r\nb", "a\r\n\r\nb\r\n.\r\n");
        row("LF CR", "a\n\rb", "a\r\n\r\nb\r\n.\r\n");
        row("NUL and 8-bit stay", QByteArray("\0\xff\n", 3), QByteArray("\0\xff\r\n.\r\n", 7));
    }
    void stuffing()
    {
        QFETCH(QByteArray, octets);
        QFETCH(QByteArray, wire);
        QCOMPARE(stuffWhole(octets), wire);
        QCOMPARE(stuffByteByByte(octets), wire);
    }

    void longLineIsNeverCut()
    {
        const QByteArray line(5000, 'x');
        QCOMPARE(stuffWhole(line), QByteArray(line + "\r\n.\r\n"));
    }

    void hostsAndPorts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isSplit");
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("port");
        const auto row = [](const QString &text, const QString &host, const QString &port) {
            QTest::newRow(qPrintable(text)) << text << true << host << port;
        };
        row(QStringLiteral("192.0.2.1:25"), QStringLiteral("192.0.2.1"), QStringLiteral("25"));
        row(QStringLiteral("mx.example.org:2525"), QStringLiteral("mx.example.org"), QStringLiteral("2525"));
        row(QStringLiteral("[2001:db8::1]:25"), QStringLiteral("2001:db8::1"), QStringLiteral("25"));
        row(QStringLiteral("mx.example.org"), QStringLiteral("mx.example.org"), QString());
        row(QStringLiteral("[::1]"), QStringLiteral("::1"), QString());
        for (const auto &broken : {"::1", "::1:25", "[::1", "[::1]25", "[::1]x:25", "a:1:2"})
            QTest::newRow(broken) << QString::fromLatin1(broken) << false << QString() << QString();
    }
    void hostsAndPorts()
    {
        QFETCH(QString, text);
        QFETCH(bool, isSplit);
        QFETCH(QString, host);
        QFETCH(QString, port);
        const auto parts = splitHostPort(text);
        QCOMPARE(parts.has_value(), isSplit);
        if (!isSplit)
            return;
        QCOMPARE(parts->host, host);
        QCOMPARE(parts->port.value_or(QString()), port);
        QCOMPARE(parts->port.has_value(), !port.isEmpty());
        QCOMPARE(port.isEmpty() ? hostInUrl(host) : hostPort(host, quint16(port.toUInt())), text);
    }
};

QTEST_GUILESS_MAIN(ClientSyntaxTest)
#include "tst_clientsyntax.moc"
