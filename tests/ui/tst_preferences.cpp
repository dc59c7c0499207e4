#include "tests/support/choose.h"
#include "tests/support/fakelistener.h"
#include "tests/support/fakeoutbox.h"
#include "tests/support/fakerules.h"
#include "tests/support/fakesettings.h"
#include "tests/support/runningmail.h"
#include "ui/settings/appearancepage.h"
#include "ui/settings/capturepage.h"
#include "ui/settings/deliverypage.h"
#include "ui/settings/editabletable.h"
#include "ui/settings/handonpage.h"
#include "ui/settings/identitypage.h"
#include "ui/settings/listenerpage.h"
#include "ui/settings/mailboxespage.h"
#include "ui/settings/outgoingpage.h"
#include "ui/settings/preferences.h"
#include "ui/settings/retryintervals.h"
#include "ui/settings/serveraddress.h"
#include "ui/widgets/inlinebar.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

using namespace glasspost;

namespace {

mail::Settings settings()
{
    mail::Settings made;
    made.hostName = QStringLiteral("mail.example.org");
    made.localDomains = {QStringLiteral("example.org"), QStringLiteral("example.test")};
    made.users = {{QStringLiteral("alice"), QStringLiteral("Alice Example")}, {QStringLiteral("bob"), {}}};
    made.aliases = {{QStringLiteral("info"), mail::Alias::Kind::Alias, {QStringLiteral("alice")}},
        {QStringLiteral("team"), mail::Alias::Kind::List,
            {QStringLiteral("alice"), QStringLiteral("c@example.net")}},
        {QStringLiteral("dave"), mail::Alias::Kind::Forward, {QStringLiteral("dave@example.net")}}};
    made.identities
        = {{QStringLiteral("Alice"), QStringLiteral("alice@example.org"), QStringLiteral("alice")}};
    made.route.kind = mail::OutgoingRoute::Kind::Smarthost;
    made.route.host = QStringLiteral("smtp.example.net");
    made.route.port = 587;
    made.route.tls = smtp::TlsMode::Required;
    made.route.verifyCertificate = true;
    made.route.user = QStringLiteral("alice");
    made.route.mechanisms = {QStringLiteral("PLAIN")};
    made.route.authInClear = smtp::ClearAuth::Loopback;
    made.route.nameserver = QHostAddress(QStringLiteral("192.0.2.53"));
    made.route.nameserverPort = 5353;
    made.acceptedCertificates = {{QStringLiteral("smtp.example.net"), QStringLiteral("00ff")}};
    made.route.allowPrivateAddresses = false;
    made.route.dane = smtp::TlsPolicyUse::Off;
    made.route.mtaSts = smtp::TlsPolicyUse::Off;
    mail::ListenerBinding second;
    second.address = QHostAddress(QHostAddress::LocalHostIPv6);
    second.port = 2526;
    second.tls = smtp::TlsMode::Implicit;
    second.captureMailbox = QStringLiteral("tests");
    second.clientCertificate = smtp::ClientCertificate::Required;
    second.proxyHeaders = smtp::ProxyHeaders::Expected;
    made.listener.trustedPeers = {QStringLiteral("192.0.2.7"), QStringLiteral("10.0.0.0/8")};
    made.listener.extensions.xclient = true;
    made.listener.handOn = mail::OutgoingRoute();
    made.listener.handOn->kind = mail::OutgoingRoute::Kind::Smarthost;
    made.listener.handOn->protocol = smtp::ClientProtocol::Lmtp;
    made.listener.handOn->host = QStringLiteral("store.example.org");
    made.listener.handOn->port = 2424;
    made.listener.handOn->tls = smtp::TlsMode::Required;
    made.listener.handOn->verifyCertificate = true;
    made.http = {true, QHostAddress(QHostAddress::LocalHostIPv6), 8026};
    made.limits = {50, 5, 20, 600};
    made.retry.delayAfter = std::chrono::hours(7);
    made.listener.bindings.append(second);
    mail::ListenerBinding local;
    local.unixPath = QStringLiteral("/run/glasspost.sock");
    made.listener.bindings.append(local);
    made.listener.captureRule = {mail::CaptureRule::By::Header, QStringLiteral("X-Project")};
    made.listener.mostInboxes = 7;
    made.listener.rejectedRecipients = {QStringLiteral("*@bounce.test"), QStringLiteral("full-??@*")};
    made.listener.discardedRecipients = {QStringLiteral("*@load.test")};
    made.listener.releaseAllowed = {QStringLiteral("*@staff.test")};
    made.listener.allowedClients = {QStringLiteral("127.0.0.1"), QStringLiteral("10.0.0.0/8")};
    made.listener.retention = {500, std::chrono::hours(24 * 7), 300 * 1024 * 1024};
    made.listener.policy = mail::RecipientPolicy::Mailboxes;
    made.listener.limits.messageSize = 1234567;
    made.listener.limits.recipients = 200;
    made.listener.limits.connections = 30;
    made.listener.limits.connectionsFromLoopback = 25;
    made.listener.limits.withoutMessage = std::chrono::seconds(100); // not a whole number of minutes
    made.listener.limits.idle = std::chrono::seconds(77);
    made.listener.signIn = mail::SignInPolicy::FileOnly;
    made.listener.clearSignIn = smtp::ClearAuth::Anywhere;
    made.listener.paths = mail::PathPolicy::Strict;
    made.listener.bareLineFeeds = smtp::BareLineFeeds::Marked;
    made.retry.waits = {std::chrono::minutes(7), std::chrono::hours(2)};
    made.retry.giveUpAfter = std::chrono::seconds(100000);
    made.undoSeconds = 9;
    made.messageIdDomain = QStringLiteral("ids.example.org");
    made.spamd = QStringLiteral("127.0.0.1:783");
    made.appearance = mail::Appearance::Dark;
    made.htmlEngine = mail::HtmlEngine::WebEngine;
    made.remotePictures = mail::PictureLoading::Always;
    made.picturesFrom = {QStringLiteral("news@example.org"), QStringLiteral("shop@example.com")};
    return made;
}

bool has(const QList<ui::SettingsProblem> &problems, ui::SettingsField field)
{
    return std::any_of(problems.cbegin(), problems.cend(),
        [&](const ui::SettingsProblem &problem) { return problem.field == field; });
}

} // namespace

class PreferencesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesBackWhatItWasGiven();
    void keepsFineRetention();
    void offersEnginesThatAreThere();
    void pagesAreNoWiderThanTheWindow();
    void theWheelScrollsPastSettings();
    void asksInTheFieldsWords_data();
    void asksInTheFieldsWords();
    void findsProblems_data();
    void findsProblems();
    void readsWaits_data();
    void readsWaits();
    void readsServerAddresses_data();
    void readsServerAddresses();
    void encryptionMovesTheSmarthostsPort_data();
    void encryptionMovesTheSmarthostsPort();
    void warnsOfAnOpenBinding();
    void showsTheCertificateInUse();
    void saysAProblemThenApplies();
    void keepsACertificateAcceptedMeanwhile();
};

void PreferencesTest::givesBackWhatItWasGiven()
{
    ui::IdentityPage identity;
    ui::OutgoingPage outgoing;
    ui::ListenerPage listener;
    ui::CapturePage capture;
    ui::MailboxesPage mailboxes;
    ui::HandOnPage handOn;
    ui::DeliveryPage delivery;
    ui::AppearancePage appearance(false); // what cannot be chosen stays
    const mail::Settings given = settings();
    QVERIFY(ui::settingsProblems(given).isEmpty());
    mail::Settings taken;
    taken.listener.limits.messageSize = given.listener.limits.messageSize;
    taken.listener.limits.withoutMessage = given.listener.limits.withoutMessage;
    taken.retry.giveUpAfter = given.retry.giveUpAfter;
    for (ui::SettingsPage *page : std::initializer_list<ui::SettingsPage *>{
             &identity, &outgoing, &listener, &capture, &mailboxes, &handOn, &delivery, &appearance}) {
        page->load(given);
        page->store(taken);
    }
    QCOMPARE(taken.identities, given.identities);
    QCOMPARE(taken.route, given.route);
    QCOMPARE(taken.listener, given.listener);
    QCOMPARE(taken.aliases, given.aliases);
    QCOMPARE(taken, given);
}

