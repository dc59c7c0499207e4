#include "app/console/textlines.h"
#include "app/control/messagerequests.h"
#include "app/control/requests.h"
#include "app/http/htmlcheckjson.h"
#include "app/http/httpinterface.h"
#include "app/messages/checksjson.h"
#include "tests/support/awaited.h"
#include "tests/support/httpclient.h"
#include "tests/support/runningmail.h"
#include "tests/support/scriptedspamd.h"
#include "tests/support/webserver.h"
#include "ui/words/checktext.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;

namespace {

const QByteArray gridMessage
    = "From: a@client.example\nTo: b@example.test\nSubject: Grid\nMIME-Version: 1.0\n"
      "Content-Type: text/html\n\n<div style=\"display:grid\"><hr></div>\n";

smtp::Envelope envelope()
{
    smtp::Envelope envelope;
    envelope.reversePath = {"sender", "client.example"};
    envelope.recipients = {smtp::EnvelopeRecipient{{"bob", "example.test"}, {}, {}}};
    return envelope;
}

QJsonObject warningOf(const QJsonObject &check, const QString &slug)
{
    for (const auto warning : check[QStringLiteral("Warnings")].toArray())
        if (warning[QStringLiteral("Slug")].toString() == slug)
            return warning.toObject();
    return {};
}

} // namespace

/// What the command line and programs over HTTP are given of the checks.
class ChecksTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyReasonHasWords();
    void reasonsHoldWhatTheMessageSays();
    void answersTheCommandLine();
    void printsLines();
    void htmlCheckOverHttp();
    void htmlCheckScores();
    void linkCheckAsksNobodyHere();
    void spamdAnswersTheCommandLine();
    void spamdAnswersOverHttp();
    void markdown_data();
    void markdown();
};

void ChecksTest::everyReasonHasWords()
{
    for (const mail::FindingKind kind : mail::allFindingKinds()) {
        const QString key = mail::findingKey(kind);
        const QString words = ui::reasonText({kind,
            {QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("3"), QStringLiteral("4"),
                QStringLiteral("5")},
            -1, 0, 0});
        QVERIFY2(words != key && words.contains(u' '), qPrintable(key));
    }
}

void ChecksTest::reasonsHoldWhatTheMessageSays()
{
    const mail::Finding finding{
        mail::FindingKind::AddressInvalid, {QStringLiteral("To"), QStringLiteral("%1 <b>")}, -1, 3, 0};
    QVERIFY(ui::reasonText(finding).endsWith(u": %1 <b>"));
    QVERIFY(ui::reasonText(finding).contains(u" To "));
    const mail::Finding late{mail::FindingKind::DateFarOff, {QStringLiteral("-7200")}, -1, 3, 0};
    QVERIFY2(ui::reasonText(late).contains(u"after the arrival"), qPrintable(ui::reasonText(late)));
}

void ChecksTest::answersTheCommandLine()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    const auto id = test::awaited(
        system.mailboxes().capture({QStringLiteral("captured"), {}}, envelope(), gridMessage));
    QVERIFY(id);
    RequestHandler handler(system);
    const auto ask = [&](const QJsonObject &request) {
        QJsonObject answer;
        bool isAnswered = false;
        handler.answer(request, this, [&](const QJsonObject &given) {
            answer = given;
            isAnswered = true;
        });
        return QTest::qWaitFor([&isAnswered] { return isAnswered; }, 20000) ? answer : QJsonObject();
    };
    for (const QByteArray &name : {QByteArray("latest"), id->unique}) {
        const QJsonObject checks = ask(checkRequest(name, {}))[QStringLiteral("checks")].toObject();
        QCOMPARE(checks[QStringLiteral("id")].toString(), QString::fromUtf8(id->unique));
        QVERIFY(checks[QStringLiteral("errors")].toInt() > 0); // no Date
        QJsonObject missing;
        for (const auto finding : checks[QStringLiteral("findings")].toArray())
            if (finding[QStringLiteral("check")].toString() == u"date-missing")
                missing = finding.toObject();
        QCOMPARE(missing[QStringLiteral("severity")].toString(), QStringLiteral("error"));
        QCOMPARE(missing[QStringLiteral("area")].toString(), QStringLiteral("header"));
        QVERIFY(!missing.contains(QStringLiteral("line")));
    }
    QVERIFY(ask(checkRequest("none", {})).contains(QStringLiteral("error")));
}

