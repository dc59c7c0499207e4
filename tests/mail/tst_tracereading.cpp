// What the trace fields of a message tell of its way: Received fields as a route, Authentication-Results as
// verdicts with who says so.
#include "mail/message/authenticationresults.h"
#include "mail/message/fieldtokens.h"
#include "mail/message/messagereader.h"
#include "mail/message/receivedroute.h"

#include <QElapsedTimer>
#include <QTest>

using namespace glasspost::mail;

namespace {

using Standing = AuthenticationVerdict::Standing;

ReceivedHop hopOf(const QByteArray &value)
{
    return receivedHop(RawField{"Received", value});
}

QByteArray hop(const char *by, const char *date)
{
    return QByteArray("Received: from x by ") + by + "; " + date + '\n';
}

/// "spf=pass example.org (smtp.mailfrom)"
QString verdictText(const AuthenticationVerdict &verdict)
{
    return QStringLiteral("%1=%2 %3 (%4)")
        .arg(verdict.method, verdict.result, verdict.identity, verdict.property);
}

} // namespace

class TestTraceReading : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void splitsFields_data();
    void splitsFields();
    void readsHops_data();
    void readsHops();
    void timesTheRoute_data();
    void timesTheRoute();
    void boundsTheRoute();
    void readsVerdicts_data();
    void readsVerdicts();
    void saysWhoSaysSo_data();
    void saysWhoSaysSo();
    void isPartOfTheMessage();
    void staysQuick_data();
    void staysQuick();
};

void TestTraceReading::splitsFields_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArrayList>("texts");
    const auto row = [](const char *name, const QByteArray &value, const QByteArrayList &texts) {
        QTest::newRow(name) << value << texts;
    };
    row("words", " a b\tc ", {"a", "b", "c"});
    row("separators", "a=b;c", {"a", "=", "b", ";", "c"});
    row("a comment", "a (b c) d", {"a", "b c", "d"});
    row("a comment beside a word", "a(b)c", {"a", "b", "c"});
    row("comments in comments", "(a (b (c) d) e) f", {"a (b (c) d) e", "f"});
    row("a quoted string", "\"a; (b)\"c", {"a; (b)", "c"});
    row("quoted pairs", "\"a\\\"b\" (c\\)d)", {"a\"b", "c)d"});
    row("an open comment", "a (b; c", {"a", "b; c"});
    row("an open string", "a \"b", {"a", "b"});
    row("nothing", "", {});
}

void TestTraceReading::splitsFields()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArrayList, texts);
    QByteArrayList found;
    for (const FieldToken &token : fieldTokens(value, ";="))
        found += token.text;
    QCOMPARE(found, texts);
}

void TestTraceReading::readsHops_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<ReceivedHop>("expected");
    const auto row = [](const char *name, const QByteArray &value, const ReceivedHop &expected) {
        QTest::newRow(name) << value << expected;
    };
    const auto s = [](const char *text) { return QString::fromUtf8(text); };
    const qint64 at = 1764400000; // 29 Nov 2025 07:06:40 UTC
    row("Postfix",
        "from mail.example.org (mail.example.org [192.0.2.1])\n\t(using TLSv1.3 with cipher X (256/256 bits))"
        "\n\t(No client certificate requested)\n\tby mx.example.net (Postfix) with ESMTPS id 4ABC\n"
        "\tfor <bob@example.net>; Sat, 29 Nov 2025 08:06:40 +0100 (CET)",
        {s("mail.example.org"),
            s("mail.example.org [192.0.2.1], using TLSv1.3 with cipher X (256/256 bits), No client "
              "certificate requested"),
            s("mx.example.net"), s("ESMTPS"), s("4ABC"), s("bob@example.net"), true, at, {}});
    row("Exchange",
        "from A.example (2001:db8::1) by B.example (2001:db8::2) with Microsoft SMTP Server\n"
        " (version=TLS1_2, cipher=X) id 15.20.7; Sat, 29 Nov 2025 07:06:40 +0000",
        {s("A.example"), s("2001:db8::1"), s("B.example"), s("Microsoft SMTP Server"), s("15.20.7"), {}, true,
            at, {}});
    row("Gmail, within", "by 2002:a05:6a10:1 with SMTP id f3; Fri, 28 Nov 2025 23:06:40 -0800 (PST)",
        {{}, {}, s("2002:a05:6a10:1"), s("SMTP"), s("f3"), {}, false, at, {}});
    row("qmail", "(qmail 123 invoked by uid 1001); 29 Nov 2025 07:06:40 -0000",
        {{}, {}, {}, {}, {}, {}, false, at, {}});
    row("keywords in any case", "FROM a BY b WITH esmtpsa ID c FOR d@e; Sat, 29 Nov 2025 07:06:40 GMT",
        {s("a"), {}, s("b"), s("esmtpsa"), s("c"), s("d@e"), true, at, {}});
    row("a server that is called by", "from by by for with LMTP id id",
        {s("by"), {}, s("for"), s("LMTP"), s("id"), {}, false, 0, {}});
    row("a semicolon in a comment", "from a (b; c) by d; Sat, 29 Nov 2025 07:06:40 +0000",
        {s("a"), s("b; c"), s("d"), {}, {}, {}, false, at, {}});
    row("a semicolon in an id", "by a id b;c; Sat, 29 Nov 2025 07:06:40 +0000",
        {{}, {}, s("a"), {}, s("b ; c"), {}, false, at, {}});
    row("no date", "from a by b", {s("a"), {}, s("b"), {}, {}, {}, false, 0, {}});
    row("a date that is none", "from a by b; yesterday", {s("a"), {}, s("b"), {}, {}, {}, false, 0, {}});
    row("nothing", "", {});
    row("only separators", ";;;", {});
    row("a keyword without a value", "from", {});
}

