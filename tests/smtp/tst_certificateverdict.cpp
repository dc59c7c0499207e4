// What becomes of a server's certificate and of a client's, by what it shows and by what is asked of it.
#include "smtp/client/certificateverdict.h"
#include "smtp/server/servertls.h"

#include <QTest>

using namespace glasspost::smtp;
using Result = CertificateVerdict::Result;

namespace {

const QByteArray ours(32, 'a');
const QByteArray other(32, 'b');

TlsFacts shown(const QList<QByteArray> &errors)
{
    TlsFacts facts;
    facts.host = "mx.example.org";
    facts.errors = errors;
    facts.fingerprint = ours;
    return facts;
}

} // namespace

class TestCertificateVerdict : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void judged_data()
    {
        QTest::addColumn<bool>("fits");
        QTest::addColumn<bool>("strict");
        QTest::addColumn<QByteArray>("pinned");
        QTest::addColumn<QByteArray>("accepted");
        QTest::addColumn<int>("result");
        const auto row = [](const char *name, bool fits, bool strict, const QByteArray &pinned,
                             const QByteArray &accepted, Result result) {
            QTest::newRow(name) << fits << strict << pinned << accepted << int(result);
        };
        row("fits", true, true, {}, {}, Result::Verified);
        row("fits, and need not", true, false, {}, {}, Result::Verified);
        row("does not fit", false, true, {}, {}, Result::Refused);
        row("does not fit, and need not", false, false, {}, {}, Result::Unverified);
        row("the pinned one", false, true, ours, {}, Result::Verified);
        row("the pinned one, in hexadecimal", false, true, ours.toHex(':'), {}, Result::Verified);
        row("not the pinned one, though it fits", true, true, other, {}, Result::Refused);
        row("accepted by hand", false, true, {}, ours, Result::Verified);
        row("another was accepted by hand", false, true, {}, other, Result::Refused);
        row("accepted by hand, another is pinned", false, true, other, ours, Result::Verified);
    }

    void judged()
    {
        QFETCH(bool, fits);
        QFETCH(bool, strict);
        QFETCH(QByteArray, pinned);
        QFETCH(QByteArray, accepted);
        QFETCH(int, result);
        CertificateDemands demands;
        demands.strictness
            = strict ? CertificateDemands::Strictness::MustFit : CertificateDemands::Strictness::AnyWillDo;
        demands.pinnedFingerprint = pinned;
        if (!accepted.isEmpty())
            demands.acceptedFingerprints = {other, accepted};
        const CertificateVerdict verdict
            = judge(shown(fits ? QList<QByteArray>() : QList<QByteArray>{"it is self-signed"}), demands);
        QCOMPARE(int(verdict.result), result);
        QCOMPARE(verdict.line.contains("it is self-signed"), !fits && result == int(Result::Refused));
    }

    /// RFC 7672 2.2: with TLSA records neither authorities nor a person's word count.
    void records()
    {
        CertificateDemands demands;
        demands.acceptedFingerprints = {ours};
        demands.dane.records = {TlsaRecord{}};
        const CertificateVerdict verdict = judge(shown({}), demands);
        QCOMPARE(int(verdict.result), int(Result::Refused));
        QVERIFY(!verdict.line.isEmpty());
    }

    void demands_data()
    {
        QTest::addColumn<ClearAuth>("inClear");
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<bool>("strict");
        QTest::newRow("a password") << ClearAuth::Never << QByteArray("secret") << true;
        QTest::newRow("a password that may go anywhere")
            << ClearAuth::Anywhere << QByteArray("secret") << false;
        QTest::newRow("no password") << ClearAuth::Never << QByteArray() << false;
    }

    /// RFC 8314 3.3: a password is for a server that proved its name.
    void demands()
    {
        QFETCH(ClearAuth, inClear);
        QFETCH(QByteArray, password);
        QFETCH(bool, strict);
        ClientSettings settings;
        settings.credentials.user = "alice";
        settings.credentials.password = password;
        settings.credentials.inClear = inClear;
        const auto demands = CertificateDemands::of(
            settings, {"mx.example.org", QHostAddress(QStringLiteral("192.0.2.1")), 25, "S"});
        QCOMPARE(demands.areStrict(), strict);
        const QByteArray fault = judge(shown({"it is self-signed"}), demands).line;
        QCOMPARE(fault.contains("the password was not sent"), strict);
    }

    void judgedOfClient_data()
    {
        QTest::addColumn<ClientCertificate>("wanted");
        QTest::addColumn<bool>("hasAuthorities");
        QTest::addColumn<QList<QSslError>>("errors");
        QTest::addColumn<bool>("accepted");
        using enum ClientCertificate;
        const QList<QSslError> missing{QSslError(QSslError::NoPeerCertificate)};
        const QList<QSslError> selfSigned{QSslError(QSslError::SelfSignedCertificate)};
        QTest::newRow("asked for, none") << Asked << true << missing << true;
        QTest::newRow("asked for, does not fit") << Asked << true << selfSigned << true;
        QTest::newRow("required, fits") << Required << true << QList<QSslError>() << true;
        QTest::newRow("required, none") << Required << true << missing << false;
        QTest::newRow("required, does not fit") << Required << true << selfSigned << false;
        QTest::newRow("required by fingerprint, none") << Required << false << missing << false;
        QTest::newRow("required by fingerprint, self-signed") << Required << false << selfSigned << true;
        QTest::newRow("required by fingerprint, both") << Required << false << selfSigned + missing << false;
    }
    void judgedOfClient()
    {
        QFETCH(ClientCertificate, wanted);
        QFETCH(bool, hasAuthorities);
        QFETCH(QList<QSslError>, errors);
        QFETCH(bool, accepted);
        ServerSettings settings;
        if (hasAuthorities)
            settings.tls.clientAuthorities = {QSslCertificate()};
        Binding binding;
        binding.clientCertificate = wanted;
        const ClientCertificateVerdict verdict
            = judge(ClientCertificateDemands::of(settings, binding), errors);
        QCOMPARE(verdict == ClientCertificateVerdict::Accepted, accepted);
    }
};

QTEST_GUILESS_MAIN(TestCertificateVerdict)
#include "tst_certificateverdict.moc"
