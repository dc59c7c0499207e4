#include "app/http/httpserver.h"

#include <QTcpSocket>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;

namespace {

constexpr qint64 bodyLimit = 100'000;

HttpHandler saying(const QByteArray &text)
{
    return [text](const HttpRequest &, QObject *) { return answered(textResponse(text)); };
}

/// "GET /x HTTP/1.1" with Host, these fields and this body.
QByteArray requestOf(const QByteArray &line, const QByteArray &fields = {}, const QByteArray &body = {})
{
    const QByteArray length
        = body.isEmpty() ? QByteArray() : "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    const QByteArray host
        = fields.startsWith("Host:") ? QByteArray() : QByteArrayLiteral("Host: localhost\r\n");
    return line + " HTTP/1.1\r\n" + host + fields + length + "\r\n" + body;
}

} // namespace

/// The server over real connections: who is answered, with what, and what becomes of those that misbehave.
class HttpServerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_settings = {}; }
    void cleanup()
    {
        m_kept.clear();
        m_stream.reset();
        m_server.reset();
    }
    void answers_data();
    void answers();
    void asksForItsToken_data();
    void asksForItsToken();
    void decodesWhatIsAsked();
    void pipelinedRequestsAreAnsweredInOrder();
    void waitingHoldsNobodyElse();
    void clientThatGoesEndsItsHandler();
    void endsWhileSomebodyWaits();
    void streamsAsItIsWritten();
    void cutsOffWhoDoesNotRead();
    void unfinishedRequestTimesOut_data();
    void unfinishedRequestTimesOut();
    void idleConnectionIsClosed();
    void bodiesTogetherAreBounded();
    void takenPortIsSaid();

private:
    void listen();
    std::unique_ptr<QTcpSocket> connected() const;
    QByteArray exchanged(const QByteArray &request) const;

    HttpSettings m_settings;
    std::unique_ptr<HttpServer> m_server;
    quint16 m_port = 0;
    QList<mail::Promise<HttpResponse>> m_kept; ///< of /kept, which a test answers
    QPointer<QObject> m_context; ///< of the last /kept
    std::shared_ptr<HttpStream> m_stream; ///< of the last /stream
};

void HttpServerTest::listen()
{
    const HttpHandler kept = [this](const HttpRequest &, QObject *context) {
        m_context = context;
        m_kept.append(mail::Promise<HttpResponse>());
        return m_kept.last().task();
    };
    const HttpHandler stream = [this](const HttpRequest &, QObject *) {
        m_stream = std::make_shared<HttpStream>();
        HttpResponse response;
        response.stream = m_stream;
        return answered(response);
    };
    const HttpHandler described = [](const HttpRequest &request, QObject *) {
        return answered(textResponse(request.captured.join(u'|').toUtf8() + " "
            + request.argument(QStringLiteral("q")).toUtf8() + ' '
            + QByteArray::number(request.body.size())));
    };
    HttpRoute open{"GET", "/open", saying("open")};
    open.isOpen = true;
    m_server = std::make_unique<HttpServer>(
        QList<HttpRoute>{open, {"GET", "/hello", saying("hello")}, {"GET", "/a/{}/b/{}.txt", described},
            {"POST", "/body", described, bodyLimit}, {"GET", "/kept", kept}, {"GET", "/stream", stream}},
        m_settings);
    const mail::Result<quint16> port = m_server->listen();
    QVERIFY(port);
    m_port = *port;
}

std::unique_ptr<QTcpSocket> HttpServerTest::connected() const
{
    auto socket = std::make_unique<QTcpSocket>();
    QSignalSpy is(socket.get(), &QTcpSocket::connected);
    socket->connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
    return is.wait() ? std::move(socket) : nullptr;
}

/// All that comes until the server closes, which the request asks for.
QByteArray HttpServerTest::exchanged(const QByteArray &request) const
{
    const auto socket = connected();
    socket->write(request);
    return QTest::qWaitFor([&socket] { return socket->state() == QAbstractSocket::UnconnectedState; }, 20000)
        ? socket->readAll()
        : QByteArrayLiteral("no end came");
}