void TestTraceReading::readsHops()
{
    QFETCH(QByteArray, value);
    QFETCH(ReceivedHop, expected);
    const ReceivedHop found = hopOf(value);
    QCOMPARE(found.from, expected.from);
    QCOMPARE(found.peer, expected.peer);
    QCOMPARE(found.by, expected.by);
    QCOMPARE(found.with, expected.with);
    QCOMPARE(found.id, expected.id);
    QCOMPARE(found.recipient, expected.recipient);
    QCOMPARE(found.isEncrypted, expected.isEncrypted);
    QCOMPARE(found.at, expected.at);
}

void TestTraceReading::timesTheRoute_data()
{
    QTest::addColumn<QByteArrayList>("dates"); // the first hop's first
    QTest::addColumn<QList<qint64>>("delays"); // -99999 for none
    const QByteArray early = "Sat, 29 Nov 2025 07:00:00 +0000", late = "Sat, 29 Nov 2025 08:00:05 +0100";
    QTest::newRow("one hop") << QByteArrayList{early} << QList<qint64>{-99999};
    QTest::newRow("five seconds, in two zones") << QByteArrayList{early, late} << QList<qint64>{-99999, 5};
    QTest::newRow("a clock that is ahead") << QByteArrayList{late, early} << QList<qint64>{-99999, -5};
    QTest::newRow("a hop without a date")
        << QByteArrayList{early, "", late} << QList<qint64>{-99999, -99999, -99999};
    QTest::newRow("the same second") << QByteArrayList{early, early} << QList<qint64>{-99999, 0};
}

void TestTraceReading::timesTheRoute()
{
    QFETCH(QByteArrayList, dates);
    QFETCH(QList<qint64>, delays);
    QByteArray header;
    for (const QByteArray &date : dates)
        header.prepend(hop("server", date.constData()));
    QList<qint64> found;
    for (const ReceivedHop &one : receivedRoute(readHeader(header + '\n')))
        found += one.delay.value_or(-99999);
    QCOMPARE(found, delays);
}

void TestTraceReading::boundsTheRoute()
{
    QByteArray header;
    for (int i = 0; i < 1000; ++i)
        header += hop(QByteArray::number(i).constData(), "");
    const QList<ReceivedHop> route = receivedRoute(readHeader(header + '\n'));
    QCOMPARE(route.size(), 100);
    QCOMPARE(route.constLast().by, QStringLiteral("0")); // the newest is on top
    QVERIFY(hopOf("from " + QByteArray(100000, 'x')).from.size() <= 512);
}

