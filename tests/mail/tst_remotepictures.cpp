#include "mail/pictures/remotepictures.h"
#include "tests/support/webserver.h"

#include <QNetworkCookie>
#include <QNetworkCookieJar>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

/// What became of one picture.
Result<QByteArray> fetched(const QString &address, PictureServers servers,
    std::chrono::milliseconds limit = std::chrono::seconds(20))
{
    QNetworkAccessManager manager;
    QObject context;
    auto *fetch = new PictureFetch(manager, servers, &context);
    fetch->setTimeLimit(limit);
    std::optional<Result<QByteArray>> outcome;
    fetch->fetch(QUrl(address)).then(&context, [&outcome](const Result<QByteArray> &result) {
        outcome = result;
    });
    if (!QTest::qWaitFor([&outcome] { return outcome.has_value(); }, 20000))
        return tl::unexpected(Error{ErrorCode::Damaged, {}, QStringLiteral("no answer")});
    return *outcome;
}

} // namespace

class TestRemotePictures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksNobodyOfThisNetwork_data();
    void asksNobodyOfThisNetwork();
    void followsRedirects_data();
    void followsRedirects();
    void tellsAsLittleAsCanBe();
    void givesUp_data();
    void givesUp();
    void fetchesAll();
    void fetchesNothingMoreOnceGivenUp();
};

/// Addresses as browsers read them, of which a port is put in place.
void TestRemotePictures::asksNobodyOfThisNetwork_data()
{
    QTest::addColumn<QString>("address");
    for (const char *host : {"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1",
             "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::]", "10.0.0.1", "192.168.1.1", "172.16.0.1",
             "169.254.169.254", "[fe80::1]", "[fc00::1]", "100.64.0.1"})
        QTest::newRow(host) << QStringLiteral("http://%1:%2/a.png").arg(QLatin1String(host));
    for (const char *address :
        {"file:///etc/hostname", "ftp://127.0.0.1/a", "data:image/png,x", "qrc:/a", ""})
        QTest::newRow(address) << QString::fromLatin1(address);
}

void TestRemotePictures::asksNobodyOfThisNetwork()
{
    QFETCH(QString, address);
    test::WebServer server;
    server.give("/a.png", "picture");
    if (address.contains(QLatin1String("%2")))
        address = address.arg(QUrl(server.address({})).port());
    const Result<QByteArray> outcome = fetched(address, PictureServers::Public);
    QVERIFY(!outcome);
    QCOMPARE(server.connections(), 0);
}

void TestRemotePictures::followsRedirects_data()
{
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<bool>("isFollowed");
    QTest::newRow("within the server") << QByteArray("/b.png") << true;
    QTest::newRow("in a circle") << QByteArray("/a.png") << false;
    QTest::newRow("to a file") << QByteArray("file:///etc/hostname") << false;
    QTest::newRow("to data") << QByteArray("data:image/png,x") << false;
    QTest::newRow("to another scheme") << QByteArray("ftp://127.0.0.1/") << false;
    QTest::newRow("to nowhere") << QByteArray("http:///") << false;
}

void TestRemotePictures::followsRedirects()
{
    QFETCH(QByteArray, to);
    QFETCH(bool, isFollowed);
    test::WebServer server;
    server.redirect("/a.png", to);
    server.give("/b.png", "picture");
    const Result<QByteArray> outcome = fetched(server.address(QStringLiteral("/a.png")), PictureServers::Any);
    QCOMPARE(outcome.has_value(), isFollowed);
    QVERIFY(server.requests().size() <= 6);
    if (isFollowed)
        QCOMPARE(*outcome, QByteArray("picture"));
}

