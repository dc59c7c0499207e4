#include "mail/pictures/linkprobes.h"
#include "tests/support/webserver.h"

#include <QTest>

#include <optional>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

QList<LinkStatus> asked(
    const QStringList &targets, PictureServers servers, Redirects redirects = Redirects::Told)
{
    LinkProbes probes(servers);
    std::optional<QList<LinkStatus>> links;
    probes.ask(targets, redirects).then(&probes, [&links](const Result<QList<LinkStatus>> &given) {
        links = given.value_or(QList<LinkStatus>());
    });
    return QTest::qWaitFor([&links] { return links.has_value(); }, 30000) ? *links : QList<LinkStatus>();
}

} // namespace

/// What the servers of links are asked, and what comes of it.
class LinkProbesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsTheStatus();
    void followsRedirectsIfWanted();
    void asksNobodyOfThisNetwork();
    void asksEachOnceAndNotAllAtOnce();
    void asksNobodyForNothing();
};

void LinkProbesTest::tellsTheStatus()
{
    test::WebServer server;
    server.give("/a", {});
    server.give("/gone", {}, "HTTP/1.1 410 Gone away\r\n");
    const QList<LinkStatus> links
        = asked({server.address(QStringLiteral("/a")), server.address(QStringLiteral("/gone")),
                    server.address(QStringLiteral("/none"))},
            PictureServers::Any);
    QCOMPARE(links.size(), 3);
    QCOMPARE(links.at(0).status, 200);
    QVERIFY(!links.at(0).isBroken());
    QCOMPARE(links.at(1).status, 410);
    QCOMPARE(links.at(1).words, QStringLiteral("Gone away"));
    QVERIFY(links.at(1).isBroken());
    QCOMPARE(links.at(2).status, 404);
    server.give("/head", {}, "HTTP/1.1 405 Method Not Allowed\r\n");
    const LinkStatus unasked = asked({server.address(QStringLiteral("/head"))}, PictureServers::Any).value(0);
    QVERIFY(unasked.status == 405 && !unasked.isBroken());
    for (const QByteArray &request : server.requests()) {
        QVERIFY2(request.startsWith("HEAD "), request);
        QVERIFY2(!request.contains("Cookie") && !request.contains("Referer"), request);
    }
}

void LinkProbesTest::followsRedirectsIfWanted()
{
    test::WebServer server;
    server.redirect("/a", "/b");
    server.redirect("/circle", "/circle");
    const QStringList first = {server.address(QStringLiteral("/a"))};
    QCOMPARE(asked(first, PictureServers::Any).value(0).status, 302);
    QCOMPARE(server.paths(), QList<QByteArray>{"/a"});
    QCOMPARE(asked(first, PictureServers::Any, Redirects::Followed).value(0).status, 404);
    const LinkStatus circle
        = asked({server.address(QStringLiteral("/circle"))}, PictureServers::Any, Redirects::Followed)
              .value(0);
    QCOMPARE(circle.status, 0);
    QVERIFY(circle.isBroken() && !circle.words.isEmpty());
}

void LinkProbesTest::asksNobodyOfThisNetwork()
{
    test::WebServer server;
    server.give("/a", {});
    const LinkStatus link = asked({server.address(QStringLiteral("/a"))}, PictureServers::Public).value(0);
    QCOMPARE(link.status, 0);
    QVERIFY(link.isNotAsked && link.isBroken());
    QCOMPARE(server.connections(), 0);
    QVERIFY(!asked({server.address(QStringLiteral("/a"))}, PictureServers::Any).value(0).isNotAsked);
}

void LinkProbesTest::asksEachOnceAndNotAllAtOnce()
{
    test::WebServer server;
    QStringList targets;
    for (int i = 0; i < 150; ++i)
        targets += server.address(QStringLiteral("/%1").arg(i));
    const QList<LinkStatus> links = asked(targets + targets, PictureServers::Any);
    QCOMPARE(links.size(), LinkProbes::mostAsked);
    QCOMPARE(server.requests().size(), LinkProbes::mostAsked);
    QCOMPARE(server.requests().constFirst().split(' ').value(1), QByteArray("/0"));
    QCOMPARE(server.requests().constLast().split(' ').value(1), QByteArray("/99"));

    LinkProbes probes(PictureServers::Any);
    test::WebServer slow;
    slow.keepWaiting("/a");
    slow.keepWaiting("/b");
    probes.ask({slow.address(QStringLiteral("/a")), slow.address(QStringLiteral("/b"))}, Redirects::Told);
    QTRY_COMPARE(slow.requests().size(), 1);
    QTest::qWait(300);
    QCOMPARE(slow.connections(), 1); // one at once of each server
}

void LinkProbesTest::asksNobodyForNothing()
{
    QCOMPARE(asked({}, PictureServers::Any), QList<LinkStatus>());
    const LinkStatus file = asked({QStringLiteral("file:///etc/hostname")}, PictureServers::Any).value(0);
    QVERIFY(file.isNotAsked && file.status == 0);
}

QTEST_GUILESS_MAIN(LinkProbesTest)
#include "tst_linkprobes.moc"
