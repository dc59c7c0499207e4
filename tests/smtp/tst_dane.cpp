// DANE (RFC 7672): records as they come, which of them count, and whether a server's certificates fit them.

#include "smtp/client/danematch.h"
#include "smtp/dns/addresssearch.h"
#include "smtp/dns/tlspolicy.h"
#include "tests/support/certificates.h"
#include "tests/support/fakedns.h"

#include <QCryptographicHash>
#include <QTest>

using namespace glasspost;
using namespace glasspost::smtp;
using Use = test::CertificateWish::Use;

namespace {

const QByteArray host = "mx.example.test";
const QByteArray digest = QByteArray(32, 'x');

/// The octets that a record's selector and matching type make of a certificate.
QByteArray association(const QSslCertificate &certificate, int selector, int matching)
{
    const QByteArray octets = selector == 0 ? certificate.toDer() : certificate.publicKey().toDer();
    if (matching == 0)
        return octets;
    return QCryptographicHash::hash(
        octets, matching == 1 ? QCryptographicHash::Sha256 : QCryptographicHash::Sha512);
}

TlsaRecord recordOf(int usage, int selector, int matching, const QSslCertificate &certificate)
{
    return {quint8(usage), quint8(selector), quint8(matching), association(certificate, selector, matching)};
}

TlsaAnswer secure(const QList<TlsaRecord> &records)
{
    return {TlsaAnswer::Kind::Secure, host, records, {}};
}

StsPolicy enforced(const QList<QByteArray> &patterns)
{
    return {StsPolicy::Mode::Enforce, std::chrono::hours(1), patterns};
}

} // namespace

class DaneTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_root = test::makeCertificate({"Root of example", Use::Authority});
        m_leaf = test::makeCertificate({host}, &m_root);
        m_other = test::makeCertificate({host}, &m_root);
        m_expired = test::makeCertificate({host, Use::Server, -7200, -3600}, &m_root);
        m_misnamed = test::makeCertificate({"elsewhere.test"}, &m_root);
        QVERIFY(!m_leaf.certificate.isNull() && !m_expired.certificate.isNull());
    }

    void records_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<bool>("isRecord");
        QTest::addColumn<bool>("isUsable");
        const auto row = [](const char *name, const QByteArray &data, bool isRecord, bool isUsable) {
            QTest::newRow(name) << data << isRecord << isUsable;
        };
        row("C49 F34 no octets", {}, false, false);
        row("C49 two octets", QByteArray::fromHex("0301"), false, false);
        row("C49 F34 three octets", QByteArray::fromHex("030101"), true, false);
        row("3 1 1", QByteArray::fromHex("030101") + digest, true, true);
        row("2 0 1", QByteArray::fromHex("020001") + digest, true, true);
        row("3 1 2", QByteArray::fromHex("030102") + digest + digest, true, true);
        row("SHA-256 of 31 octets", QByteArray::fromHex("030101") + digest.chopped(1), true, false);
        row("SHA-512 of 32 octets", QByteArray::fromHex("030102") + digest, true, false);
        row("PKIX-EE", QByteArray::fromHex("010101") + digest, true, false);
        row("PKIX-TA", QByteArray::fromHex("000001") + digest, true, false);
        row("unknown usage", QByteArray::fromHex("ff0101") + digest, true, false);
        row("unknown selector", QByteArray::fromHex("030201") + digest, true, false);
        row("unknown matching type", QByteArray::fromHex("030103") + digest, true, false);
        row("whole certificate that is none", QByteArray::fromHex("030000") + digest, true, false);
        row("whole key that is none", QByteArray::fromHex("030100") + digest, true, false);
    }
    void records()
    {
        QFETCH(QByteArray, data);
        QFETCH(bool, isRecord);
        QFETCH(bool, isUsable);
        const auto record = tlsaFromData(data);
        QCOMPARE(record.has_value(), isRecord);
        QCOMPARE(record && record->isUsable(), isUsable);
    }

    void matching_data()
    {
        QTest::addColumn<int>("selector");
        QTest::addColumn<int>("matching");
        for (int selector = 0; selector < 2; ++selector) {
            for (int matching = 0; matching < 3; ++matching)
                QTest::addRow("C49 selector %d matching type %d", selector, matching) << selector << matching;
        }
    }
    void matching()
    {
        QFETCH(int, selector);
        QFETCH(int, matching);
        const QList<QSslCertificate> chain{m_leaf.certificate, m_root.certificate};
        const TlsaRecord own = recordOf(3, selector, matching, m_leaf.certificate);
        const TlsaRecord anchor = recordOf(2, selector, matching, m_root.certificate);
        QVERIFY(own.isUsable() && anchor.isUsable());
        expectMatch({own}, chain);
        expectMatch({anchor}, chain);
        expectMismatch({recordOf(3, selector, matching, m_other.certificate)}, chain);
        expectMismatch({recordOf(2, selector, matching, m_other.certificate)}, chain);
        expectMatch(
            {recordOf(3, selector, matching, m_other.certificate), own}, chain); // one of them is enough
    }

    void endEntityAsksForNothingElse() // RFC 7672 3.1.1
    {
        expectMatch({recordOf(3, 1, 1, m_expired.certificate)}, {m_expired.certificate});
        expectMatch({recordOf(3, 1, 1, m_misnamed.certificate)}, {m_misnamed.certificate});
    }

    void trustAnchorAsksForNameTimeAndChain() // RFC 7672 3.1.2
    {
        const QList<TlsaRecord> anchor{recordOf(2, 1, 1, m_root.certificate)};
        expectMismatch(anchor, {m_expired.certificate, m_root.certificate});
        expectMismatch(anchor, {m_misnamed.certificate, m_root.certificate});
        expectMismatch(
            anchor, {m_leaf.certificate}); // the anchor must be shown where only its digest is known
        const DaneVerdict verdict
            = matchDane(anchor, {host, "elsewhere.test"}, {m_misnamed.certificate, m_root.certificate});
        QCOMPARE(verdict.result, DaneVerdict::Result::Matched); // the recipient's domain serves as well
    }

    void nothingShown() { expectMismatch({recordOf(3, 1, 1, m_leaf.certificate)}, {}); }

    void answers_data()
    {
        QTest::addColumn<DnsStatus>("status");
        QTest::addColumn<DnsSecurity>("security");
        QTest::addColumn<TlsaAnswer::Kind>("kind");
        using K = TlsaAnswer::Kind;
        QTest::newRow("C49 secure") << DnsStatus::Answer << DnsSecurity::Secure << K::Secure;
        QTest::newRow("C49 insecure TLSA ignored") << DnsStatus::Answer << DnsSecurity::Insecure << K::None;
        QTest::newRow("secure denial") << DnsStatus::NoSuchName << DnsSecurity::Secure << K::None;
        QTest::newRow("no data") << DnsStatus::NoData << DnsSecurity::Secure << K::None;
        QTest::newRow("C49 bogus") << DnsStatus::Failed << DnsSecurity::Bogus << K::Failed;
        QTest::newRow("silence") << DnsStatus::TimedOut << DnsSecurity::Insecure << K::Failed;
        QTest::newRow("SERVFAIL") << DnsStatus::Failed << DnsSecurity::Insecure << K::Failed;
    }
    void answers()
    {
        QFETCH(DnsStatus, status);
        QFETCH(DnsSecurity, security);
        QFETCH(TlsaAnswer::Kind, kind);
        const QList<QByteArray> data{QByteArray::fromHex("030101") + digest, QByteArray("\3\1")};
        const TlsaAnswer judged = judgeTlsa(host, {status, security, host, data, "trouble"});
        QCOMPARE(judged.kind, kind);
        QCOMPARE(judged.records.size(), kind == TlsaAnswer::Kind::Secure ? 1 : 0); // two octets are no record
    }

    void fromANameserver_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<int>("usable");
        QTest::newRow("C49 F34 TLSA of 0 octets") << QByteArray() << 0;
        QTest::newRow("C49 F34 TLSA of 3 octets") << QByteArray::fromHex("030101") << 0;
        QTest::newRow("whole") << QByteArray::fromHex("030101") + digest << 1;
    }
    void fromANameserver()
    {
        QFETCH(QByteArray, data);
        QFETCH(int, usable);
        test::FakeDns dns;
        dns.addData("_25._tcp.mx.example.test", DnsType::Tlsa, data);
        ResolverSettings settings;
        settings.nameserver = QHostAddress(QHostAddress::LocalHost);
        settings.port = dns.port();
        Resolver resolver(settings);
        std::optional<DnsAnswer> found;
        resolver.ask("_25._tcp.mx.example.test", DnsType::Tlsa, this,
            [&](const DnsAnswer &answer) { found = answer; });
        QTRY_VERIFY_WITH_TIMEOUT(found, 30000);
        QVERIFY(judgeTlsa(host, *found).kind != TlsaAnswer::Kind::Secure); // nobody signed it
        found->security = DnsSecurity::Secure;
        const QList<TlsaRecord> records = judgeTlsa(host, *found).records;
        QCOMPARE(std::count_if(records.cbegin(), records.cend(),
                     [](const TlsaRecord &record) { return record.isUsable(); }),
            usable);
    }

    void addressesJoined_data() // RFC 7672 2.1: a failed answer cannot switch DANE off
    {
        QTest::addColumn<DnsAnswer>("six");
        QTest::addColumn<DnsAnswer>("four");
        QTest::addColumn<DnsSecurity>("security");
        const QList<QByteArray> address{QByteArray::fromHex("c0000201")};
        const DnsAnswer signedOne{DnsStatus::Answer, DnsSecurity::Secure, host, address, {}};
        const DnsAnswer unsignedOne{DnsStatus::Answer, DnsSecurity::Insecure, host, address, {}};
        const DnsAnswer signedNothing{DnsStatus::NoData, DnsSecurity::Secure, host, {}, {}};
        const DnsAnswer unsignedNothing{DnsStatus::NoData, DnsSecurity::Insecure, host, {}, {}};
        const DnsAnswer bogus{DnsStatus::Failed, DnsSecurity::Bogus, host, {}, "bogus"};
        const DnsAnswer silent{DnsStatus::TimedOut, DnsSecurity::Insecure, host, {}, "silence"};
        const auto row = [](const char *name, const DnsAnswer &six, const DnsAnswer &four,
                             DnsSecurity expected) { QTest::newRow(name) << six << four << expected; };
        row("both signed", signedNothing, signedOne, DnsSecurity::Secure);
        row("both unsigned", unsignedNothing, unsignedOne, DnsSecurity::Insecure);
        row("one unsigned", unsignedNothing, signedOne, DnsSecurity::Insecure);
        row("one bogus", bogus, signedOne, DnsSecurity::Secure);
        row("one silent", signedOne, silent, DnsSecurity::Secure);
        row("both failed", silent, bogus, DnsSecurity::Insecure);
    }
    void addressesJoined()
    {
        QFETCH(DnsAnswer, six);
        QFETCH(DnsAnswer, four);
        QFETCH(DnsSecurity, security);
        QCOMPARE(joinAddresses(six, four).security, security);
    }

    void demands_data()
    {
        QTest::addColumn<TlsFindings>("findings");
        QTest::addColumn<QByteArray>("expected");
        const TlsaAnswer good = secure({{3, 1, 1, digest}});
        const TlsaAnswer useless = secure({{0, 1, 1, digest}});
        const TlsaAnswer failed{TlsaAnswer::Kind::Failed, host, {}, "bogus"};
        const auto signedMx = DnsSecurity::Secure;
        const auto unsignedMx = DnsSecurity::Insecure;
        const StsPolicy testing{StsPolicy::Mode::Testing, std::chrono::hours(1), {"other.test"}};
        const auto row = [](const char *name, const TlsFindings &findings, const QByteArray &expected) {
            QTest::newRow(name) << findings << expected;
        };
        row("nothing published", {unsignedMx, {}, {}}, "none");
        row("C49 usable records", {signedMx, {{host, good}}, {}}, "dane");
        row("C49 unusable records: TLS, unverified", {signedMx, {{host, useless}}, {}}, "unverified");
        row("C49 no records at all in a secure answer", {signedMx, {{host, secure({})}}, {}}, "unverified");
        row("C49 bogus", {signedMx, {{host, failed}}, {}}, "4.7.5");
        row("C48 enforce, listed", {unsignedMx, {}, enforced({host})}, "sts");
        row("C48 enforce, by wildcard", {unsignedMx, {}, enforced({"*.example.test"})}, "sts");
        row("C48 enforce, not listed", {unsignedMx, {}, enforced({"other.test"})}, "4.7.5");
        row("C48 testing, not listed", {unsignedMx, {}, testing}, "none");
        row("C48 none", {unsignedMx, {}, StsPolicy{}}, "none");
        row("DANE before MTA-STS", {signedMx, {{host, good}}, enforced({"other.test"})}, "dane");
        row("DANE under an unsigned MX leaves MTA-STS its list",
            {unsignedMx, {{host, good}}, enforced({"other.test"})}, "4.7.5");
        row("DANE under an unsigned MX", {unsignedMx, {{host, good}}, enforced({host})}, "dane");
    }
    void demands()
    {
        QFETCH(TlsFindings, findings);
        QFETCH(QByteArray, expected);
        QList<QByteArray> notes;
        const Exchanger exchanger{10, host, {QHostAddress(QHostAddress::LocalHost)}};
        const ExchangerResult result = demandTls(
            "example.test", {exchanger}, findings, [&](const QByteArray &line) { notes.append(line); });
        static const QHash<TlsDemand::Kind, QByteArray> words{{TlsDemand::Kind::None, "none"},
            {TlsDemand::Kind::Dane, "dane"}, {TlsDemand::Kind::DaneUnverified, "unverified"},
            {TlsDemand::Kind::MtaSts, "sts"}};
        QCOMPARE(
            result ? words.value(result->constFirst().tls.kind) : result.error().status.toBytes(), expected);
        if (!result) {
            QCOMPARE(result.error().kind, LookupFailure::Kind::Untrusted);
            QVERIFY(notes.contains(result.error().text));
        } else if (expected != "none") {
            QVERIFY(!notes.isEmpty());
        }
    }

    void onlyTheBadHostIsLeftOut()
    {
        const TlsFindings findings{
            DnsSecurity::Secure, {{host, {TlsaAnswer::Kind::Failed, host, {}, "bogus"}}}, {}};
        const ExchangerResult result = demandTls("example.test",
            {{10, host, {QHostAddress(QHostAddress::LocalHost)}},
                {20, "mx2.example.test", {QHostAddress(QHostAddress::LocalHost)}}},
            findings, [](const QByteArray &) {});
        QVERIFY(result);
        QCOMPARE(result->size(), 1);
        QCOMPARE(result->constFirst().host, QByteArray("mx2.example.test"));
    }

private:
    static void expectMatch(const QList<TlsaRecord> &records, const QList<QSslCertificate> &chain)
    {
        const DaneVerdict verdict = matchDane(records, {host}, chain);
        QVERIFY2(verdict.result == DaneVerdict::Result::Matched, verdict.line.constData());
        QVERIFY(verdict.line.contains("matches TLSA"));
    }
    static void expectMismatch(const QList<TlsaRecord> &records, const QList<QSslCertificate> &chain)
    {
        const DaneVerdict verdict = matchDane(records, {host}, chain);
        QVERIFY2(verdict.result == DaneVerdict::Result::Mismatched, verdict.line.constData());
        QVERIFY(!verdict.line.isEmpty());
    }

    test::Certified m_root;
    test::Certified m_leaf;
    test::Certified m_other;
    test::Certified m_expired;
    test::Certified m_misnamed;
};

QTEST_GUILESS_MAIN(DaneTest)
#include "tst_dane.moc"