void HttpServerTest::answers_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("status");
    const auto row = [](const char *name, const QByteArray &line, const QByteArray &status,
                         const QByteArray &fields = {}, const QByteArray &body = {}) {
        QTest::newRow(name) << requestOf(line, fields + "Connection: close\r\n", body) << status;
    };
    row("known", "GET /hello", "200");
    row("head", "HEAD /hello", "200");
    row("unknown", "GET /nowhere", "404");
    row("longer than known", "GET /hello/", "404");
    row("another method", "DELETE /hello", "405");
    row("no path", "GET hello", "400");
    row("path traversal", "GET /hello/../../etc/passwd", "404");
    row("path traversal, escaped", "GET /%2e%2e/%2e%2e/etc/passwd", "404");
    row("localhost", "GET /hello", "200", "Host: localhost:8025\r\n");
    row("a name below localhost", "GET /hello", "200", "Host: mail.localhost\r\n");
    row("address", "GET /hello", "200", "Host: 127.0.0.1:1\r\n");
    row("another loopback address", "GET /hello", "200", "Host: 127.3.2.1\r\n");
    row("address of IPv6", "GET /hello", "200", "Host: [::1]:8025\r\n");
    row("a name of somebody else (DNS rebinding)", "GET /hello", "421", "Host: rebound.example:8025\r\n");
    row("a name that only begins well", "GET /hello", "421", "Host: localhost.example\r\n");
    row("an address that is not ours", "GET /hello", "421", "Host: 192.0.2.1\r\n");
    row("no name", "GET /hello", "421", "Host: \r\n");
    row("two ports", "GET /hello", "421", "Host: localhost:1:2\r\n");
    row("a bracket that is not closed", "GET /hello", "421", "Host: [::1\r\n");
    row("something behind the bracket", "GET /hello", "421", "Host: [::1]junk\r\n");
    row("our own page", "GET /hello", "200", "Origin: http://localhost\r\n");
    row("page of another site", "GET /hello", "403", "Origin: http://other.example\r\n");
    row("page of another port", "POST /body", "403", "Origin: http://localhost:81\r\n", "x");
    row("page from nowhere", "GET /hello", "403", "Origin: null\r\n");
    row("picture in another site's page", "GET /hello", "403",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n");
    row("link in another site's page", "GET /hello", "200",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n");
    row("form in another site's page", "POST /body", "403",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n", "x");
    row("our own page, in capitals", "GET /hello", "200", "Host: LOCALHOST\r\nOrigin: HTTP://localhost\r\n");
    row("frame in another site's page", "GET /hello", "403",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n");
    row("script of a site beside us", "GET /hello", "403", "Sec-Fetch-Site: same-site\r\n");
    row("another site asks first (CORS)", "OPTIONS /body", "403", "Origin: http://other.example\r\n");
    row("head of what is posted", "HEAD /body", "405");
    row("body", "POST /body", "200", {}, QByteArray(bodyLimit, 'x'));
    row("body too large, announced", "POST /body", "413", {}, QByteArray(bodyLimit + 1, 'x'));
    row("body in chunks", "POST /body", "200", "Transfer-Encoding: chunked\r\n");
    row("large header", "GET /hello", "200", "X: " + QByteArray(15'000, 'x') + "\r\n");
    row("header too large", "GET /hello", "431", "X: " + QByteArray(17'000, 'x') + "\r\n");
    row("header far too large", "GET /hello", "431", "X: " + QByteArray(100'000, 'x') + "\r\n");
    QTest::newRow("body in chunks, too large")
        << requestOf("POST /body", "Connection: close\r\nTransfer-Encoding: chunked\r\n") + "1D4C0\r\n"
            + QByteArray(120'000, 'x') + "\r\n0\r\n\r\n"
        << QByteArrayLiteral("413");
    QTest::newRow("without Host") << QByteArrayLiteral("GET /hello HTTP/1.1\r\n\r\n")
                                  << QByteArrayLiteral("400");
    QTest::newRow("no HTTP") << QByteArrayLiteral("EHLO client.example\r\n\r\n\r\n")
                             << QByteArrayLiteral("400");
}

void HttpServerTest::answers()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, status);
    if (request.contains("chunked") && !request.contains("1D4C0"))
        request += "3\r\nabc\r\n0\r\n\r\n";
    listen();
    const QByteArray response = exchanged(request);
    QVERIFY2(response.startsWith("HTTP/1.1 " + status), response.left(200));
    if (request.startsWith("GET /hello ") && status == "200")
        QVERIFY2(response.endsWith("\r\n\r\nhello"), response.right(50));
    if (request.startsWith("HEAD"))
        QVERIFY2(response.endsWith("\r\n\r\n"), response.right(50));
    if (status == "405")
        QVERIFY2(response.contains(request.contains("/body") ? "\r\nAllow: POST\r\n" : "\r\nAllow: GET\r\n"),
            response);
    for (const char *field : {"X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer"})
        QVERIFY2(status != "200" || response.contains(field), response);
}

void HttpServerTest::asksForItsToken_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("status");
    const QByteArray basic = QByteArray("anybody:s3cret").toBase64(),
                     wrong = QByteArray("s3cret:x").toBase64();
    QTest::newRow("none") << QByteArray("/hello") << QByteArray() << QByteArray("401");
    QTest::newRow("bearer") << QByteArray("/hello") << QByteArray("Authorization: Bearer s3cret\r\n")
                            << QByteArray("200");
    QTest::newRow("wrong") << QByteArray("/hello") << QByteArray("Authorization: Bearer s3cre\r\n")
                           << QByteArray("401");
    QTest::newRow("as a password") << QByteArray("/hello")
                                   << QByteArray("Authorization: Basic " + basic + "\r\n")
                                   << QByteArray("200");
    QTest::newRow("bearer, in capitals")
        << QByteArray("/hello") << QByteArray("Authorization: BEARER s3cret\r\n") << QByteArray("200");
    QTest::newRow("empty") << QByteArray("/hello") << QByteArray("Authorization: Bearer \r\n")
                           << QByteArray("401");
    QTest::newRow("longer") << QByteArray("/hello") << QByteArray("Authorization: Bearer s3crets3cret\r\n")
                            << QByteArray("401");
    QTest::newRow("as a name") << QByteArray("/hello") << QByteArray("Authorization: Basic " + wrong + "\r\n")
                               << QByteArray("401");
    QTest::newRow("unknown path tells nothing")
        << QByteArray("/nowhere") << QByteArray() << QByteArray("401");
    QTest::newRow("open") << QByteArray("/open") << QByteArray() << QByteArray("200");
}

void HttpServerTest::asksForItsToken()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, status);
    m_settings.token = "s3cret";
    listen();
    const QByteArray response = exchanged(requestOf("GET " + path, fields + "Connection: close\r\n"));
    QVERIFY2(response.startsWith("HTTP/1.1 " + status), response.left(200));
    QCOMPARE(response.contains("WWW-Authenticate: Basic"), status == "401");
}

void HttpServerTest::decodesWhatIsAsked()
{
    listen();
    const QByteArray response = exchanged(
        requestOf("GET /a/x%2Fy%20z/b/1.txt.txt?p=1&q=a+b%2Bc%2525&q=2", "Connection: close\r\n"));
    QVERIFY2(response.endsWith("\r\n\r\nx/y z|1.txt a b+c%25 0"), response);
}

void HttpServerTest::pipelinedRequestsAreAnsweredInOrder()
{
    listen();
    const auto socket = connected();
    socket->write(requestOf("GET /kept") + requestOf("POST /body", {}, "abc")
        + requestOf("GET /hello", "Connection: close\r\n"));
    QTRY_COMPARE(m_kept.size(), 1);
    m_kept.first().answer(textResponse("first"));
    QTRY_COMPARE(socket->state(), QAbstractSocket::UnconnectedState);
    const QByteArray all = socket->readAll();
    const qsizetype first = all.indexOf("\r\n\r\nfirst"), second = all.indexOf("\r\n\r\n  3"),
                    third = all.indexOf("\r\n\r\nhello");
    QVERIFY2(0 < first && first < second && second < third, all);
}

void HttpServerTest::waitingHoldsNobodyElse()
{
    listen();
    QList<QTcpSocket *> waiting;
    QObject owner;
    for (int i = 0; i < 50; ++i) {
        waiting.append(connected().release());
        waiting.last()->setParent(&owner);
        waiting.last()->write(requestOf("GET /kept"));
    }
    QTRY_COMPARE(m_kept.size(), 50);
    QVERIFY(exchanged(requestOf("GET /hello", "Connection: close\r\n")).endsWith("hello"));
    for (const auto &one : std::as_const(m_kept))
        one.answer(textResponse("at last"));
    for (QTcpSocket *socket : waiting)
        QTRY_VERIFY(socket->peek(1000).endsWith("at last"));
}

void HttpServerTest::clientThatGoesEndsItsHandler()
{
    listen();
    auto socket = connected();
    socket->write(requestOf("GET /kept"));
    QTRY_VERIFY(m_context);
    socket.reset();
    QTRY_VERIFY(!m_context);
    m_kept.first().answer(textResponse("to nobody"));
    QVERIFY(exchanged(requestOf("GET /hello", "Connection: close\r\n")).endsWith("hello"));
}

void HttpServerTest::endsWhileSomebodyWaits()
{
    listen();
    const auto waiting = connected(), streaming = connected(), idle = connected();
    waiting->write(requestOf("GET /kept"));
    streaming->write(requestOf("GET /stream"));
    QTRY_VERIFY(m_context && m_stream);
    m_server.reset();
    QVERIFY(!m_context);
    for (const auto *socket : {waiting.get(), streaming.get(), idle.get()})
        QTRY_COMPARE(socket->state(), QAbstractSocket::UnconnectedState);
}

void HttpServerTest::streamsAsItIsWritten()
{
    listen();
    const auto socket = connected();
    socket->write(requestOf("GET /stream"));
    QTRY_VERIFY(m_stream);
    for (const QByteArray &text : {QByteArray("one"), QByteArray("two"), QByteArray(50'000, 'x')}) {
        m_stream->write(text);
        QByteArray all;
        QTRY_VERIFY((all += socket->readAll()).contains(text.right(100)));
    }
}

void HttpServerTest::cutsOffWhoDoesNotRead()
{
    listen();
    const auto socket = connected();
    socket->setReadBufferSize(1);
    socket->write(requestOf("GET /stream"));
    QTRY_VERIFY(m_stream);
    const std::weak_ptr<HttpStream> watched = m_stream;
    m_stream.reset();
    for (int i = 0; i < 1000 && !watched.expired(); ++i) {
        if (const auto stream = watched.lock())
            stream->write(QByteArray(100'000, 'x'));
        QTest::qWait(1);
    }
    QTRY_VERIFY(watched.expired());
}

void HttpServerTest::unfinishedRequestTimesOut_data()
{
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("header") << QByteArray("GET /hello HTTP/1.1\r\nHost: localh");
    QTest::newRow("body") << requestOf("POST /body", "Content-Length: 1000\r\n") + "abc";
}

void HttpServerTest::unfinishedRequestTimesOut()
{
    QFETCH(QByteArray, begin);
    m_settings.idle = std::chrono::milliseconds(1500);
    listen();
    const auto socket = connected();
    socket->write(begin);
    // An octet now and then does not keep the connection.
    QTimer dripping;
    connect(&dripping, &QTimer::timeout, socket.get(), [&socket] { socket->write("x"); });
    dripping.start(200);
    QTRY_COMPARE_WITH_TIMEOUT(socket->state(), QAbstractSocket::UnconnectedState, 15000);
    const QByteArray response = socket->readAll();
    QVERIFY2(response.startsWith("HTTP/1.1 408 "), response);
}

void HttpServerTest::idleConnectionIsClosed()
{
    m_settings.idle = std::chrono::milliseconds(1000);
    listen();
    const auto silent = connected(), kept = connected();
    kept->write(requestOf("GET /hello"));
    for (const auto *socket : {silent.get(), kept.get()})
        QTRY_COMPARE_WITH_TIMEOUT(socket->state(), QAbstractSocket::UnconnectedState, 15000);
    QCOMPARE(silent->readAll(), QByteArray());
    QVERIFY(kept->readAll().endsWith("hello"));
}

void HttpServerTest::bodiesTogetherAreBounded()
{
    m_settings.bodiesLimit = 150'000;
    listen();
    const auto first = connected();
    first->write(requestOf("POST /body", "Content-Length: 90000\r\n") + QByteArray(80'000, 'x'));
    QTRY_COMPARE(first->bytesToWrite(), 0);
    QTest::qWait(50);
    const QByteArray second
        = exchanged(requestOf("POST /body", "Connection: close\r\n", QByteArray(90'000, 'x')));
    QVERIFY2(second.startsWith("HTTP/1.1 503 "), second);
    first->write(QByteArray(10'000, 'x'));
    QTRY_VERIFY(first->peek(1000).endsWith(" 90000"));
    const QByteArray third
        = exchanged(requestOf("POST /body", "Connection: close\r\n", QByteArray(90'000, 'x')));
    QVERIFY2(third.startsWith("HTTP/1.1 200 "), third);
}

void HttpServerTest::takenPortIsSaid()
{
    listen();
    m_settings.port = m_port;
    HttpServer second({}, m_settings);
    const mail::Result<quint16> port = second.listen();
    QVERIFY(!port);
    QCOMPARE(port.error().code, mail::ErrorCode::InUse);
    QCOMPARE(port.error().subject, QStringLiteral("127.0.0.1:%1").arg(m_port));
}

QTEST_GUILESS_MAIN(HttpServerTest)
#include "tst_httpserver.moc"