void ChecksTest::printsLines()
{
    mail::MessageChecks checks;
    checks.findings = {{mail::FindingKind::SubjectMissing, {}, -1, 0, 0},
        {mail::FindingKind::FieldInvalid, {QStringLiteral("a\x1b[2J")}, -1, 7, 0}};
    const QByteArrayList lines = checkLines(toJson(checks, "1")).split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines.at(0).startsWith("-     warning  subject-missing "), lines.at(0));
    QVERIFY2(lines.at(1).startsWith("7     error    field-invalid "), lines.at(1));
    QVERIFY(!lines.at(1).contains('\x1b'));
    QCOMPARE(lines.at(2), QByteArray("1 errors, 1 warnings, 0 notes"));
}

void ChecksTest::htmlCheckOverHttp()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    HttpInterface http(system, {});
    QVERIFY(http.listen());
    const mail::FolderId inbox{QStringLiteral("captured"), {}};
    QVERIFY(test::awaited(system.mailboxes().capture(inbox, envelope(), gridMessage)));
    test::HttpClient client;
    client.port = http.port();
    const test::Answer answer = client.get(QStringLiteral("/api/v1/message/latest/html-check"));
    QVERIFY2(answer.status == 200, answer.body);
    const QJsonObject grid = warningOf(answer.object(), QStringLiteral("css-display-grid"));
    QCOMPARE(grid[QStringLiteral("Title")].toString(), QStringLiteral("display:grid"));
    QCOMPARE(grid[QStringLiteral("URL")].toString(),
        QStringLiteral("https://www.caniemail.com/features/css-display-grid/"));
    QCOMPARE(grid[QStringLiteral("Score")][QStringLiteral("Found")].toInt(), 1);
    QVERIFY(warningOf(answer.object(), QStringLiteral("css-display-flex")).isEmpty());
    QVERIFY(test::awaited(system.mailboxes().capture(inbox, envelope(), "Subject: Plain\n\nHello\n")));
    QCOMPARE(client.get(QStringLiteral("/api/v1/message/latest/html-check")).status, 400);
    QCOMPARE(client.get(QStringLiteral("/api/v1/message/none/html-check")).status, 404);
}

void ChecksTest::htmlCheckScores()
{
    mail::ClientFeature feature;
    feature.slug = QStringLiteral("x");
    feature.results
        = {{0, QStringLiteral("1"), mail::Support::Yes, {}}, {1, QStringLiteral("1"), mail::Support::No, {}},
            {2, QStringLiteral("1"), mail::Support::InPart, {QStringLiteral("3")}},
            {3, QStringLiteral("1"), mail::Support::Unknown, {}},
            {4, QStringLiteral("1"), mail::Support::No, {}}};
    mail::HtmlSupport support;
    support.hasHtml = true;
    support.elements = 10;
    support.features = {{&feature, {5, 0}}};
    const QJsonObject check = htmlCheckJson(support);
    const QJsonObject total = check[QStringLiteral("Total")].toObject();
    QCOMPARE(total[QStringLiteral("Nodes")].toInt(), 10);
    QCOMPARE(total[QStringLiteral("Unsupported")].toDouble(),
        25.0); // half of four answers, in half of the elements
    QCOMPARE(total[QStringLiteral("Partial")].toDouble(), 12.5);
    QCOMPARE(total[QStringLiteral("Supported")].toDouble(), 62.5);
    const QJsonArray results = warningOf(check, QStringLiteral("x"))[QStringLiteral("Results")].toArray();
    QCOMPARE(results.size(), 4);
    QCOMPARE(results.at(2)[QStringLiteral("Support")].toString(), QStringLiteral("partial"));
    QCOMPARE(results.at(2)[QStringLiteral("NoteNumber")].toString(), QStringLiteral("3"));
}

void ChecksTest::linkCheckAsksNobodyHere()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    HttpInterface http(system, {});
    QVERIFY(http.listen());
    test::WebServer server;
    const QString link = server.address(QStringLiteral("/a"));
    const QByteArray message = "Subject: x\nContent-Type: text/html\n\n<a href=\"" + link.toLatin1()
        + "\">a</a>"
          "<a href=\"mailto:a@b.test\">b</a>\n";
    QVERIFY(test::awaited(system.mailboxes().capture({QStringLiteral("captured"), {}}, envelope(), message)));
    test::HttpClient client;
    client.port = http.port();
    const test::Answer answer = client.get(QStringLiteral("/api/v1/message/latest/link-check?follow=true"));
    QVERIFY2(answer.status == 200, answer.body);
    QCOMPARE(answer.object()[QStringLiteral("Errors")].toInt(), 1);
    const QJsonArray links = answer.object()[QStringLiteral("Links")].toArray();
    QCOMPARE(links.size(), 1);
    QCOMPARE(links.at(0)[QStringLiteral("URL")].toString(), link);
    QCOMPARE(links.at(0)[QStringLiteral("StatusCode")].toInt(), 0);
    QVERIFY(!links.at(0)[QStringLiteral("Status")].toString().isEmpty());
    QCOMPARE(server.connections(), 0);
}