void PreferencesTest::keepsFineRetention()
{
    ui::CapturePage page;
    mail::Settings fine;
    fine.listener.retention = {0, std::chrono::hours(12), 1000};
    page.load(fine);
    mail::Settings taken = fine;
    page.store(taken);
    QCOMPARE(taken.listener.retention, fine.listener.retention);
    mail::Settings unlimited;
    page.store(unlimited); // what the page shows of it is a limit
    QCOMPARE(unlimited.listener.retention, (mail::CaptureRetention{0, std::chrono::hours(24), 1024 * 1024}));
}

void PreferencesTest::offersEnginesThatAreThere()
{
    for (const bool hasWebEngine : {true, false}) {
        ui::AppearancePage page(hasWebEngine);
        page.load({});
        mail::Settings taken;
        page.engines()->button(int(mail::HtmlEngine::WebEngine))->click();
        page.store(taken);
        QCOMPARE(taken.htmlEngine == mail::HtmlEngine::WebEngine, hasWebEngine);
        const QList<QLabel *> labels = page.findChildren<QLabel *>();
        const auto says = [&labels](const char *words) {
            return std::any_of(labels.cbegin(), labels.cend(),
                [words](const QLabel *label) { return label->text().contains(QLatin1String(words)); });
        };
        QVERIFY(says("no security support"));
        QCOMPARE(says("not installed"), !hasWebEngine);
    }
}

void PreferencesTest::theWheelScrollsPastSettings()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    ui::Preferences dialog(system.settings(), system.outbox(), system.listener());
    dialog.showPage(ui::Preferences::Page::Listener);
    dialog.show();
    const auto *page = dialog.page(ui::Preferences::Page::Listener);
    const mail::Settings before = system.settings().value();
    const auto turn = [](QWidget *field) {
        const QPointF point = field->rect().center();
        QWheelEvent wheel(point, field->mapToGlobal(point), {}, {0, -120}, Qt::NoButton, Qt::NoModifier,
            Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(field, &wheel);
    };
    for (auto *combo : page->findChildren<QComboBox *>())
        turn(combo);
    for (auto *spin : page->findChildren<QSpinBox *>())
        turn(spin);
    mail::Settings after = before;
    page->store(after);
    QCOMPARE(after, before);
    auto *spin = page->findChild<QSpinBox *>();
    dialog.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    spin->setFocus();
    const int value = spin->value();
    turn(spin);
    QCOMPARE(spin->value(), value - 1); // a person has gone to it
}

void PreferencesTest::asksInTheFieldsWords_data()
{
    QTest::addColumn<ui::Preferences::Page>("page");
    QTest::addColumn<QString>("expected");
    using Page = ui::Preferences::Page;
    QTest::newRow("T70 a certificate is verified") << Page::Outgoing << QStringLiteral("Verify &certificate");
    QTest::newRow("T70 a verified certificate is required for the password")
        << Page::Outgoing << QStringLiteral("Servers with a verified certificate");
    QTest::newRow("T70 local mail is forwarded")
        << Page::HandOn << QStringLiteral("&Forward mail for the local mailboxes to another server");
    QTest::newRow("T70 outgoing connections are limited")
        << Page::Delivery << QStringLiteral("Limits on outgoing connections");
    QTest::newRow("T70 retries have a schedule") << Page::Delivery << QStringLiteral("&Retry schedule");
    QTest::newRow("T70 a sender is notified")
        << Page::Delivery << QStringLiteral("Notify the sender of a de&lay after");
    QTest::newRow("T70 aliases have targets") << Page::Mailboxes << QStringLiteral("Targets");
    QTest::newRow("T70 catch-all relays nothing")
        << Page::Listener << QStringLiteral("&Catch-all: accept everything, relay nothing");
}

void PreferencesTest::asksInTheFieldsWords()
{
    QFETCH(ui::Preferences::Page, page);
    test::FakeSettings settings;
    test::FakeOutbox outbox;
    test::FakeListener listener;
    ui::Preferences dialog(settings, outbox, listener);
    QStringList words;
    for (const auto *label : dialog.page(page)->findChildren<QLabel *>())
        words << label->text();
    for (const auto *button : dialog.page(page)->findChildren<QAbstractButton *>())
        words << button->text();
    for (const auto *combo : dialog.page(page)->findChildren<QComboBox *>()) {
        for (int item = 0; item < combo->count(); ++item)
            words << combo->itemText(item);
    }
    for (const auto *table : dialog.page(page)->findChildren<QTableWidget *>()) {
        for (int column = 0; column < table->columnCount(); ++column)
            words << table->horizontalHeaderItem(column)->text();
    }
    QFETCH(QString, expected);
    QVERIFY2(words.contains(expected), qPrintable(words.join(u'\n')));
}

