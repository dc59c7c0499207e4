// Where mail for a domain goes: the rules as a table over nameservers' answers, and the look-up itself for
// names that need no nameserver.

#include "smtp/dns/dnsexchangerlookup.h"
#include "smtp/dns/exchangerpolicy.h"

#include <QTest>

#include <algorithm>

using namespace glasspost::smtp;

namespace {

using Kind = LookupFailure::Kind;

QByteArray describe(const ExchangerResult &result)
{
    if (!result)
        return "failure " + QByteArray::number(int(result.error().kind)) + ' '
            + result.error().status.toBytes();
    QByteArray text;
    for (const Exchanger &exchanger : *result) {
        text += QByteArray::number(exchanger.preference) + ' ' + exchanger.host + '=';
        for (const QHostAddress &address : exchanger.addresses)
            text += address.toString().toLatin1() + ',';
        text += ';';
    }
    return text;
}

QByteArray failureText(Kind kind, const QByteArray &status)
{
    return "failure " + QByteArray::number(int(kind)) + ' ' + status;
}

void reverse(QList<MxRecord>::iterator begin, QList<MxRecord>::iterator end)
{
    std::reverse(begin, end);
}

QHash<QByteArray, AddressAnswer> world()
{
    const auto is = [](const QList<QByteArray> &texts) {
        AddressAnswer answer{DnsStatus::Answer, {}};
        for (const QByteArray &text : texts)
            answer.addresses.append(QHostAddress(QString::fromLatin1(text)));
        return answer;
    };
    return {{"a.test", is({"2001:db8::1", "192.0.2.1"})}, {"b.test", is({"192.0.2.2", "192.0.2.3"})},
        {"c.test", is({"192.0.2.4", "192.0.2.5", "192.0.2.6"})},
        {"home.test", is({"192.168.1.1", "fe80::1"})},
        {"loop.test", is({"127.0.0.1", "::1", "::ffff:10.0.0.1"})}, {"empty.test", {DnsStatus::NoData, {}}},
        {"gone.test", {DnsStatus::NoSuchName, {}}}, {"sick.test", {DnsStatus::Failed, {}}},
        {"example.test", is({"192.0.2.9"})}};
}

} // namespace

class ExchangerLookupTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rules_data()
    {
        QTest::addColumn<DnsStatus>("status");
        QTest::addColumn<QList<MxRecord>>("records");
        QTest::addColumn<bool>("allowPrivate");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const QList<MxRecord> &records, const QByteArray &expected,
                             bool allowPrivate = true) {
            QTest::newRow(name) << DnsStatus::Answer << records << allowPrivate << expected;
        };
        row("C60 by preference", {{20, "b.test"}, {10, "a.test"}},
            "10 a.test=2001:db8::1,192.0.2.1,;20 b.test=192.0.2.2,192.0.2.3,;");
        row("C60 equal ones shuffled (here turned round)",
            {{10, "b.test"}, {5, "example.test"}, {10, "a.test"}},
            "5 example.test=192.0.2.9,;10 a.test=2001:db8::1,192.0.2.1,;10 b.test=192.0.2.2,192.0.2.3,;");
        row("C60 at most five addresses", {{10, "a.test"}, {20, "b.test"}, {30, "c.test"}},
            "10 a.test=2001:db8::1,192.0.2.1,;20 b.test=192.0.2.2,192.0.2.3,;30 c.test=192.0.2.4,;");
        row("a final dot and capitals", {{10, "A.Test."}}, "10 a.test=2001:db8::1,192.0.2.1,;");
        row("C56 null MX", {{0, ""}}, failureText(Kind::NullExchanger, "5.1.10"));
        row("C56 null MX written as a dot", {{0, "."}}, failureText(Kind::NullExchanger, "5.1.10"));
        row("a null MX among others counts for nothing", {{0, ""}, {10, "b.test"}},
            "10 b.test=192.0.2.2,192.0.2.3,;");
        row("C61 ourselves: we and worse are dropped",
            {{10, "a.test"}, {20, "US.example"}, {20, "b.test"}, {30, "c.test"}},
            "10 a.test=2001:db8::1,192.0.2.1,;");
        row("C61 only us", {{10, "us.example."}, {20, "b.test"}}, failureText(Kind::OnlyUs, "5.4.6"));
        row("C58 MX without an address: never the domain's own", {{10, "empty.test"}, {20, "gone.test"}},
            failureText(Kind::NoAddress, "4.4.3"));
        row("C58 one of two has no address", {{10, "empty.test"}, {20, "b.test"}},
            "20 b.test=192.0.2.2,192.0.2.3,;");
        row("C57 an exchanger's look-up failed", {{10, "sick.test"}, {20, "gone.test"}},
            failureText(Kind::Temporary, "4.4.3"));
        row("C57 one look-up failed, another did not", {{10, "sick.test"}, {20, "b.test"}},
            "20 b.test=192.0.2.2,192.0.2.3,;");
        row("C62 private exchangers", {{10, "home.test"}, {20, "loop.test"}},
            failureText(Kind::NotPublic, "5.4.4"), false);
        row("C62 private ones passed over", {{10, "home.test"}, {20, "b.test"}},
            "20 b.test=192.0.2.2,192.0.2.3,;", false);
        row("C62 allowed", {{10, "home.test"}}, "10 home.test=192.168.1.1,fe80::1,;");
        QTest::newRow("C57 NXDOMAIN")
            << DnsStatus::NoSuchName << QList<MxRecord>() << true << failureText(Kind::NoSuchDomain, "5.1.2");
        QTest::newRow("C57 SERVFAIL")
            << DnsStatus::Failed << QList<MxRecord>() << true << failureText(Kind::Temporary, "4.4.3");
        QTest::newRow("C58 no MX: the domain itself")
            << DnsStatus::NoData << QList<MxRecord>() << true << QByteArray("0 example.test=192.0.2.9,;");
    }
    void rules()
    {
        QFETCH(DnsStatus, status);
        QFETCH(QList<MxRecord>, records);
        QFETCH(bool, allowPrivate);
        QFETCH(QByteArray, expected);
        const auto plan = planExchangers("example.test", {status, records}, {"us.example"}, reverse);
        LookupSettings settings;
        settings.allowPrivateAddresses = allowPrivate;
        const ExchangerResult result = plan ? chooseExchangers("example.test", *plan, world(), settings)
                                            : ExchangerResult(tl::unexpected(plan.error()));
        QCOMPARE(describe(result), expected);
        QVERIFY(result || !result.error().text.isEmpty());
    }

    void shufflingReachesEveryOrder()
    {
        QSet<QByteArray> firsts;
        for (int i = 0; i < 200; ++i) {
            const auto plan = planExchangers("x.test",
                {DnsStatus::Answer, {{10, "a.test"}, {10, "b.test"}, {10, "c.test"}, {20, "d.test"}}}, {});
            firsts.insert(plan->hosts.constFirst().host);
            QCOMPARE(plan->hosts.constLast().host, QByteArray("d.test"));
        }
        QCOMPARE(firsts.size(), 3);
    }

    void publicAddresses_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("isPublic");
        const QList<QPair<const char *, bool>> rows{{"8.8.8.8", true}, {"127.0.0.1", false},
            {"127.255.0.9", false}, {"10.1.2.3", false}, {"172.16.0.1", false}, {"172.32.0.1", true},
            {"192.168.3.4", false}, {"169.254.1.1", false}, {"100.64.0.1", false}, {"0.0.0.0", false},
            {"255.255.255.255", false}, {"::1", false}, {"::", false}, {"fe80::1", false}, {"fd00::1", false},
            {"2a00:1450::1", true}, {"::ffff:127.0.0.1", false}, {"::ffff:8.8.8.8", true},
            {"ff02::1", false}};
        for (const auto &[address, isPublic] : rows)
            QTest::newRow(address) << QString::fromLatin1(address) << isPublic;
    }
    void publicAddresses()
    {
        QFETCH(QString, address);
        QFETCH(bool, isPublic);
        QCOMPARE(isPublicAddress(QHostAddress(address)), isPublic);
    }

    void lookup_data()
    {
        QTest::addColumn<QByteArray>("domain");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *domain, const QByteArray &expected) {
            QTest::newRow(domain) << QByteArray(domain) << expected;
        };
        row("[192.0.2.1]", "0 192.0.2.1=192.0.2.1,;");
        row("[IPv6:2001:db8::1]", "0 2001:db8::1=2001:db8::1,;");
        row("[nonsense]", failureText(Kind::NoSuchDomain, "5.1.2"));
        row("[192.0.2.1", failureText(Kind::NoSuchDomain, "5.1.2"));
    }
    void lookup()
    {
        QFETCH(QByteArray, domain);
        QFETCH(QByteArray, expected);
        DnsExchangerLookup lookup({});
        QByteArray found;
        lookup.lookup(
            domain, this, [](const QByteArray &) {},
            [&](const ExchangerResult &result) { found = describe(result); });
        QVERIFY(found.isEmpty()); // later, never from inside the call
        QTRY_COMPARE(found, expected);
    }

    void localhost()
    {
        DnsExchangerLookup lookup({});
        ExchangerResult found = tl::unexpected(LookupFailure());
        QList<QByteArray> notes;
        lookup.lookup(
            "localhost", this, [&](const QByteArray &note) { notes.append(note); },
            [&](const ExchangerResult &result) { found = result; });
        QTRY_VERIFY(found);
        QVERIFY(found->constFirst().addresses.constFirst().isLoopback());
        QVERIFY(!notes.isEmpty());
    }

    void contextGoneFirst()
    {
        DnsExchangerLookup lookup({});
        bool called = false;
        {
            QObject context;
            lookup.lookup(
                "[192.0.2.1]", &context, [](const QByteArray &) {},
                [&](const ExchangerResult &) { called = true; });
        }
        bool later = false;
        lookup.lookup(
            "[192.0.2.1]", this, [](const QByteArray &) {}, [&](const ExchangerResult &) { later = true; });
        QTRY_VERIFY(later);
        QVERIFY(!called);
    }
};

QTEST_GUILESS_MAIN(ExchangerLookupTest)
#include "tst_exchangerlookup.moc"
