// MTA-STS (RFC 8461): the policy's text, the record that announces it, its fetch, and what is kept of it.

#include "smtp/dns/mtasts.h"
#include "smtp/dns/stspolicies.h"
#include "tests/support/fakedns.h"
#include "tests/support/policyserver.h"

#include <QDateTime>
#include <QTest>

using namespace glasspost;
using namespace glasspost::smtp;
using Mode = StsPolicy::Mode;

namespace {

const QByteArray domain = "example.test";
const QByteArray enforceText = "version: STSv1\r\nmode: enforce\r\nmx: mx.example.test\r\nmax_age: 86400\r\n";

QByteArray describe(const StsPolicy &policy)
{
    static const QHash<Mode, QByteArray> words{
        {Mode::None, "none"}, {Mode::Testing, "testing"}, {Mode::Enforce, "enforce"}};
    return words.value(policy.mode) + ' ' + QByteArray::number(qint64(policy.maxAge.count())) + ' '
        + policy.patterns.join(',');
}

} // namespace

class MtaStsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_root = test::makeCertificate({"Root", test::CertificateWish::Use::Authority});
        m_identity = test::makeCertificate({"mta-sts.example.test"}, &m_root);
        m_wrongName = test::makeCertificate({"www.example.test"}, &m_root);
    }

    void policies_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const QByteArray &text, const QByteArray &expected) {
            QTest::newRow(name) << text << expected;
        };
        row("C48 enforce", enforceText, "enforce 86400 mx.example.test");
        row("LF alone, any order, blanks, unknown keys",
            "mode:testing\nmax_age:  60  \nfuture: thing\nmx: *.Example.TEST\nmx: b.test\nversion: STSv1",
            "testing 60 *.example.test,b.test");
        row("none needs no mx", "version: STSv1\nmode: none\nmax_age: 1\n", "none 1 ");
        row("the first of a repeated key",
            "version: STSv1\nmode: none\nmode: enforce\nmax_age: 5\nmax_age: 6\n", "none 5 ");
        row("a year at most", "version: STSv1\nmode: none\nmax_age: 9999999999\n", "none 31557600 ");
        row("empty", "", "bad");
        row("another version", "version: STSv2\nmode: none\nmax_age: 1\n", "bad");
        row("no mode", "version: STSv1\nmax_age: 1\n", "bad");
        row("unknown mode", "version: STSv1\nmode: strict\nmax_age: 1\n", "bad");
        row("no age", "version: STSv1\nmode: none\n", "bad");
        row("negative age", "version: STSv1\nmode: none\nmax_age: -1\n", "bad");
        row("age of eleven digits", "version: STSv1\nmode: none\nmax_age: 10000000000\n", "bad");
        row("enforce without mx", "version: STSv1\nmode: enforce\nmax_age: 1\n", "bad");
        row("mx of octets that no name has", "version: STSv1\nmode: enforce\nmax_age: 1\nmx: a b\n", "bad");
        row("wildcard inside", "version: STSv1\nmode: enforce\nmax_age: 1\nmx: a.*.test\n", "bad");
        row("a web page", "<html>\n<body>nothing</body>", "bad");
    }
    void policies()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const auto policy = parseStsPolicy(text);
        QCOMPARE(policy ? describe(*policy) : QByteArray("bad"), expected);
        QVERIFY(policy || !policy.error().isEmpty());
        for (qsizetype size = 0; size < text.size(); ++size) { // any beginning of it is a policy or an error
            const auto part = parseStsPolicy(text.first(size));
            QVERIFY(part ? part->mode == Mode::None || !part->patterns.isEmpty() : !part.error().isEmpty());
        }
    }

    void patterns_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("fits");
        const auto row = [](const char *pattern, const char *host, bool fits) {
            QTest::addRow("%s %s", pattern, host) << QByteArray(pattern) << QByteArray(host) << fits;
        };
        row("mx.a.test", "mx.a.test", true);
        row("mx.a.test", "MX.A.TEST", true);
        row("mx.a.test", "a.test", false);
        row("*.a.test", "mx.a.test", true);
        row("*.a.test", "a.test", false);
        row("*.a.test", ".a.test", false);
        row("*.a.test", "x.mx.a.test", false);
        row("*.a.test", "mx.b.test", false);
        row("*.a.test", "mxa.test", false);
    }
    void patterns()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, host);
        QFETCH(bool, fits);
        const StsPolicy policy{Mode::Enforce, std::chrono::seconds(1), {"other.test", pattern}};
        QCOMPARE(policy.lists(host), fits);
    }

    void ids_data()
    {
        QTest::addColumn<QByteArrayList>("texts");
        QTest::addColumn<QByteArray>("id");
        QTest::newRow("one") << QByteArrayList{"v=STSv1; id=20160831085700Z;"}
                             << QByteArray("20160831085700Z");
        QTest::newRow("no blanks") << QByteArrayList{"v=STSv1;id=1"} << QByteArray("1");
        QTest::newRow("others beside it")
            << QByteArrayList{"v=spf1 -all", "v=STSv1; id=7", "hello"} << QByteArray("7");
        QTest::newRow("two") << QByteArrayList{"v=STSv1; id=7", "v=STSv1; id=8"} << QByteArray();
        QTest::newRow("none") << QByteArrayList{} << QByteArray();
        QTest::newRow("no id") << QByteArrayList{"v=STSv1;"} << QByteArray();
        QTest::newRow("bad id") << QByteArrayList{"v=STSv1; id=a b"} << QByteArray();
        QTest::newRow("id too long") << QByteArrayList{"v=STSv1; id=" + QByteArray(33, 'a')} << QByteArray();
        QTest::newRow("another version") << QByteArrayList{"v=STSv10; id=7"} << QByteArray();
    }
    void ids()
    {
        QFETCH(QByteArrayList, texts);
        QFETCH(QByteArray, id);
        QCOMPARE(stsPolicyId(texts).value_or(QByteArray()), id);
    }

    void fetched_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("expected");
        const auto row
            = [](const char *name, const QByteArray &status, const QByteArray &type, const QByteArray &body,
                  const QByteArray &expected) { QTest::newRow(name) << status << type << body << expected; };
        row("C48 a policy", "200 OK", "text/plain", enforceText, "enforce 86400 mx.example.test");
        row("with a charset", "200 OK", "Text/Plain; charset=utf-8", enforceText,
            "enforce 86400 mx.example.test");
        row("not found", "404 Not Found", "text/plain", enforceText, "nothing");
        row("not text", "200 OK", "text/html", enforceText, "nothing");
        row("no policy", "200 OK", "text/plain", "hello", "nothing");
        row("more than 64 KiB", "200 OK", "text/plain", enforceText + QByteArray(70000, '\n'), "nothing");
    }
    void fetched()
    {
        QFETCH(QByteArray, status);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, expected);
        start(m_identity);
        m_server->status = status;
        m_server->contentType = type;
        m_server->body = body;
        QCOMPARE(find(), expected);
        QVERIFY(!m_notes.isEmpty());
        QCOMPARE(m_server->requests.size(), 1);
        QVERIFY(m_server->requests.first().startsWith("GET /.well-known/mta-sts.txt HTTP/1.1\r\n"));
        QVERIFY(m_server->requests.first().toLower().contains("\r\nhost: mta-sts.example.test"));
        QCOMPARE(find(), expected); // kept, or not tried again at once
        QCOMPARE(m_server->requests.size(), 1);
    }

    void redirectsAreNotFollowed() // RFC 8461 3.3
    {
        start(m_identity);
        m_server->status = "301 Moved Permanently";
        m_server->moreHeader = "Location: https://mta-sts.example.test:"
            + QByteArray::number(m_server->serverPort()) + "/other\r\n";
        m_server->body = enforceText;
        QCOMPARE(find(), QByteArray("nothing"));
        QCOMPARE(m_server->requests.size(), 1);
    }

    void certificateMustFit()
    {
        start(m_wrongName);
        m_server->body = enforceText;
        QCOMPARE(find(), QByteArray("nothing"));
        QCOMPARE(m_server->requests.size(), 0);
        start(test::makeCertificate({"mta-sts.example.test"})); // of nobody's authority
        m_server->body = enforceText;
        QCOMPARE(find(), QByteArray("nothing"));
        QCOMPARE(m_server->requests.size(), 0);
    }

    void nobodyAnswersInTime()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        start(m_identity);
        m_fetch.port = silent.serverPort();
        m_fetch.timeout = std::chrono::milliseconds(300);
        makePolicies();
        QCOMPARE(find(), QByteArray("nothing"));
        QVERIFY2(m_notes.last().contains("time-out"), m_notes.last().constData());
    }

    void keptWhileTheIdStays()
    {
        start(m_identity);
        keep("7", 10); // the id that is published
        QCOMPARE(find(), QByteArray("enforce 86400 mx.example.test"));
        QCOMPARE(m_server->requests.size(), 0);
    }

    void anotherIdBringsAnotherPolicy()
    {
        start(m_identity);
        keep("6", 10);
        m_server->body = "version: STSv1\nmode: none\nmax_age: 60\n";
        QCOMPARE(find(), QByteArray("none 60 "));
        QCOMPARE(m_server->requests.size(), 1);
    }

    void keptWhereNoneCanBeHad() // RFC 8461 5.1: an attacker who blocks it wins nothing
    {
        start(m_identity);
        keep("6", 10);
        m_server->status = "500 Internal Server Error";
        QCOMPARE(find(), QByteArray("enforce 86400 mx.example.test"));
        m_dns = std::make_unique<test::FakeDns>(); // no record any more
        makePolicies();
        QCOMPARE(find(), QByteArray("enforce 86400 mx.example.test"));
    }

    void notKeptPastItsAge()
    {
        start(m_identity);
        keep("7", 86401);
        m_server->status = "500 Internal Server Error";
        QCOMPARE(find(), QByteArray("nothing"));
        keep("7", -10); // from the future: a clock was wrong
        makePolicies();
        QCOMPARE(find(), QByteArray("nothing"));
    }

    void noRecordNoFetch()
    {
        start(m_identity);
        m_dns = std::make_unique<test::FakeDns>();
        makePolicies();
        QCOMPARE(find(), QByteArray("nothing"));
        QVERIFY(m_notes.isEmpty()); // most domains have none, and no line tells of it
        QCOMPARE(m_server->requests.size(), 0);
    }