void PreferencesTest::pagesAreNoWiderThanTheWindow()
{
    test::FakeSettings settings;
    test::FakeOutbox outbox;
    test::FakeListener listener;
    test::FakeRules rules;
    ui::Preferences dialog(settings, outbox, listener);
    dialog.editRules(rules);
    dialog.resize(860, 600);
    dialog.show();
    for (int page = 0; page <= int(ui::Preferences::Page::Rules); ++page) {
        dialog.showPage(ui::Preferences::Page(page));
        QTRY_VERIFY(dialog.page(ui::Preferences::Page(page))->isVisible());
        QCoreApplication::sendPostedEvents();
        const QWidget *shown = dialog.page(ui::Preferences::Page(page));
        QVERIFY2(shown->minimumSizeHint().width() <= shown->parentWidget()->width(),
            qPrintable(QString::number(page)));
    }
}

void PreferencesTest::findsProblems_data()
{
    using Change = std::function<void(mail::Settings &)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<int>("field");
    const auto row = [](const char *name, ui::SettingsField field, Change change) {
        QTest::newRow(name) << change << int(field);
    };
    row("host name with a space", ui::SettingsField::HostName,
        [](mail::Settings &s) { s.hostName = QStringLiteral("my host"); });
    row("identity without domain", ui::SettingsField::Identities,
        [](mail::Settings &s) { s.identities[0].address = QStringLiteral("alice"); });
    row("identity of nobody", ui::SettingsField::Identities,
        [](mail::Settings &s) { s.identities[0].user = QStringLiteral("eve"); });
    row("smarthost missing", ui::SettingsField::SmarthostName,
        [](mail::Settings &s) { s.route.host.clear(); });
    row("same port twice", ui::SettingsField::Bindings,
        [](mail::Settings &s) { s.listener.bindings[1] = s.listener.bindings[0]; });
    row("no address", ui::SettingsField::Bindings,
        [](mail::Settings &s) { s.listener.bindings[0].address = QHostAddress(); });
    row("a socket without a path", ui::SettingsField::Bindings,
        [](mail::Settings &s) { s.listener.bindings[2].unixPath = QStringLiteral("glasspost.sock"); });
    row("a socket's long path", ui::SettingsField::Bindings,
        [](mail::Settings &s) { s.listener.bindings[2].unixPath = u'/' + QString(107, u'x'); });
    row("a socket twice", ui::SettingsField::Bindings,
        [](mail::Settings &s) { s.listener.bindings.append(s.listener.bindings[2]); });
    row("sign-in without users", ui::SettingsField::Bindings,
        [](mail::Settings &s) { s.listener.bindings[0].requireAuth = true; });
    row("no range", ui::SettingsField::TrustedPeers,
        [](mail::Settings &s) { s.listener.trustedPeers.append(QStringLiteral("10.0.0.0/99")); });
    row("no range of clients", ui::SettingsField::AllowedClients,
        [](mail::Settings &s) { s.listener.allowedClients.append(QStringLiteral("my-host")); });
    row("no field's name", ui::SettingsField::CaptureRule,
        [](mail::Settings &s) { s.listener.captureRule.field = QStringLiteral("X Project:"); });
    row("no name server", ui::SettingsField::Nameserver,
        [](mail::Settings &s) { s.route.nameserverPort = 0; });
    row("handed on to nobody", ui::SettingsField::HandOn,
        [](mail::Settings &s) { s.listener.handOn->host.clear(); });
    row("SMTP over a socket", ui::SettingsField::HandOn, [](mail::Settings &s) {
        s.listener.handOn->host = QStringLiteral("/run/lmtp");
        s.listener.handOn->protocol = smtp::ClientProtocol::Smtp;
    });
    row("LMTP to port 25", ui::SettingsField::HandOn,
        [](mail::Settings &s) { s.listener.handOn->port = 25; });
    row("key missing", ui::SettingsField::TlsFiles,
        [](mail::Settings &s) { s.listener.certificateFile = QStringLiteral("a.pem"); });
    row("a spam filter without a port", ui::SettingsField::Spamd,
        [](mail::Settings &s) { s.spamd = QStringLiteral("127.0.0.1"); });
    row("HTTP without an address", ui::SettingsField::Http, [](mail::Settings &s) {
        s.http = {true, QHostAddress(), 8025};
    });
    row("captured in no mailbox", ui::SettingsField::Bindings, [](mail::Settings &s) {
        s.listener.policy = mail::RecipientPolicy::Mailboxes;
        s.listener.bindings[0].captureMailbox.clear();
    });
    row("bad domain", ui::SettingsField::LocalDomains,
        [](mail::Settings &s) { s.localDomains.append(QStringLiteral("-x-")); });
    row("user as a path", ui::SettingsField::Users, [](mail::Settings &s) {
        s.users.append({QStringLiteral("../etc"), {}});
    });
    row("user twice", ui::SettingsField::Users, [](mail::Settings &s) {
        s.users.append({QStringLiteral("ALICE"), {}});
    });
    row("alias over a user", ui::SettingsField::Aliases,
        [](mail::Settings &s) { s.aliases[0].name = QStringLiteral("bob"); });
    row("alias to nowhere", ui::SettingsField::Aliases,
        [](mail::Settings &s) { s.aliases[0].targets.clear(); });
    row("no waits", ui::SettingsField::RetryWaits, [](mail::Settings &s) { s.retry.waits.clear(); });
}

