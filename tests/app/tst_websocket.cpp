#include "app/http/websocket.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>
#include <memory>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

using namespace glasspost;
using namespace glasspost::app;

namespace {

using Opcode = WebSocketOpcode;

/// As a client sends it: masked.
QByteArray masked(int first, const QByteArray &payload)
{
    const QByteArray mask("\x11\x22\x33\x44");
    QByteArray frame(1, char(first));
    if (payload.size() < 126)
        frame += char(0x80 | payload.size());
    else
        frame += char(0x80 | 126) + QByteArray(1, char(payload.size() >> 8)) + char(payload.size() & 0xff);
    frame += mask;
    for (qsizetype i = 0; i < payload.size(); ++i)
        frame += char(payload.at(i) ^ mask.at(i % 4));
    return frame;
}

QByteArray closed(const char *status)
{
    return webSocketFrame(Opcode::Close, QByteArray(status, 2));
}

constexpr const char *protocolBroken = "\x03\xea", *messageTooBig = "\x03\xf1"; // 1002, 1009

/// Both ends of a connection; ours is what a WebSocket has.
struct Pair
{
    int ours = -1, theirs = -1;

    Pair()
    {
        int ends[2] = {-1, -1};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0) {
            ours = ends[0];
            theirs = ends[1];
        }
    }
    ~Pair()
    {
        ::close(ours);
        hangUp();
    }
    Pair(const Pair &) = delete;
    Pair &operator=(const Pair &) = delete;

    void hangUp()
    {
        if (theirs >= 0)
            ::close(std::exchange(theirs, -1));
    }
    void send(const QByteArray &octets) const
    {
        QCOMPARE(::write(theirs, octets.constData(), size_t(octets.size())), ssize_t(octets.size()));
    }
    /// What has come.
    QByteArray heard()
    {
        char octets[65536];
        for (ssize_t size = 0; (size = ::read(theirs, octets, sizeof octets)) > 0;)
            m_heard.append(octets, size);
        return m_heard;
    }

private:
    QByteArray m_heard;
};

} // namespace

/// RFC 6455: the frames, and a client at a connection.
class WebSocketTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wishes_data();
    void wishes();
    void accepts();
    void frames_data();
    void frames();
    void reads_data();
    void reads();
    void readsAnything();
    void sendsTheStream();
    void answersWhileItSends();
    void endsWithItsClient_data();
    void endsWithItsClient();
    void endsOfItself();
    void cutsOffWhoDoesNotRead();
    void cutsOffWhoPingsAndDoesNotRead();
};

void WebSocketTest::wishes_data()
{
    QTest::addColumn<QByteArrayList>("fields");
    QTest::addColumn<WebSocketWish>("wish");
    const QByteArray key = "dGhlIHNhbXBsZSBub25jZQ==";
    const auto row = [](const char *name, const QByteArrayList &fields, WebSocketWish wish) {
        QTest::newRow(name) << fields << wish;
    };
    row("nothing", {"", "", "", ""}, WebSocketWish::None);
    row("good", {"websocket", "Upgrade", "13", key}, WebSocketWish::Valid);
    row("in other case, among others", {"h2c, WebSocket", "keep-alive, upgrade", "13", key},
        WebSocketWish::Valid);
    row("another protocol", {"h2c", "Upgrade", "13", key}, WebSocketWish::None);
    row("no Connection", {"websocket", "keep-alive", "13", key}, WebSocketWish::None);
    row("another version", {"websocket", "Upgrade", "8", key}, WebSocketWish::OtherVersion);
    row("no version", {"websocket", "Upgrade", "", key}, WebSocketWish::OtherVersion);
    row("no key", {"websocket", "Upgrade", "13", ""}, WebSocketWish::Malformed);
    row("short key", {"websocket", "Upgrade", "13", "dGhl"}, WebSocketWish::Malformed);
    row("no base64", {"websocket", "Upgrade", "13", "!" + key.mid(1)}, WebSocketWish::Malformed);
}

void WebSocketTest::wishes()
{
    QFETCH(QByteArrayList, fields);
    QTEST(webSocketWish({fields.at(0), fields.at(1), fields.at(2), fields.at(3)}), "wish");
}

