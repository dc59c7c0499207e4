// Where mail for a domain goes: the rules as a table over nameservers' answers, and the look-up itself
// against a nameserver on loopback.

#include "smtp/dns/dnsexchangerlookup.h"
#include "smtp/dns/exchangerpolicy.h"
#include "tests/support/fakedns.h"

#include <QTemporaryFile>
#include <QTest>

#include <algorithm>

using namespace glasspost;
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

/// One look-up to its end, against the nameserver given.
struct Found
{
    ExchangerResult result = tl::unexpected(LookupFailure());
    QList<QByteArray> notes;
    bool done = false;
};

LookupSettings settingsFor(const test::FakeDns &dns)
{
    LookupSettings settings;
    settings.resolver.nameserver = QHostAddress(QHostAddress::LocalHost);
    settings.resolver.port = dns.port();
    settings.ourNames = {"us.example"};
    return settings;
}

void fill(test::FakeDns &dns)
{
    dns.addMx("pref.test", 20, "b.test");
    dns.addMx("pref.test", 10, "a.test");
    dns.addAddress("a.test", "2001:db8::1");
    dns.addAddress("a.test", "192.0.2.1");
    dns.addAddress("b.test", "192.0.2.2");
    dns.addMx("null.test", 0, "");
    dns.addText("empty.test", "exists, but has no MX and no address");
    dns.addAddress("plain.test", "192.0.2.9");
    dns.addMx("noaddress.test", 10, "empty.test");
    dns.addMx("noaddress.test", 20, "gone.test");
    dns.addAddress("noaddress.test", "192.0.2.66");
    dns.addMx("us.test", 10, "US.example");
    dns.fail("sick.test", test::FakeDns::Code::ServerFailure);
    dns.fail("refused.test", test::FakeDns::Code::Refused);
    dns.addMx("sickhost.test", 10, "sick.test");
    dns.beSilentAbout("silent.test");
    dns.addAlias("alias.test", "pref.test");
    dns.addAlias("one.loop.test", "two.loop.test");
    dns.addAlias("two.loop.test", "three.loop.test");
    dns.addAlias("three.loop.test", "one.loop.test");
    dns.addAlias("self.test", "self.test");
    for (int i = 0; i < 30; ++i) {
        dns.addAlias(
            "l" + QByteArray::number(i) + ".long.test", "l" + QByteArray::number(i + 1) + ".long.test");
    }
    for (int i = 0; i < 500; ++i)
        dns.addMx("many.test", quint16(1000 + i), "mx" + QByteArray::number(i) + ".many.test");
    dns.addAddress("mx0.many.test", "192.0.2.50");
    dns.addMx("odd.test", 10, "bad name\r\n.test");
    dns.addData("broken.test", DnsType::Mx, QByteArray::fromHex("00"));
    dns.addAddress("nas.house.test", "192.168.1.9");
}

} // namespace