void ChecksTest::spamdAnswersTheCommandLine()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    QVERIFY(
        test::awaited(system.mailboxes().capture({QStringLiteral("captured"), {}}, envelope(), gridMessage)));
    RequestHandler handler(system);
    test::ScriptedSpamd spamd(test::spamdAnswer("True ; 6.1 / 5.0", " 6.1 BAYES_99 <b>Words</b>\r\n"));
    QJsonObject answer;
    handler.answer(checkRequest("latest", {}, spamd.address()), this,
        [&answer](const QJsonObject &given) { answer = given; });
    QTRY_VERIFY_WITH_TIMEOUT(!answer.isEmpty(), 20000);
    QVERIFY(spamd.request().contains("Subject: Grid"));
    const QJsonArray findings = answer[QStringLiteral("checks")][QStringLiteral("findings")].toArray();
    QCOMPARE(findings.at(0)[QStringLiteral("check")].toString(), QStringLiteral("spam-found"));
    QCOMPARE(findings.at(0)[QStringLiteral("severity")].toString(), QStringLiteral("warning"));
    QCOMPARE(findings.at(1)[QStringLiteral("check")].toString(), QStringLiteral("spam-rule"));
    QCOMPARE(findings.at(1)[QStringLiteral("reason")].toString(),
        QStringLiteral("A rule of the spam filter: BAYES_99, score 6.1: <b>Words</b>"));
    QVERIFY(findings.size() > 2); // and what is found without it
}

void ChecksTest::spamdAnswersOverHttp()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    HttpInterface http(system, {});
    QVERIFY(http.listen());
    QVERIFY(
        test::awaited(system.mailboxes().capture({QStringLiteral("captured"), {}}, envelope(), gridMessage)));
    test::HttpClient client;
    client.port = http.port();
    const QString path = QStringLiteral("/api/v1/message/latest/sa-check");
    const auto isOn = [&client] {
        return client.get(QStringLiteral("/api/v1/webui")).object()[QStringLiteral("SpamAssassin")].toBool();
    };
    QCOMPARE(client.get(path).status, 501);
    QVERIFY(!isOn());
    const auto setSpamd = [&system](const QString &address) {
        mail::Settings settings = system.settings().value();
        settings.spamd = address;
        return test::awaited(system.settings().set(settings)).has_value();
    };
    test::ScriptedSpamd spamd(test::spamdAnswer("True ; 6.1 / 5.0", " 6.1 BAYES_99 Words\r\n"));
    QVERIFY(setSpamd(spamd.address()));
    QVERIFY(isOn());
    const QJsonObject rule{{QStringLiteral("Score"), 6.1},
        {QStringLiteral("Name"), QStringLiteral("BAYES_99")},
        {QStringLiteral("Description"), QStringLiteral("Words")}};
    const QJsonObject expected{{QStringLiteral("Error"), QString()}, {QStringLiteral("IsSpam"), true},
        {QStringLiteral("Score"), 6.1}, {QStringLiteral("Rules"), QJsonArray{rule}}};
    QCOMPARE(client.get(path).object(), expected);
    test::ScriptedSpamd other("220 no spamd\r\n");
    QVERIFY(setSpamd(other.address()));
    const test::Answer failed = client.get(path);
    QCOMPARE(failed.status, 200);
    QCOMPARE(failed.object()[QStringLiteral("Error")].toString(),
        QStringLiteral("not an answer of spamd: 220 no spamd"));
}

void ChecksTest::markdown_data()
{
    QTest::addColumn<QString>("markdown");
    QTest::addColumn<QString>("html");
    QTest::newRow("code") << QStringLiteral("`<table>` & more")
                          << QStringLiteral("<code>&lt;table&gt;</code> &amp; more");
    QTest::newRow("strong") << QStringLiteral("a **b** c") << QStringLiteral("a <strong>b</strong> c");
    QTest::newRow("link") << QStringLiteral("See [here](https://a.test/x).")
                          << QStringLiteral("See <a href=\"https://a.test/x\" target=\"_blank\">here</a>.");
    QTest::newRow("no script") << QStringLiteral("[x](javascript:a) <script>")
                               << QStringLiteral("[x](javascript:a) &lt;script&gt;");
}

void ChecksTest::markdown()
{
    QFETCH(QString, markdown);
    QFETCH(QString, html);
    QCOMPARE(markdownToHtml(markdown), html);
}

QTEST_GUILESS_MAIN(ChecksTest)
#include "tst_checks.moc"