/// The example of 1.3.
void WebSocketTest::accepts()
{
    QCOMPARE(webSocketAccept("dGhlIHNhbXBsZSBub25jZQ=="), QByteArray("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
}

void WebSocketTest::frames_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<QByteArray>("head");
    QTest::newRow("empty") << 0 << QByteArray("\x81\x00", 2);
    QTest::newRow("short") << 125 << QByteArray("\x81\x7d");
    QTest::newRow("longer") << 126 << QByteArray("\x81\x7e\x00\x7e", 4);
    QTest::newRow("the longest with 16 bits") << 65535 << QByteArray("\x81\x7e\xff\xff");
    QTest::newRow("long") << 65536 << QByteArray("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10);
}

void WebSocketTest::frames()
{
    QFETCH(int, size);
    QFETCH(QByteArray, head);
    const QByteArray payload(size, 'x');
    QCOMPARE(webSocketFrame(Opcode::Text, payload), head + payload);
}

void WebSocketTest::reads_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QByteArray>("answers");
    QTest::addColumn<bool>("isOver");
    const auto row = [](const char *name, const QByteArray &octets, const QByteArray &answers = {},
                         bool isOver = false) { QTest::newRow(name) << octets << answers << isOver; };
    const auto broken = [&row](const char *name, const QByteArray &octets) {
        row(name, octets, closed(protocolBroken), true);
    };
    const auto tooBig = [&row](const char *name, const QByteArray &octets) {
        row(name, octets, closed(messageTooBig), true);
    };
    const QByteArray ping = masked(0x89, "ping"), pong = webSocketFrame(Opcode::Pong, "ping");
    row("nothing", {});
    row("text", masked(0x81, "hello") + ping, pong);
    row("binary, long", masked(0x82, QByteArray(60'000, 'x')) + ping, pong);
    row("a message in pieces, a ping between",
        masked(0x01, "a") + ping + masked(0x00, "b") + masked(0x80, "c"), pong);
    row("empty ping", masked(0x89, ""), webSocketFrame(Opcode::Pong, {}));
    row("the longest ping", masked(0x89, QByteArray(125, 'p')),
        webSocketFrame(Opcode::Pong, QByteArray(125, 'p')));
    row("pong", masked(0x8a, "x"));
    row("part of a head", QByteArray("\x89"));
    row("part of a ping", ping.chopped(1));
    row("close", masked(0x88, ""), webSocketFrame(Opcode::Close, {}), true);
    row("close with status and reason",
        masked(0x88,
            "\x03\xe8"
            "bye"),
        closed("\x03\xe8"), true);
    row("nothing after close", masked(0x88, "") + ping, webSocketFrame(Opcode::Close, {}), true);
    broken("close with half a status", masked(0x88, "\x03"));
    broken("not masked", webSocketFrame(Opcode::Text, "x"));
    broken("bits of an extension", masked(0xc1, "x"));
    broken("no such opcode", masked(0x83, "x"));
    broken("no such control opcode", masked(0x8b, "x"));
    broken("ping in pieces", masked(0x09, "x"));
    broken("ping too long", masked(0x89, QByteArray(126, 'x')));
    broken("goes on with nothing", masked(0x80, "x"));
    broken("a message within another", masked(0x01, "x") + masked(0x81, "y"));
    const QByteArray half(40'000, 'x');
    tooBig("too big", QByteArray("\x81\xff\x00\x00\x00\x00\x00\x01\x00\x01mask", 14));
    tooBig("far too big", QByteArray("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xffmask", 14));
    tooBig("too big in pieces", masked(0x01, half) + masked(0x80, half));
    row("two that are not", masked(0x81, half) + masked(0x81, half));
}

void WebSocketTest::reads()
{
    QFETCH(QByteArray, octets);
    QFETCH(QByteArray, answers);
    QFETCH(bool, isOver);
    WebSocketReader whole;
    QCOMPARE(whole.take(octets), answers);
    QCOMPARE(whole.isOver(), isOver);
    WebSocketReader byOctet;
    QByteArray all;
    for (qsizetype i = 0; i < octets.size(); ++i)
        all += byOctet.take(QByteArrayView(octets).sliced(i, 1));
    QCOMPARE(all, answers);
    QCOMPARE(byOctet.isOver(), isOver);
}

/// Frames among which one octet is wrong: in whatever pieces they come, the same is answered.
void WebSocketTest::readsAnything()
{
    QRandomGenerator chance(6455);
    for (int i = 0; i < 2000; ++i) {
        QByteArray octets;
        for (int frame = 0; frame < 5; ++frame) {
            static constexpr int firsts[] = {0x81, 0x01, 0x00, 0x80, 0x89, 0x8a, 0x88};
            octets += masked(firsts[chance.bounded(7)], QByteArray(chance.bounded(130), 'x'));
        }
        octets[chance.bounded(int(octets.size()))] = char(chance.bounded(256));
        WebSocketReader whole, inPieces;
        const QByteArray answers = whole.take(octets);
        QByteArray all;
        for (qsizetype at = 0, size = 0; at < octets.size(); at += size) {
            size = std::min<qsizetype>(1 + chance.bounded(40), octets.size() - at);
            all += inPieces.take(QByteArrayView(octets).sliced(at, size));
        }
        QCOMPARE(all, answers);
        QCOMPARE(inPieces.isOver(), whole.isOver());
    }
}

void WebSocketTest::sendsTheStream()
{
    Pair pair;
    const auto stream = std::make_shared<HttpStream>();
    const QByteArray before = webSocketFrame(Opcode::Text, "before"),
                     after = webSocketFrame(Opcode::Text, QByteArray(300'000, 'x'));
    stream->write(before);
    const WebSocket socket(pair.ours, stream, masked(0x89, "early"));
    QByteArray wanted = webSocketFrame(Opcode::Pong, "early") + before;
    QTRY_COMPARE(pair.heard(), wanted);
    stream->write(after);
    QTRY_COMPARE(pair.heard().size(), wanted.size() + after.size());
    QVERIFY(pair.heard().endsWith(after));
}

/// An answer comes between frames, never within one.
void WebSocketTest::answersWhileItSends()
{
    Pair pair;
    const auto stream = std::make_shared<HttpStream>();
    const WebSocket socket(pair.ours, stream, {});
    const QByteArray text = webSocketFrame(Opcode::Text, QByteArray(400'000, 'x'));
    stream->write(text); // more than the connection holds
    pair.send(masked(0x89, "now"));
    stream->write(text);
    const QByteArray pong = webSocketFrame(Opcode::Pong, "now");
    QTRY_COMPARE(pair.heard().size(), 2 * text.size() + pong.size());
    const QByteArray all = pair.heard();
    QVERIFY(all == text + pong + text || all == text + text + pong);
}

void WebSocketTest::endsWithItsClient_data()
{
    QTest::addColumn<QByteArray>("last");
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("gone") << QByteArray() << QByteArray();
    QTest::newRow("close") << masked(0x88, "\x03\xe9") << closed("\x03\xe9");
    QTest::newRow("what no client may send") << QByteArray("GET /") << closed(protocolBroken);
}

void WebSocketTest::endsWithItsClient()
{
    QFETCH(QByteArray, last);
    QFETCH(QByteArray, answer);
    Pair pair;
    auto stream = std::make_shared<HttpStream>();
    const std::weak_ptr<HttpStream> watched = stream;
    const WebSocket socket(pair.ours, std::exchange(stream, nullptr), {});
    const QSignalSpy ended(&socket, &WebSocket::ended);
    if (last.isEmpty())
        pair.hangUp();
    else
        pair.send(last);
    QTRY_COMPARE(ended.count(), 1);
    QVERIFY(watched.expired());
    if (!last.isEmpty())
        QCOMPARE(pair.heard(), answer);
}

void WebSocketTest::endsOfItself()
{
    Pair pair;
    const auto stream = std::make_shared<HttpStream>();
    WebSocket silent(pair.ours, stream, {}, std::chrono::milliseconds(50));
    const QSignalSpy ended(&silent, &WebSocket::ended);
    QTRY_COMPARE(ended.count(), 1);
    silent.end();
    stream->write(webSocketFrame(Opcode::Text, "late"));
    QCOMPARE(ended.count(), 1);
    QCOMPARE(pair.heard(), QByteArray());
}

void WebSocketTest::cutsOffWhoDoesNotRead()
{
    Pair pair;
    const auto stream = std::make_shared<HttpStream>();
    const WebSocket socket(pair.ours, stream, {});
    const QSignalSpy ended(&socket, &WebSocket::ended);
    const QByteArray text = webSocketFrame(Opcode::Text, QByteArray(100'000, 'x'));
    for (int i = 0; i < 100 && ended.isEmpty(); ++i)
        stream->write(text);
    QCOMPARE(ended.count(), 1);
}

void WebSocketTest::cutsOffWhoPingsAndDoesNotRead()
{
    Pair pair;
    const WebSocket socket(pair.ours, std::make_shared<HttpStream>(), {});
    const QSignalSpy ended(&socket, &WebSocket::ended);
    const QByteArray pings = masked(0x89, QByteArray(125, 'p')).repeated(100);
    QByteArray rest;
    const auto sent = [&] {
        if (rest.isEmpty())
            rest = pings;
        const ssize_t size
            = ::send(pair.theirs, rest.constData(), size_t(rest.size()), MSG_DONTWAIT | MSG_NOSIGNAL);
        rest.remove(0, std::max<ssize_t>(size, 0));
        return !ended.isEmpty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(sent(), 30'000);
}

QTEST_GUILESS_MAIN(WebSocketTest)
#include "tst_websocket.moc"