class ExchangerLookupTest : public QObject
{
    Q_OBJECT
private:
    Found find(DnsExchangerLookup &lookup, const QByteArray &domain)
    {
        Found found;
        lookup.lookup(
            domain, this, [&](const QByteArray &note) { found.notes.append(note); },
            [&](const ExchangerResult &result) {
                found.result = result;
                found.done = true;
            });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(found.done, 30000); }();
        return found;
    }

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
        row("T82 MX of hosts that do not exist: never the domain's own",
            {{10, "empty.test"}, {20, "gone.test"}}, failureText(Kind::NoAddress, "5.4.4"));
        row("C58 one of two has no address", {{10, "empty.test"}, {20, "b.test"}},
            "20 b.test=192.0.2.2,192.0.2.3,;");
        QTest::newRow("C57 time-out")
            << DnsStatus::TimedOut << QList<MxRecord>() << true << failureText(Kind::Temporary, "4.4.3");
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
            {"2a00:1450::1", true}, {"::ffff:127.0.0.1", false}, {"::ffff:8.8.8.8", true}, {"ff02::1", false},
            {"::127.0.0.1", false}, {"64:ff9b::7f00:1", false}, {"64:ff9b::8.8.8.8", true},
            {"64:ff9b:1::1", false}, {"2002:a01:203::1", false}, {"2002:808:808::1", true},
            {"fec0::1", false}, {"198.19.0.1", false}, {"192.0.0.8", false}};
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

    void fromNameserver_data()
    {
        QTest::addColumn<QByteArray>("domain");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const QByteArray &domain, const QByteArray &expected) {
            QTest::newRow(name) << domain << expected;
        };
        const QByteArray both = "10 a.test=2001:db8::1,192.0.2.1,;20 b.test=192.0.2.2,;";
        row("C60 two exchangers in order", "pref.test", both);
        row("a final dot, capital letters", "PREF.Test.", both);
        row("C56 null MX", "null.test", failureText(Kind::NullExchanger, "5.1.10"));
        row("C57 NXDOMAIN", "nowhere.test", failureText(Kind::NoSuchDomain, "5.1.2"));
        row("T82 no data at all", "empty.test", failureText(Kind::NoAddress, "5.1.2"));
        row("C57 F34 SERVFAIL", "sick.test", failureText(Kind::Temporary, "4.4.3"));
        row("C57 refused", "refused.test", failureText(Kind::Temporary, "4.4.3"));
        row("C57 the exchanger's address is SERVFAIL", "sickhost.test",
            failureText(Kind::Temporary, "4.4.3"));
        row("C57 time-out", "silent.test", failureText(Kind::Temporary, "4.4.3"));
        row("C58 no MX: the domain itself", "plain.test", "0 plain.test=192.0.2.9,;");
        row("C58 T82 MX without an address: never the domain's own", "noaddress.test",
            failureText(Kind::NoAddress, "5.4.4"));
        row("C59 an alias is followed", "alias.test", both);
        row("C59 F34 a loop of aliases", "one.loop.test", failureText(Kind::Loop, "5.4.6"));
        row("C59 an alias of itself", "self.test", failureText(Kind::Loop, "5.4.6"));
        row("C59 thirty aliases in a chain", "l0.long.test", failureText(Kind::Loop, "5.4.6"));
        row("C59 sixteen aliases, then nothing", "l14.long.test", failureText(Kind::NoSuchDomain, "5.1.2"));
        row("C61 only us", "us.test", failureText(Kind::OnlyUs, "5.4.6"));
        row("F34 500 records, truncated, by TCP", "many.test", "1000 mx0.many.test=192.0.2.50,;");
        row("F34 a host name that forges a line", "odd.test", failureText(Kind::Temporary, "4.4.3"));
        row("F34 RDATA of one octet", "broken.test", failureText(Kind::Temporary, "4.4.3"));
    }
    void fromNameserver()
    {
        QFETCH(QByteArray, domain);
        QFETCH(QByteArray, expected);
        test::FakeDns dns;
        fill(dns);
        LookupSettings settings = settingsFor(dns);
        if (domain == "silent.test")
            settings.resolver.timeout = std::chrono::milliseconds(1500);
        DnsExchangerLookup lookup(settings);
        const Found found = find(lookup, domain);
        QCOMPARE(describe(found.result), expected);
        QVERIFY(!found.notes.isEmpty());
        for (const QByteArray &note : found.notes)
            QVERIFY2(!note.contains('\n') && !note.contains('\r'), note.constData());
    }

    void hosts_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const QByteArray &host, const QByteArray &expected) {
            QTest::newRow(name) << host << expected;
        };
        row("the smarthost's name, by the nameserver given", "nas.house.test",
            "0 nas.house.test=192.168.1.9,;");
        row("an address", "192.0.2.7", "0 192.0.2.7=192.0.2.7,;");
        row("an address literal", "[IPv6:2001:db8::7]", "0 [IPv6:2001:db8::7]=2001:db8::7,;");
        row("MX does not count", "null.test", failureText(Kind::Temporary, "4.4.4"));
        row("no such host: the mail waits", "nowhere.test", failureText(Kind::Temporary, "4.4.4"));
        row("SERVFAIL", "sick.test", failureText(Kind::Temporary, "4.4.3"));
    }
    void hosts()
    {
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, expected);
        test::FakeDns dns;
        fill(dns);
        DnsExchangerLookup lookup(settingsFor(dns));
        Found found;
        lookup.lookupHost(
            host, this, [&](const QByteArray &note) { found.notes.append(note); },
            [&](const ExchangerResult &result) {
                found.result = result;
                found.done = true;
            });
        QTRY_VERIFY(found.done);
        QCOMPARE(describe(found.result), expected);
    }

    void answersAreKept()
    {
        test::FakeDns dns;
        fill(dns);
        DnsExchangerLookup lookup(settingsFor(dns));
        find(lookup, "pref.test");
        find(lookup, "pref.test");
        QCOMPARE(dns.asked("pref.test", DnsType::Mx), 1);
    }

    void nobodyListens()
    {
        LookupSettings settings;
        {
            test::FakeDns gone;
            settings = settingsFor(gone);
        }
        settings.resolver.timeout = std::chrono::seconds(3);
        DnsExchangerLookup lookup(settings);
        QCOMPARE(describe(find(lookup, "pref.test").result), failureText(Kind::Temporary, "4.4.3"));
    }

    void unreadableTrustAnchor()
    {
        test::FakeDns dns;
        fill(dns);
        LookupSettings settings = settingsFor(dns);
        settings.resolver.trustAnchorFile = QStringLiteral("/nowhere/anchor.key");
        DnsExchangerLookup lookup(settings);
        const Found found = find(lookup, "pref.test");
        QCOMPARE(describe(found.result), failureText(Kind::Temporary, "4.4.3"));
        QVERIFY2(
            found.result.error().text.contains("/nowhere/anchor.key"), found.result.error().text.constData());
    }

    void unsignedUnderATrustAnchor()
    {
        // A nameserver that strips signatures: with an anchor that a person named nothing of it is believed.
        test::FakeDns dns;
        fill(dns);
        QTemporaryFile anchor;
        QVERIFY(anchor.open());
        anchor.write("test. IN DS 20326 8 2 "
                     "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n");
        anchor.close();
        LookupSettings settings = settingsFor(dns);
        settings.resolver.trustAnchorFile = anchor.fileName();
        DnsExchangerLookup lookup(settings);
        const Found found = find(lookup, "pref.test");
        QCOMPARE(describe(found.result), failureText(Kind::Temporary, "4.4.3"));
        QVERIFY2(found.result.error().text.contains("DNSSEC"), found.result.error().text.constData());
    }

    void recordData_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("name") << test::nameData("mx.example.test") << QByteArray("mx.example.test");
        QTest::newRow("root") << QByteArray(1, '\0') << QByteArray("");
        QTest::newRow("nothing") << QByteArray() << QByteArray("none");
        QTest::newRow("no end") << QByteArray("\3abc") << QByteArray("none");
        QTest::newRow("cut label") << QByteArray("\7abc") << QByteArray("none");
        QTest::newRow("behind the end") << QByteArray("\3abc\0x", 6) << QByteArray("none");
        QTest::newRow("pointer") << QByteArray("\xc0\x0c\0", 3) << QByteArray("none");
        QTest::newRow("escape") << QByteArray("\3a\x1b[\0", 5) << QByteArray("none");
        QTest::newRow("too long") << test::nameData(QByteArray("abcdefghij.").repeated(24))
                                  << QByteArray("none");
    }
    void recordData()
    {
        QFETCH(QByteArray, data);
        QFETCH(QByteArray, name);
        QCOMPARE(nameFromData(data).value_or("none"), name);
        const auto record = mxFromData(QByteArray("\0\5", 2) + data);
        QCOMPARE(record.has_value(), name != "none");
        for (qsizetype size = 0; record && size < data.size(); ++size) // no beginning of a name is one
            QVERIFY(!nameFromData(data.first(size)));
        QVERIFY(!addressFromData(QByteArray("12345")));
        QVERIFY(!textFromData(QByteArray("\5abc")));
        QCOMPARE(textFromData(QByteArray("\3abc\2de")).value(), QByteArray("abcde"));
    }

    void localhost()
    {
        test::FakeDns dns; // knows nothing of it, and is not asked
        DnsExchangerLookup lookup(settingsFor(dns));
        const Found found = find(lookup, "localhost");
        QVERIFY(found.result);
        QVERIFY(found.result->constFirst().addresses.constFirst().isLoopback());
        QCOMPARE(dns.asked("localhost", DnsType::A), 0);
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