void TestRemotePictures::tellsAsLittleAsCanBe()
{
    test::WebServer server;
    server.give("/a.png", "picture");
    QNetworkAccessManager manager;
    for (int times = 0; times < 2; ++times) {
        QObject context;
        auto *fetch = new PictureFetch(manager, PictureServers::Any, &context);
        bool isThere = false;
        QUrl address(server.address(QStringLiteral("/a.png#part")));
        address.setUserInfo(QStringLiteral("me:secret"));
        fetch->fetch(address).then(
            &context, [&isThere](const Result<QByteArray> &result) { isThere = result.has_value(); });
        QTRY_VERIFY(isThere);
    }
    // The second time nothing is known of the first one: neither its cookie nor its entity tag.
    QCOMPARE(server.requests().size(), 2);
    QCOMPARE(server.requests().at(0), server.requests().at(1));
    const QByteArray request = server.requests().at(0).toLower();
    QVERIFY2(request.startsWith("get /a.png http/1.1\r\n"), request.constData());
    QVERIFY2(request.contains("\r\nhost: 127.0.0.1:"), request.constData());
    for (const char *field :
        {"cookie:", "referer:", "authorization:", "if-", "dnt:", "secret", "qt", "glasspost"})
        QVERIFY2(!request.contains(field), request.constData());
    QVERIFY(request.contains("accept-language: en\r\n"));
    QVERIFY(request.contains("accept-encoding: identity\r\n"));
    QVERIFY(manager.cookieJar()->cookiesForUrl(QUrl(server.address({}))).isEmpty());
}

void TestRemotePictures::givesUp_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("one that is not there") << QByteArray("/none.png");
    QTest::newRow("one without end") << QByteArray("/large.png");
    QTest::newRow("one that never comes") << QByteArray("/slow.png");
    QTest::newRow("one that asks for a password") << QByteArray("/closed.png");
    QTest::newRow("a server that answers with nonsense") << QByteArray("/odd.png");
}

void TestRemotePictures::givesUp()
{
    QFETCH(QByteArray, path);
    test::WebServer server;
    server.give("/large.png", QByteArray(largestRemotePicture + 1, 'x'));
    server.keepWaiting("/slow.png");
    server.give("/closed.png", {}, "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n");
    server.give("/odd.png", "x", "220 mail.example.test ESMTP\r\n");
    const auto limit = path == "/slow.png" ? std::chrono::milliseconds(200) : std::chrono::seconds(20);
    QVERIFY(!fetched(server.address(QString::fromLatin1(path)), PictureServers::Any, limit));
}

void TestRemotePictures::fetchesAll()
{
    test::WebServer server;
    QStringList addresses;
    for (int i = 0; i < 20; ++i) {
        addresses.append(server.address(QStringLiteral("/%1.png").arg(i)));
        if (i % 5 != 0)
            server.give("/" + QByteArray::number(i) + ".png", "picture " + QByteArray::number(i));
    }
    RemotePictures pictures;
    QHash<int, QByteArray> got;
    QObject::connect(&pictures, &RemotePictures::got, &pictures,
        [&got](int number, const QByteArray &octets) { got.insert(number, octets); });
    QSignalSpy finished(&pictures, &RemotePictures::finished);
    pictures.fetch(addresses, PictureServers::Any);
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(finished.at(0).at(0).toInt(), 4);
    QCOMPARE(finished.at(0).at(1).toInt(), 0);
    QCOMPARE(got.size(), 16);
    QCOMPARE(got.value(7), QByteArray("picture 7"));
    // Qt asks again where a connection was closed before the answer came.
    const QList<QByteArray> paths = server.paths();
    QCOMPARE(QSet<QByteArray>(paths.cbegin(), paths.cend()).size(), 20);
    // Servers of this network are not asked, which is no failure of theirs.
    pictures.fetch(addresses.mid(0, 3), PictureServers::Public);
    QTRY_COMPARE(finished.size(), 2);
    QCOMPARE(finished.at(1), (QVariantList{3, 3}));
    QCOMPARE(server.paths().size(), paths.size());
}

void TestRemotePictures::fetchesNothingMoreOnceGivenUp()
{
    test::WebServer server;
    server.keepWaiting("/a.png");
    server.give("/b.png", "picture");
    RemotePictures pictures;
    QSignalSpy got(&pictures, &RemotePictures::got);
    QSignalSpy finished(&pictures, &RemotePictures::finished);
    pictures.fetch({server.address(QStringLiteral("/a.png"))}, PictureServers::Any);
    QTRY_COMPARE(server.requests().size(), 1);
    pictures.fetch({server.address(QStringLiteral("/b.png"))}, PictureServers::Any);
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(got.size(), 1);
    QCOMPARE(got.at(0).at(1).toByteArray(), QByteArray("picture"));
}

QTEST_GUILESS_MAIN(TestRemotePictures)
#include "tst_remotepictures.moc"