private:
    void start(const test::Certified &identity)
    {
        m_server = std::make_unique<test::PolicyServer>(identity);
        m_dns = std::make_unique<test::FakeDns>();
        m_dns->addText("_mta-sts.example.test", "v=STSv1; id=7;");
        m_dns->addAddress("mta-sts.example.test", "127.0.0.1");
        m_cache = std::make_shared<MemoryStsCache>();
        m_fetch = {};
        m_fetch.port = m_server->serverPort();
        m_fetch.authorities = {m_root.certificate};
        makePolicies();
    }

    void makePolicies()
    {
        ResolverSettings settings;
        settings.nameserver = QHostAddress(QHostAddress::LocalHost);
        settings.port = m_dns->port();
        m_policies = std::make_unique<StsPolicies>(std::make_shared<Resolver>(settings), m_cache, m_fetch);
    }

    void keep(const QByteArray &id, qint64 secondsAgo)
    {
        m_cache->store(domain, {id, QDateTime::currentSecsSinceEpoch() - secondsAgo, enforceText});
    }

    QByteArray find()
    {
        QByteArray found;
        m_notes.clear();
        m_policies->find(
            domain, this, [this](const QByteArray &line) { m_notes.append(line); },
            [&](const std::optional<StsPolicy> &policy) {
                found = policy ? describe(*policy) : QByteArray("nothing");
            });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(!found.isEmpty(), 30000); }();
        return found;
    }

    test::Certified m_root;
    test::Certified m_identity;
    test::Certified m_wrongName;
    std::unique_ptr<test::PolicyServer> m_server;
    std::unique_ptr<test::FakeDns> m_dns;
    std::shared_ptr<StsCache> m_cache;
    StsFetchSettings m_fetch;
    std::unique_ptr<StsPolicies> m_policies;
    QList<QByteArray> m_notes;
};

QTEST_GUILESS_MAIN(MtaStsTest)
#include "tst_mtasts.moc"
