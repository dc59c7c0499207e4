// The report of a delivery: one page that tells of this message alone and needs nothing else, in which no
// text of a peer is more than text, and addresses are shown only where they were asked for. The swaks
// command, and what else the Delivery tab offers to do.
#include "tests/support/journeys.h"
#include "ui/message/deliverypane.h"
#include "ui/message/repeatcommand.h"
#include "ui/message/reportpage.h"
#include "ui/message/swakscommand.h"
#include "ui/message/waterfallsvg.h"

#include <QCheckBox>
#include <QMenu>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QXmlStreamReader>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

using Addresses = AddressMask::Addresses;

const QByteArray session = "1J1B9AUMIJ5GHHBMQ";
constexpr qint64 start = test::noon * 1000;
constexpr qint64 milli = 1000;

/// Delivered at once; then the connection carried a stranger's message.
mail::Journey oneOfTwo()
{
    mail::Journey journey;
    journey.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    journey.entry.subject = QStringLiteral("Secret plans");
    smtp::RecipientReport refused = test::reportOf("bob", smtp::DeliveryResult::Refused,
        {550, {5, 1, 1}, {"<script>alert(1)</script> no user bob at <bob@example.org>"}});
    refused.at = start + 400 * milli;
    const QList<mail::JourneyEvent> events{{test::noon, mail::AttemptBegan{0, 0}},
        {test::noon, mail::SessionOpened{session}},
        {test::noon + 500, mail::Attempted{0, refused, mail::AttemptOutcome::Failed}}};
    for (const mail::JourneyEvent &event : events) {
        journey.events.append(event);
        journey.entry = mail::apply(journey.entry, event.what);
    }
    smtp::SessionTrace stranger = test::traceOf(session, 1);
    for (smtp::TracedStage &stage : stranger.stages)
        stage.command.replace("bob@example.org", "mallory@example.org");
    journey.traces = {smtp::joined(test::traceOf(session), stranger)};
    journey.traces[0].stages[5].reply = refused.reply; // the RCPT
    return journey;
}

/// A recipient of it is to be tried again.
mail::Journey waitingFor(smtp::DeliveryStage stage)
{
    mail::Journey journey;
    journey.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    smtp::RecipientReport report = test::reportOf(
        "bob", smtp::DeliveryResult::Deferred, {454, {4, 7, 0}, {"temporary authentication failure"}});
    report.stage = stage;
    report.status = {4, 7, 0};
    journey.entry.recipients[0].progress = mail::Deferred{1, report};
    journey.entry.recipients[0].nextAttemptAt = test::noon + 300'000;
    return journey;
}