void PreferencesTest::findsProblems()
{
    QFETCH(const std::function<void(mail::Settings &)>, change);
    QFETCH(const int, field);
    mail::Settings changed = settings();
    change(changed);
    QVERIFY(has(ui::settingsProblems(changed), ui::SettingsField(field)));
}

void PreferencesTest::readsWaits_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("again"); // empty: not understood
    QTest::newRow("units") << QStringLiteral("30 s, 5 min,2h, 1 d")
                           << QStringLiteral("30 s, 5 min, 2 h, 1 d");
    QTest::newRow("minutes") << QStringLiteral("15") << QStringLiteral("15 min");
    QTest::newRow("zero") << QStringLiteral("0 min") << QString();
    QTest::newRow("words") << QStringLiteral("soon") << QString();
    QTest::newRow("negative") << QStringLiteral("-5 min") << QString();
}

void PreferencesTest::readsWaits()
{
    QFETCH(const QString, text);
    QFETCH(const QString, again);
    const auto waits = ui::parseWaits(text);
    QCOMPARE(waits.has_value(), !again.isEmpty());
    if (waits)
        QCOMPARE(ui::waitsText(*waits), again);
}

void PreferencesTest::readsServerAddresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("port");
    const auto row = [](const char *text, const char *address, int port) {
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(address) << port;
    };
    row("", "", 53);
    row("192.0.2.53", "192.0.2.53", 53);
    row("192.0.2.53:5353", "192.0.2.53", 5353);
    row("2001:db8::53", "2001:db8::53", 53);
    row("[2001:db8::53]:5353", "2001:db8::53", 5353);
    row("192.0.2.53:0", "", 0);
    row("192.0.2.53:99999", "", 0);
    row("ns.example.org", "", 0);
}

void PreferencesTest::readsServerAddresses()
{
    QFETCH(QString, text);
    const auto [address, port] = ui::parseServerAddress(text, 53);
    QTEST(address.isNull() ? QString() : address.toString(), "address");
    QTEST(int(port), "port");
    if (port != 0)
        QCOMPARE(ui::serverAddressText(address, port, 53), text);
}

void PreferencesTest::encryptionMovesTheSmarthostsPort_data()
{
    using Kind = mail::OutgoingRoute::Kind;
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<int>("port");
    QTest::newRow("smarthost") << Kind::Smarthost << 465;
    QTest::newRow("exchangers") << Kind::Direct << 25;
}

void PreferencesTest::encryptionMovesTheSmarthostsPort()
{
    QFETCH(const mail::OutgoingRoute::Kind, kind);
    mail::Settings changed = settings();
    changed.route.kind = kind;
    changed.route.port = 25;
    ui::OutgoingPage page;
    page.load(changed);
    auto *tls = page.findChild<QComboBox *>();
    test::choose(*tls, tls->findData(int(smtp::TlsMode::Implicit)));
    page.store(changed);
    QTEST(int(changed.route.port), "port");
}