void TestTraceReading::readsVerdicts_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QStringList>("verdicts");
    const auto row = [](const char *name, const QByteArray &value, const QStringList &verdicts) {
        QTest::newRow(name) << value << verdicts;
    };
    row("spf", " mx.example; spf=pass smtp.mailfrom=example.org",
        {QStringLiteral("spf=pass example.org (smtp.mailfrom)")});
    row("all three, with comments",
        " mx.example;\n dkim=pass (2048-bit key) header.d=a.example header.i=@a.example header.s=s;\n"
        " spf=softfail (x: y; z) smtp.mailfrom=\"b@b.example\" smtp.helo=h;\n"
        " dmarc=fail (p=REJECT dis=NONE) header.from=c.example",
        {QStringLiteral("dkim=pass a.example (header.d)"),
            QStringLiteral("spf=softfail b@b.example (smtp.mailfrom)"),
            QStringLiteral("dmarc=fail c.example (header.from)")});
    row("a version", " mx.example 1; spf/1 = none", {QStringLiteral("spf=none  ()")});
    row("none", " mx.example 1; none", {});
    row("capitals", " mx.example; DKIM=Pass Header.D=A.example",
        {QStringLiteral("dkim=pass A.example (header.d)")});
    row("a value that holds =", " mx; dkim=pass header.b=a== header.d=x",
        {QStringLiteral("dkim=pass x (header.d)")});
    row("an empty reason", " mx; dkim=fail reason=\"\" header.d=x",
        {QStringLiteral("dkim=fail x (header.d)")});
    row("nothing", "", {});
    row("rubbish", " ;;==;=; a=; =b", {});
}

void TestTraceReading::readsVerdicts()
{
    QFETCH(QByteArray, value);
    QFETCH(QStringList, verdicts);
    QStringList found;
    for (const AuthenticationVerdict &verdict :
        authenticationVerdicts(readHeader("Authentication-Results:" + value + "\n\n")))
        found += verdictText(verdict);
    QCOMPARE(found, verdicts);
}

void TestTraceReading::saysWhoSaysSo_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("standing");
    const QByteArray result = "Authentication-Results: MX.example; spf=pass\n";
    const auto row = [](const char *name, const QByteArray &header, Standing standing) {
        QTest::newRow(name) << header << int(standing);
    };
    row("on top", result + hop("mx.example", ""), Standing::Receiver);
    row("below the server's own field", hop("mx.example", "") + result, Standing::OnRoute);
    row("below a further server's field", hop("inner.example", "") + hop("mx.example", "") + result,
        Standing::OnRoute);
    row("the server comes later", hop("inner.example", "") + result + hop("mx.example", ""),
        Standing::Claimed);
    row("a server that is not on the route", hop("other.example", "") + result, Standing::Claimed);
    row("a server whose name only ends so", hop("x.mx.example", "") + result, Standing::Claimed);
}

void TestTraceReading::saysWhoSaysSo()
{
    QFETCH(QByteArray, header);
    QFETCH(int, standing);
    const QList<AuthenticationVerdict> verdicts = authenticationVerdicts(readHeader(header + '\n'));
    QCOMPARE(verdicts.size(), 1);
    QCOMPARE(int(verdicts.constFirst().standing), standing);
    QCOMPARE(verdicts.constFirst().server, QStringLiteral("MX.example"));
}

void TestTraceReading::isPartOfTheMessage()
{
    const MessageView view = readMessage(hop("b.example", "Sat, 29 Nov 2025 07:00:01 +0000")
        + hop("a.example", "Sat, 29 Nov 2025 07:00:00 +0000")
        + "Authentication-Results: b.example; dkim=pass header.d=x.example\nSubject: x\n\ntext\n");
    QCOMPARE(view.route.size(), 2);
    QCOMPARE(view.route.constFirst().by, QStringLiteral("a.example"));
    QCOMPARE(view.verdicts.size(), 1);
    QCOMPARE(int(view.verdicts.constFirst().standing), int(Standing::OnRoute));
}

void TestTraceReading::staysQuick_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("brackets in brackets") << "Received: " + QByteArray(1000000, '(') + "\n\n";
    QTest::newRow("many fields") << QByteArray("Received: from a by b;;;;\n").repeated(100000) + '\n';
    QTest::newRow("many results") << "Authentication-Results: a"
            + QByteArray(";spf=pass a.b=c").repeated(100000) + "\n\n";
    QTest::newRow("separators") << "Authentication-Results: " + QByteArray(1000000, '=') + "\n\n";
}

void TestTraceReading::staysQuick()
{
    QFETCH(QByteArray, header);
    const RawHeader fields = readHeader(header);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(receivedRoute(fields).size() <= 100);
    QVERIFY(authenticationVerdicts(fields).size() <= 50);
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(TestTraceReading)
#include "tst_tracereading.moc"