mail::Transcript saidTo(const QByteArray &id)
{
    mail::Transcript transcript;
    transcript.first.id = id;
    transcript.first.role = smtp::SessionRole::Client;
    transcript.first.startedAt = start;
    transcript.first.messages = 2;
    const auto add = [&transcript](int at, smtp::Speaker speaker, const QByteArray &line) {
        transcript.second.append({start + at * milli, speaker, false, line, 0});
    };
    add(20, smtp::Speaker::Event, "connecting to 192.0.2.1:25");
    add(376, smtp::Speaker::Client, "RCPT TO:<bob@example.org>");
    add(389, smtp::Speaker::Server, "550 5.1.1 <script>alert(1)</script> no user bob at <bob@example.org>");
    add(10'006, smtp::Speaker::Client, "RCPT TO:<mallory@example.org>");
    transcript.second.append({start + 398 * milli, smtp::Speaker::Client, true, "the message's text", 18});
    return transcript;
}

const QList<mail::HeaderField> sentHeader{
    {QStringLiteral("Received"), QStringLiteral("from a by mx.example.org for <bob@example.org>")},
    {QStringLiteral("From"), QStringLiteral("Alice Secretive <alice@example.net>")},
    {QStringLiteral("To"), QStringLiteral("\"Bob hidden\" <bob@example.org>")},
    {QStringLiteral("Subject"), QStringLiteral("Secret plans")},
    {QStringLiteral("List-Unsubscribe"), QStringLiteral("<https://a.example/u?token>")},
    {QStringLiteral("MIME-Version"), QStringLiteral("1.0")},
    {QStringLiteral("Content-Type"), QStringLiteral("application/pdf; name=\"secret.pdf\"")}};

QString pageOf(Addresses addresses, const QList<mail::Transcript> &transcripts = {saidTo(session)},
    const std::optional<QList<mail::HeaderField>> &header = {})
{
    return QString::fromUtf8(reportPage(
        {{oneOfTwo()}, transcripts, QDateTime::fromMSecsSinceEpoch(test::noon + 60'000), {}, header},
        addresses));
}

} // namespace

class TestReportPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hasEverything();
    void needsNothingElse();
    void addressesAreMasked();
    void othersAreLeftOut();
    void refusedCertificatesAreSaid();
    void whatWasNotKeptIsSaid();
    void picturesAreSound();
    void headerFieldsAreShownOnRequest();
    void masksKeepPeopleApart();
    void saysItToSwaks();
    void swaksTakesNoAddressForAnOption();
    void saysItToCurl();
    void saysWhyCurlCannot_data();
    void saysWhyCurlCannot();
    void severalSessionsAreNoneOfCurls();
    void opensItWithOpenssl();
    void quotesForTheShell_data();
    void quotesForTheShell();
    void buttonsAskForIt();
    void knowsTheNextSteps();
    void offersTheNextSteps();
};

void TestReportPage::hasEverything()
{
    const QString page = pageOf(Addresses::Shown);
    for (const char *part : {"Delivery of “Secret plans”", "bob@example.org", "<svg", "Where the time went",
             "permanently refused the message", "MX example.org: 10 mx1.example.org (DNSSEC: secure)",
             "220 mx1.example.org ESMTP", "TLSv1.3 TLS_AES_256_GCM_SHA384", "c0:ff:ee",
             "RCPT TO:&lt;bob@example.org&gt;", "1 of 1 host, preference 10", "18 bytes of the message"})
        QVERIFY2(page.contains(QString::fromUtf8(part)), part);
    QVERIFY(!page.contains(QStringLiteral("the message's text")));
}

/// No text of the server is more than text, and nothing is fetched.
void TestReportPage::needsNothingElse()
{
    for (const Addresses addresses : {Addresses::Shown, Addresses::Masked}) {
        const QString page = pageOf(addresses);
        QVERIFY(!page.contains(QStringLiteral("<script"), Qt::CaseInsensitive));
        QVERIFY(page.contains(QStringLiteral("&lt;script&gt;")));
        QVERIFY(page.contains(QStringLiteral("default-src 'none'")));
        QString others = page;
        others.remove(QStringLiteral("xmlns=\"http://www.w3.org/2000/svg\""));
        for (const char *reference : {"http:", "https:", "src=\"", "href", "url(", "@import"})
            QVERIFY2(!others.contains(QLatin1String(reference)), reference);
    }
}

void TestReportPage::addressesAreMasked()
{
    const QString page = pageOf(Addresses::Masked);
    for (const char *name : {"bob", "alice", "Secret plans", "mallory"})
        QVERIFY2(!page.contains(QLatin1String(name)), name);
    QVERIFY(page.contains(QStringLiteral("@example.org")));
    QVERIFY(page.contains(QStringLiteral("550 5.1.1")));
}

void TestReportPage::othersAreLeftOut()
{
    QVERIFY(!pageOf(Addresses::Shown).contains(QStringLiteral("mallory")));
    const QString unknown = pageOf(Addresses::Shown, {saidTo("1J1B9AUMIJ5OTHERS")});
    QVERIFY(unknown.contains(QStringLiteral("cannot be singled out")));
    QVERIFY(!unknown.contains(QStringLiteral("connecting to 192.0.2.1:25")));
    mail::Transcript refused = saidTo("1J1B9AUMIJ5OTHERS"); // the stranger's, before it
    refused.first.messages = 1;
    QVERIFY(pageOf(Addresses::Shown, {refused}).contains(QStringLiteral("connecting to 192.0.2.1:25")));
    for (const char *mail : {"MAIL FROM:<carol@example.org>", "mail FROM:<alice@example.net>"})
        refused.second.append({start, smtp::Speaker::Client, false, mail, 0});
    QVERIFY(!pageOf(Addresses::Shown, {refused}).contains(QStringLiteral("carol")));
}

/// A certificate that an authority vouches for may be another than the one that was asked for.
void TestReportPage::refusedCertificatesAreSaid()
{
    mail::Journey journey = oneOfTwo();
    journey.traces[0].tls->errors.clear();
    journey.traces[0].tls->fault = "the certificate is not the pinned one";
    const QByteArray page
        = reportPage({{journey}, {}, QDateTime::fromMSecsSinceEpoch(test::noon)}, Addresses::Masked);
    QVERIFY(page.contains("the certificate is not the pinned one"));
    QVERIFY(page.contains("Verified by an authority"));
}

/// In the rows of the waterfall, in the picture and in the table of the stages.
void TestReportPage::whatWasNotKeptIsSaid()
{
    mail::Journey journey = oneOfTwo();
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(test::noon);
    const QString words = QStringLiteral(", 234 stage(s) and note(s) of its connections not kept");
    QVERIFY(!reportPage({{journey}, {}, now}, Addresses::Masked).contains("not complete"));
    journey.traces[0].leftOut = 234;
    QVERIFY(waterfallText(waterfallOf(journey)).contains(words));
    QVERIFY(waterfallOf(journey).first().label.contains(QStringLiteral("not complete")));
    QVERIFY(waterfallSvg(waterfallOf(journey)).contains(words));
    const QString page = QString::fromUtf8(reportPage({{journey}, {}, now}, Addresses::Masked));
    QCOMPARE(page.count(words), 2);
}

void TestReportPage::picturesAreSound()
{
    const QList<WaterfallRow> rows = waterfallOf(oneOfTwo());
    QXmlStreamReader xml(waterfallSvg(rows));
    int bars = 0;
    int words = 0;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        bars += xml.name() == QLatin1String("rect") ? 1 : 0;
        words += xml.name() == QLatin1String("text") ? 1 : 0;
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QCOMPARE(bars, int(rows.size()) - 1); // the heading has none
    QCOMPARE(words, 2 * int(rows.size()));
    QList<WaterfallRow> many;
    for (int i = 0; i < 3000; ++i)
        many += rows[1];
    const QString whole = waterfallSvg(many);
    QVERIFY(whole.contains(QStringLiteral("left out")));
    QCOMPARE(whole.count(QStringLiteral("<svg ")), 26); // none is higher than a sheet
}

/// A person's names and words are not shown with masked addresses, and the addresses are the same words there
/// as elsewhere.
void TestReportPage::headerFieldsAreShownOnRequest()
{
    QVERIFY(!pageOf(Addresses::Shown).contains(QStringLiteral("Header fields")));
    const QString shown = pageOf(Addresses::Shown, {}, sentHeader);
    for (const char *part : {"Header fields", "Alice Secretive &lt;alice@example.net&gt;", "Secret plans",
             "https://a.example/u?token", "1.0", "secret.pdf"})
        QVERIFY2(shown.contains(QLatin1String(part)), part);
    const QString masked = pageOf(Addresses::Masked, {saidTo(session)}, sentHeader);
    for (const char *part : {"Secret", "alice", "bob", "token", "secret.pdf", "hidden"})
        QVERIFY2(!masked.contains(QLatin1String(part)), part);
    for (const char *part : {"<td>Subject</td><td>(12 character", "<td>1.0</td>", "<td>application/pdf</td>",
             "by mx.example.org for &lt;address-"})
        QVERIFY2(masked.contains(QLatin1String(part)), part);
    const QRegularExpression to(QStringLiteral("<td>To</td><td>(address-\\d+@example.org)</td>"));
    const QString word = to.match(masked).captured(1);
    QVERIFY(!word.isEmpty());
    QVERIFY(masked.contains(QStringLiteral("RCPT TO:&lt;%1&gt;").arg(word)));
    QVERIFY(
        pageOf(Addresses::Shown, {}, QList<mail::HeaderField>()).contains(QStringLiteral("not known here")));
}

void TestReportPage::masksKeepPeopleApart()
{
    AddressMask mask(
        Addresses::Masked, {QStringLiteral("bob@example.org"), QStringLiteral("al@example.org")});
    const QString bob = mask(QStringLiteral("<bob@example.org>"));
    QVERIFY(bob.startsWith(QStringLiteral("<address-")) && bob.endsWith(QStringLiteral("@example.org>")));
    QCOMPARE(mask(QStringLiteral("<BOB@example.org>")).toLower(), bob);
    QVERIFY(mask(QStringLiteral("<carol@example.org>")) != bob);
    const QString word = bob.mid(1, bob.indexOf(u'@') - 1);
    QCOMPARE(mask(QStringLiteral("no user bob.")), QStringLiteral("no user %1.").arg(word));
    QCOMPARE(mask(QStringLiteral("also bobby is al")), QStringLiteral("also bobby is al"));
    QVERIFY(!mask(QStringLiteral("\"b o b\"@example.org")).contains(QStringLiteral("b o b")));
    for (const char *address : {"bounces+carol=example.com@list.example.net", "o'carol@example.org",
             "'carol@example.org'", "prvs=1234=carol@example.org", R"("carol\"x"@example.org)"}) {
        const QString masked = mask(QStringLiteral("MAIL FROM:<%1>").arg(QLatin1String(address)));
        QVERIFY2(!masked.contains(QStringLiteral("carol")) && !masked.contains(u"o'"), qPrintable(masked));
        QVERIFY2(masked.startsWith(QStringLiteral("MAIL FROM:<")), qPrintable(masked));
    }
    QCOMPARE(mask(QStringLiteral("AUTH=bob@example.org")), QStringLiteral("AUTH=%1@example.org").arg(word));
    AddressMask shown(Addresses::Shown, {});
    QCOMPARE(shown(QStringLiteral("bob@example.org")), QStringLiteral("bob@example.org"));
}

void TestReportPage::saysItToSwaks()
{
    QCOMPARE(swaksCommand(oneOfTwo()),
        QStringLiteral(
            "swaks --server 192.0.2.1 --port 25 --helo client.example.net --tls-on-connect --auth PLAIN "
            "--auth-user alice --from alice@example.net --to bob@example.org"));
    mail::Journey hostile = oneOfTwo();
    for (smtp::TracedStage &stage : hostile.traces[0].stages)
        stage.command.replace("bob@example.org", "$(reboot)';x@example.org");
    QVERIFY(swaksCommand(hostile).endsWith(QStringLiteral("--to '$(reboot)'\\'';x@example.org'")));
    hostile.traces.clear();
    QCOMPARE(swaksCommand(hostile), QString());
}

/// Swaks would run what stands behind --pipe.
void TestReportPage::swaksTakesNoAddressForAnOption()
{
    mail::Journey hostile = oneOfTwo();
    for (smtp::TracedStage &stage : hostile.traces[0].stages) {
        stage.command.replace("bob@example.org", "--pipe=reboot&@example.org");
        stage.command.replace("alice@example.net", "-q@example.net");
        stage.command.replace("EHLO client", "EHLO -client");
    }
    hostile.traces[0].user = "--dump";
    QCOMPARE(swaksCommand(hostile),
        QStringLiteral("swaks --server 192.0.2.1 --port 25 --tls-on-connect --auth PLAIN --from "
                       "'\"-q\"@example.net' --to '\"--pipe=reboot&\"@example.org'"));
}

void TestReportPage::saysItToCurl()
{
    const QString body = QStringLiteral("printf '%s\\r\\n' 'Subject: Test' '' 'This is a test message.' | ");
    const QString opening
        = QStringLiteral("--noproxy '*' --resolve mx1.example.org:25:192.0.2.1 --insecure --login-options "
                         "AUTH=PLAIN --user alice ");
    QCOMPARE(repeatCommand(RepeatWith::Curl, {oneOfTwo()}).line,
        body + QStringLiteral("curl smtps://mx1.example.org:25/client.example.net ") + opening
            + QStringLiteral("--mail-from alice@example.net --mail-rcpt bob@example.org --upload-file -"));
    mail::Journey hostile = oneOfTwo();
    hostile.traces[0].host = "{a,b}.example";
    for (smtp::TracedStage &stage : hostile.traces[0].stages) {
        stage.command.replace("bob@example.org", "$(reboot)';x@example.org")
            .replace("MAIL FROM:<alice@example.net>", "MAIL FROM:<> SIZE=1234 BODY=8BITMIME")
            .replace("EHLO client", "EHLO ../@x#");
    }
    QCOMPARE(repeatCommand(RepeatWith::Curl, {hostile}).line,
        body
            + QStringLiteral("curl smtps://192.0.2.1:25/..%2F%40x%23.example.net --noproxy '*' --insecure "
                             "--login-options AUTH=PLAIN --user alice --mail-from '<>' --mail-rcpt "
                             "'$(reboot)'\\'';x@example.org' --upload-file -"));
}

void TestReportPage::saysWhyCurlCannot_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("other");
    QTest::addColumn<QString>("why");
    QTest::newRow("DSN") << QByteArray("RCPT TO:<bob@example.org>")
                         << QByteArray("RCPT TO:<bob@example.org> NOTIFY=NEVER ORCPT=rfc822;bob@example.org")
                         << QStringLiteral("NOTIFY");
    QTest::newRow("SMTPUTF8") << QByteArray("MAIL FROM:<alice@example.net>")
                              << QByteArray("MAIL FROM:<alice@example.net> smtputf8")
                              << QStringLiteral("SMTPUTF8");
    QTest::newRow("chunks") << QByteArray("DATA") << QByteArray("BDAT 18 LAST") << QStringLiteral("BDAT");
    QTest::newRow("HELO") << QByteArray("EHLO") << QByteArray("HELO") << QStringLiteral("HELO");
    QTest::newRow("LHLO") << QByteArray("EHLO") << QByteArray("LHLO") << QStringLiteral("LHLO");
    QTest::newRow("a second transaction") << QByteArray("DATA") << QByteArray("MAIL FROM:<alice@example.net>")
                                          << QStringLiteral("transactions");
    QTest::newRow("another script") << QByteArray("MAIL FROM:<alice") << QByteArray("MAIL FROM:<\xc3\xa4lice")
                                    << QStringLiteral("ASCII");
}

