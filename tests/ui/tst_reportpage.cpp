// The report of a delivery: one page that tells of this message alone and needs nothing else, in which no
// text of a peer is more than text, and addresses are shown only where they were asked for. The swaks
// command, and what else the Delivery tab offers to do.
#include "tests/support/journeys.h"
#include "ui/message/deliverypane.h"
#include "ui/message/reportpage.h"
#include "ui/message/swakscommand.h"
#include "ui/message/waterfallsvg.h"

#include <QCheckBox>
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
    for (const char *part : {"<td>Subject</td><td>(12 characters left out)</td>", "<td>1.0</td>",
             "<td>application/pdf</td>", "by mx.example.org for &lt;address-"})
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
    QSignalSpy swaks(&pane, &DeliveryPane::swaksRequested);
    QSignalSpy pdfs(&pane, &DeliveryPane::pdfRequested);
    const QList<QToolButton *> buttons = pane.findChildren<QToolButton *>();
    QCOMPARE(buttons.size(), 5);
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
    buttons[3]->click();
    QCOMPARE(swaks.count(), 1);
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