void PreferencesTest::warnsOfAnOpenBinding()
{
    ui::ListenerPage page;
    page.load(settings());
    QVERIFY(page.warning()->isHidden());
    page.bindings()->table()->item(0, 0)->setText(QStringLiteral("0.0.0.0"));
    QVERIFY(!page.warning()->isHidden());
    QVERIFY(page.warning()->words().contains(QStringLiteral("0.0.0.0:2525")));
    page.bindings()->table()->item(0, 0)->setText(QStringLiteral("127.0.0.1"));
    QVERIFY(page.warning()->isHidden());
}

void PreferencesTest::showsTheCertificateInUse()
{
    ui::ListenerPage page;
    mail::CertificateFacts facts{QStringLiteral("mail.example.org"), QByteArray::fromHex("00a1ff"), 0, true};
    page.showCertificate(facts);
    QVERIFY2(page.certificateText().contains(QStringLiteral("SHA-256 00:A1:FF")),
        qPrintable(page.certificateText()));
    QVERIFY(page.certificateText().startsWith(QStringLiteral("mail.example.org, self-signed")));
    facts.isSelfSigned = false;
    page.showCertificate(facts);
    QVERIFY(!page.certificateText().contains(QStringLiteral("self-signed")));

    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    ui::Preferences dialog(system.settings(), system.outbox(), system.listener());
    auto *own = static_cast<ui::ListenerPage *>(dialog.page(ui::Preferences::Page::Listener));
    QTRY_VERIFY_WITH_TIMEOUT(own->certificateText().contains(QStringLiteral("SHA-256")), 20000);
}

void PreferencesTest::saysAProblemThenApplies()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    ui::Preferences dialog(system.settings(), system.outbox(), system.listener());
    dialog.show();
    auto *users = static_cast<ui::MailboxesPage *>(dialog.page(ui::Preferences::Page::Mailboxes))->users();
    QVERIFY(!dialog.applyButton()->isEnabled());
    users->addRow();
    const int row = users->table()->rowCount() - 1;
    users->table()->item(row, 0)->setText(QStringLiteral("a/b"));
    QVERIFY(dialog.applyButton()->isEnabled());
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    QVERIFY(users->isVisible()); // its page came into sight
    QVERIFY(system.settings().value().users.constLast().name != QStringLiteral("a/b"));

    users->table()->item(row, 0)->setText(QStringLiteral("carol"));
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(
        system.settings().value().users.constLast().name, QStringLiteral("carol"), 20000);
    QTRY_VERIFY(!dialog.bar()->isHidden());
    QCOMPARE(dialog.bar()->kind(), ui::InlineBar::Kind::Success);
}

void PreferencesTest::keepsACertificateAcceptedMeanwhile()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    ui::Preferences dialog(system.settings(), system.outbox(), system.listener());
    dialog.show();
    auto *users = static_cast<ui::MailboxesPage *>(dialog.page(ui::Preferences::Page::Mailboxes))->users();
    users->addRow();
    users->table()->item(users->table()->rowCount() - 1, 0)->setText(QStringLiteral("carol"));
    const mail::AcceptedCertificate accepted{QStringLiteral("mx.example.org"), QStringLiteral("00ff")};
    system.certificates().decide(accepted, mail::CertificateDecision::AcceptForGood);
    const auto had = [&system] { return system.settings().value().acceptedCertificates; };
    QTRY_COMPARE_WITH_TIMEOUT(had(), QList<mail::AcceptedCertificate>{accepted}, 20000);

    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(
        system.settings().value().users.constLast().name, QStringLiteral("carol"), 20000);
    QCOMPARE(had(), QList<mail::AcceptedCertificate>{accepted});

    // It is shown now, and goes when it is removed here.
    auto *shown = dialog.page(ui::Preferences::Page::Outgoing)->findChild<ui::EditableTable *>();
    QTRY_COMPARE_WITH_TIMEOUT(shown->table()->rowCount(), 1, 20000);
    shown->table()->setCurrentCell(0, 0);
    shown->removeRow();
    QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(had().isEmpty(), 20000);
}

QTEST_MAIN(PreferencesTest)
#include "tst_preferences.moc"