void TestReportPage::saysWhyCurlCannot()
{
    QFETCH(QByteArray, said);
    QFETCH(QByteArray, other);
    QFETCH(QString, why);
    mail::Journey journey = oneOfTwo();
    for (smtp::TracedStage &stage : journey.traces[0].stages)
        stage.command.replace(said, other);
    const RepeatCommand command = repeatCommand(RepeatWith::Curl, {journey});
    QVERIFY2(command.line.isEmpty(), qPrintable(command.line));
    QVERIFY2(command.whyNot.contains(why), qPrintable(command.whyNot));
    QVERIFY(!repeatCommand(RepeatWith::Swaks, {journey}).line.isEmpty());
}

void TestReportPage::severalSessionsAreNoneOfCurls()
{
    const QByteArray later = "1J1B9AUMIJ5LATER0";
    const auto withSecond = [&](const QByteArray &recipient) {
        mail::Journey journey = oneOfTwo();
        journey.events.insert(2, {test::noon, mail::SessionOpened{later}});
        smtp::SessionTrace second = test::traceOf(later);
        second.startedAt += oneSecond;
        for (smtp::TracedStage &stage : second.stages)
            stage.command.replace("bob@example.org", recipient);
        journey.traces.append(second);
        return journey;
    };
    QVERIFY(!repeatCommand(RepeatWith::Curl, {withSecond("bob@example.org")}).line.isEmpty());
    const RepeatCommand other = repeatCommand(RepeatWith::Curl, {withSecond("carol@example.org")});
    QVERIFY2(other.whyNot.contains(QStringLiteral("several sessions")), qPrintable(other.line));
    QVERIFY(repeatCommand(RepeatWith::Curl, {}).whyNot.contains(QStringLiteral("no session")));
    mail::Journey socket = oneOfTwo();
    socket.traces[0].host = "/run/lmtp";
    socket.traces[0].address.clear();
    for (const RepeatWith program : {RepeatWith::Curl, RepeatWith::Openssl})
        QVERIFY(repeatCommand(program, {socket}).whyNot.contains(QStringLiteral("socket")));
    mail::Journey byToken = oneOfTwo();
    byToken.traces[0].mechanism = "XOAUTH2";
    QVERIFY(repeatCommand(RepeatWith::Curl, {byToken}).whyNot.contains(QStringLiteral("XOAUTH2")));
    byToken.traces[0].mechanism = "PLAIN";
    byToken.traces[0].user = "alice:secret";
    QVERIFY(repeatCommand(RepeatWith::Curl, {byToken}).whyNot.contains(QStringLiteral("user name")));
}

void TestReportPage::opensItWithOpenssl()
{
    QCOMPARE(repeatCommand(RepeatWith::Openssl, {oneOfTwo()}).line,
        QStringLiteral(
            "openssl s_client -connect 192.0.2.1:25 -servername mx1.example.org -crlf -nocommands"));
    mail::Journey starting = oneOfTwo();
    smtp::TracedStage startTls = starting.traces[0].stages[3]; // the EHLO
    startTls.stage = smtp::TraceStage::StartTls;
    startTls.command = "STARTTLS";
    startTls.reply = {220, {}, {"go on"}};
    starting.traces[0].stages.insert(4, startTls);
    starting.traces[0].host = "192.0.2.1";
    QCOMPARE(repeatCommand(RepeatWith::Openssl, {starting}).line,
        QStringLiteral("openssl s_client -starttls smtp -name client.example.net -connect 192.0.2.1:25 "
                       "-noservername -crlf -nocommands"));
    QVERIFY(repeatCommand(RepeatWith::Curl, {starting}).line.contains(QStringLiteral(" --ssl-reqd ")));
    starting.traces[0].address = QHostAddress(QStringLiteral("2001:db8::1"));
    QVERIFY(
        repeatCommand(RepeatWith::Openssl, {starting}).line.contains(QStringLiteral("'[2001:db8::1]:25'")));
    starting.traces[0].tls.reset();
    QVERIFY(repeatCommand(RepeatWith::Openssl, {starting}).whyNot.contains(QStringLiteral("TLS")));
    QVERIFY(repeatCommand(RepeatWith::Curl, {starting})
                .line.contains(QStringLiteral("'smtp://[2001:db8::1]:25/")));
}

void TestReportPage::quotesForTheShell_data()
{
    QTest::addColumn<QString>("word");
    for (const char *word : {"plain@example.org", "a b", "it's", "$(id)", "`id`", "\\", "\"", "*", "#x",
             "a\nb", "ü", "", "-x", "~"})
        QTest::addRow("word '%s'", word) << QString::fromUtf8(word);
}

/// As a shell reads it.
void TestReportPage::quotesForTheShell()
{
    QFETCH(QString, word);
    QProcess shell;
    QSignalSpy ended(&shell, &QProcess::finished);
    shell.start(
        QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("printf '%s|' ") + shellWord(word)});
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), word + u'|');
}

void TestReportPage::buttonsAskForIt()
{
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(test::noon + 60'000);
    DeliveryPane pane;
    pane.show({}, {}, summaryOf({oneOfTwo()}, now));
    QSignalSpy saves(&pane, &DeliveryPane::saveRequested);
    QSignalSpy browsers(&pane, &DeliveryPane::browserRequested);
    QSignalSpy copies(&pane, &DeliveryPane::copyRequested);
    QSignalSpy pdfs(&pane, &DeliveryPane::pdfRequested);
    const QList<QToolButton *> buttons = pane.findChildren<QToolButton *>();
    QCOMPARE(buttons.size(), 6);
    buttons[0]->click();
    QCOMPARE(saves.value(0).value(0).value<ReportTerms>(), (ReportTerms{Addresses::Masked, false}));
    const QList<QCheckBox *> terms = pane.findChildren<QCheckBox *>();
    QCOMPARE(terms.size(), 2);
    terms[0]->click();
    buttons[1]->click();
    QCOMPARE(pdfs.value(0).value(0).value<ReportTerms>(), (ReportTerms{Addresses::Shown, false}));
    terms[1]->click();
    buttons[2]->click();
    QCOMPARE(browsers.value(0).value(0).value<ReportTerms>(), (ReportTerms{Addresses::Shown, true}));
    pane.setCommands([](RepeatWith program) {
        return program == RepeatWith::Curl ? RepeatCommand{{}, QStringLiteral("curl <b>cannot</b>")}
                                           : RepeatCommand{QStringLiteral("line"), {}};
    });
    QMenu *menu = buttons[3]->menu();
    menu->popup(QPoint());
    const QList<QAction *> commands = menu->actions();
    QCOMPARE(commands.size(), 3);
    QVERIFY(commands[0]->isEnabled() && !commands[1]->isEnabled() && commands[2]->isEnabled());
    QVERIFY(commands[1]->toolTip().contains(QStringLiteral("cannot")));
    QVERIFY(!Qt::mightBeRichText(commands[1]->toolTip()));
    QVERIFY(menu->toolTipsVisible());
    menu->close();
    commands[0]->trigger();
    commands[2]->trigger();
    QCOMPARE(copies.count(), 2);
    QCOMPARE(copies[0][0].value<RepeatWith>(), RepeatWith::Swaks);
    QCOMPARE(copies[1][0].value<RepeatWith>(), RepeatWith::Openssl);
    const QSignalSpy deletions(&pane, &DeliveryPane::deleteRequested);
    buttons[5]->click();
    QCOMPARE(deletions.count(), 1);
    mail::Journey waits = oneOfTwo(); // the queue needs its record
    waits.entry.recipients.first().progress = mail::Waiting();
    pane.show({}, {}, summaryOf({waits}, now));
    QCOMPARE(pane.findChildren<QToolButton *>().size(), 5);
    pane.show({}, QStringLiteral("nothing"));
    QVERIFY(pane.findChildren<QToolButton *>().isEmpty());
}

void TestReportPage::knowsTheNextSteps()
{
    const mail::Journey waiting = waitingFor(smtp::DeliveryStage::Auth);
    QCOMPARE(nextStepsFor(waiting),
        (QList<NextStep>{NextStep::TryNow, NextStep::RouteSettings, NextStep::ShowInQueue}));
    QCOMPARE(nextStepsFor(waitingFor(smtp::DeliveryStage::Rcpt)),
        (QList<NextStep>{NextStep::TryNow, NextStep::ShowInQueue}));
    mail::Journey held = waiting;
    held.entry.held = true;
    QCOMPARE(nextStepsFor(held),
        (QList<NextStep>{NextStep::Release, NextStep::RouteSettings, NextStep::ShowInQueue}));
    mail::Journey removed = waiting;
    removed.removedAt = test::noon;
    QCOMPARE(nextStepsFor(removed), QList<NextStep>{NextStep::RouteSettings});
    QCOMPARE(nextStepsFor(oneOfTwo()), QList<NextStep>()); // refused for its address
    mail::Journey fresh;
    fresh.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    QCOMPARE(nextStepsFor(fresh), QList<NextStep>()); // nothing went wrong yet
}

void TestReportPage::offersTheNextSteps()
{
    const mail::Journey waiting = waitingFor(smtp::DeliveryStage::Auth);
    DeliveryPane pane;
    pane.show({}, {}, summaryOf({waiting}, QDateTime::fromMSecsSinceEpoch(test::noon + 60'000)));
    QSignalSpy requested(&pane, &DeliveryPane::stepRequested);
    const QList<QPushButton *> buttons = pane.findChildren<QPushButton *>();
    QCOMPARE(buttons.size(), 3);
    for (QPushButton *button : buttons) {
        QVERIFY(!button->toolTip().isEmpty());
        button->click();
    }
    QCOMPARE(requested.size(), 3);
    QCOMPARE(requested[0][0].value<NextStep>(), NextStep::TryNow);
    QCOMPARE(requested[1][0].value<NextStep>(), NextStep::RouteSettings);
    QCOMPARE(requested[2][0].value<NextStep>(), NextStep::ShowInQueue);
    QCOMPARE(requested[2][1].toByteArray(), waiting.entry.id);
}

QTEST_MAIN(TestReportPage)
#include "tst_reportpage.moc"
