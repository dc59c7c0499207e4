#include "mail/message/htmlcleaner.h"
#include "mail/message/messageview.h"
#include "mail/routing/authfile.h"
#include "mail/routing/recipientroute.h"
#include "mail/routing/router.h"
#include "mail/settings/settingsfile.h"
#include "smtp/session/saslserver.h"

#include <QFile>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

Settings sampleSettings()
{
    Settings s;
    s.hostName = QStringLiteral("laptop.example");
    s.localDomains = {QStringLiteral("Example.ORG"), QStringLiteral("bücher.example")};
    s.users = {{QStringLiteral("alice"), QStringLiteral("Alice A")},
        {QStringLiteral("bob"), QStringLiteral("Bob B")}};
    const auto alias = [](const char16_t *name, Alias::Kind kind, const QStringList &targets) {
        return Alias{QString::fromUtf16(name), kind, targets};
    };
    s.aliases = {alias(u"info", Alias::Kind::Alias, {QStringLiteral("alice")}),
        alias(u"team", Alias::Kind::List,
            {QStringLiteral("alice"), QStringLiteral("bob"), QStringLiteral("x@far.example")}),
        alias(u"old", Alias::Kind::Forward, {QStringLiteral("new@far.example")}),
        alias(u"loop", Alias::Kind::Alias, {QStringLiteral("loop2")}),
        alias(u"loop2", Alias::Kind::Alias, {QStringLiteral("loop")}),
        alias(u"bob", Alias::Kind::Alias, {QStringLiteral("bob"), QStringLiteral("info")})};
    return s;
}

} // namespace

class TestRouting : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void routes_data();
    void routes();
    void saysTheRoute_data();
    void saysTheRoute();
    void expandsAndVerifies();
    void keepsSettings();
    void keepsAMailboxToCaptureIn();
    void namesBadKeys_data();
    void namesBadKeys();
    void readsUsers();
    void namesFilesSafely_data();
    void namesFilesSafely();
    void unknownUsers_data();
    void unknownUsers();
    void cleansHtml_data();
    void cleansHtml();
    void makesTextOfHtml();
};

void TestRouting::routes_data()
{
    QTest::addColumn<QByteArray>("local");
    QTest::addColumn<QByteArray>("domain");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QStringList>("users");
    using Kind = Destination::Kind;
    const auto row
        = [](const char *name, const char *local, const char *domain, Kind kind, const QStringList &users) {
              QTest::newRow(name) << QByteArray(local) << QByteArray(domain) << int(kind) << users;
          };
    const QStringList alice = {QStringLiteral("alice")},
                      both = {QStringLiteral("alice"), QStringLiteral("bob")};
    row("user", "alice", "example.org", Kind::Local, alice);
    row("case", "ALICE", "EXAMPLE.org", Kind::Local, alice);
    row("detail", "alice+news", "localhost", Kind::Local, alice);
    row("quoted", "\"alice\"", "example.org", Kind::Local, alice);
    row("host", "alice", "laptop.example", Kind::Local, alice);
    row("IDN as A-label", "alice", "xn--bcher-kva.example", Kind::Local, alice);
    row("IDN as U-label", "alice",
        "b\xC3\xBC"
        "cher.example",
        Kind::Local, alice);
    row("loopback literal", "alice", "[127.0.0.1]", Kind::Local, alice);
    row("IPv6 loopback literal", "alice", "[IPv6:::1]", Kind::Local, alice);
    row("S27 postmaster", "PostMaster", "", Kind::Local, alice);
    row("S27 postmaster here", "postmaster", "example.org", Kind::Local, alice);
    row("alias", "info", "example.org", Kind::Local, alice);
    row("alias of its own name", "bob", "example.org", Kind::Local,
        {QStringLiteral("bob"), QStringLiteral("alice")});
    row("list", "team", "example.org", Kind::Local, {QStringLiteral("alice"), QStringLiteral("bob")});
    row("list's owner", "owner-team", "example.org", Kind::Local, alice);
    row("forward", "old", "example.org", Kind::Forwarded, {});
    row("loop", "loop", "example.org", Kind::Loop, {});
    row("unknown", "zoe", "example.org", Kind::NoSuchUser, {});
    row("remote", "alice", "far.example", Kind::Remote, {});
    row("other literal", "alice", "[192.0.2.1]", Kind::Remote, {});
}

void TestRouting::routes()
{
    QFETCH(QByteArray, local);
    QFETCH(QByteArray, domain);
    QFETCH(int, kind);
    QFETCH(QStringList, users);
    const Destination destination = Router(sampleSettings()).destination({local, domain});
    QCOMPARE(int(destination.kind), kind);
    QStringList found;
    for (const FolderId &folder : destination.folders)
        found += folder.user;
    found.sort();
    users.sort();
    QCOMPARE(found, users);
}

void TestRouting::saysTheRoute_data()
{
    QTest::addColumn<QString>("recipient");
    QTest::addColumn<bool>("isLocal");
    QTest::addColumn<QStringList>("domains");
    const QStringList none;
    const QStringList far = {QStringLiteral("far.example")};
    QTest::newRow("user") << QStringLiteral("alice@example.org") << true << none;
    QTest::newRow("user without a domain") << QStringLiteral("Alice") << true << none;
    QTest::newRow("alias") << QStringLiteral("info@laptop.example") << true << none;
    QTest::newRow("literal of this machine") << QStringLiteral("alice@[127.0.0.1]") << true << none;
    QTest::newRow("list, here and elsewhere") << QStringLiteral("team@example.org") << true << far;
    QTest::newRow("forwarded") << QStringLiteral("old@example.org") << false << far;
    QTest::newRow("forwarded, without a domain") << QStringLiteral("old") << false << far;
    QTest::newRow("remote") << QStringLiteral("bob@far.example") << false << far;
    QTest::newRow("another machine's literal")
        << QStringLiteral("bob@[192.0.2.1]") << false << QStringList{QStringLiteral("[192.0.2.1]")};
    QTest::newRow("nobody here") << QStringLiteral("nobody@example.org") << false << none;
    QTest::newRow("nobody, without a domain") << QStringLiteral("nobody") << false << none;
    QTest::newRow("a loop of aliases") << QStringLiteral("loop@example.org") << false << none;
    QTest::newRow("malformed") << QStringLiteral("no address@") << false << none;
    QTest::newRow("two words") << QStringLiteral("two words") << false << none;
    QTest::newRow("nothing") << QString() << false << none;
}

void TestRouting::saysTheRoute()
{
    QFETCH(QString, recipient);
    QFETCH(bool, isLocal);
    QFETCH(QStringList, domains);
    Settings settings = sampleSettings();
    settings.route.kind = OutgoingRoute::Kind::Smarthost;
    settings.route.host = QStringLiteral("smtp.example.com");
    const RecipientRoute route = routeFor(recipient, settings);
    QCOMPARE(route.isLocal, isLocal);
    QCOMPARE(route.domains, domains);
    QCOMPARE(route.route, domains.isEmpty() ? OutgoingRoute() : settings.route);
}

void TestRouting::expandsAndVerifies()
{
    const Router router(sampleSettings());
    QCOMPARE(router.members(QStringLiteral("Team")).size(), 3);
    QVERIFY(router.members(QStringLiteral("info")).isEmpty());
    const Destination team = router.destination({"team", "example.org"});
    QCOMPARE(team.remote, (QList<smtp::Mailbox>{{"x", "far.example"}}));
    QCOMPARE(team.owner, QByteArray("owner-team@laptop.example"));
    QCOMPARE(router.verify("alice").mailbox.toBytes(), QByteArray("alice@laptop.example"));
    QCOMPARE(router.verify("<alice@example.org>").mailbox.toBytes(), QByteArray("alice@example.org"));
    QCOMPARE(router.verify("Bob B").mailbox.toBytes(), QByteArray("bob@laptop.example"));
    QCOMPARE(router.verify("zoe").kind, Verification::Kind::Unknown);
    QCOMPARE(router.verify("a@far.example").kind, Verification::Kind::Elsewhere);
}

void TestRouting::keepsSettings()
{
    QTemporaryDir folder;
    QCOMPARE(loadSettings(folder.path()).error().code, ErrorCode::NotFound);
    Settings odd = sampleSettings();
    odd.htmlEngine = HtmlEngine::WebEngine;
    odd.remotePictures = PictureLoading::Always;
    odd.picturesFrom = {QStringLiteral("news@example.org"), QStringLiteral("shop@example.com")};
    odd.users[0].fullName = QStringLiteral("  Ünï \\ \n[x] = # \t");
    odd.listener.bindings.clear();
    odd.listener.enabled = false;
    odd.http = {true, QHostAddress(QHostAddress::LocalHostIPv6), 0};
    odd.retry.waits = {std::chrono::seconds(90), std::chrono::hours(2)};
    odd.retry.delayAfter = std::chrono::seconds(0);
    odd.limits = {3, 2, 1, 600};
    odd.listener.handOn = OutgoingRoute();
    odd.listener.handOn->kind = OutgoingRoute::Kind::Smarthost;
    odd.listener.handOn->protocol = smtp::ClientProtocol::Lmtp;
    odd.listener.handOn->host = QStringLiteral("/run/lmtp");
    odd.route.nameserver = QHostAddress(QStringLiteral("::1"));
    odd.route.nameserverPort = 5353;
    odd.route.dane = smtp::TlsPolicyUse::Off;
    odd.route.mtaSts = smtp::TlsPolicyUse::Off;
    odd.route.mtaStsPort = 8443;
    odd.route.authorityFile = QStringLiteral("/etc/own-ca.pem");
    odd.route.trustAnchorFile = QStringLiteral("/etc/anchor.key");
    odd.route.kind = OutgoingRoute::Kind::Smarthost;
    odd.route.host = QStringLiteral("relay.example");
    Settings guarded = sampleSettings();
    guarded.listener.mechanisms = QStringList{QStringLiteral("PLAIN"), QStringLiteral("ANONYMOUS")};
    guarded.listener.tlsMinimum = smtp::TlsPolicy::Version::Tls13;
    guarded.listener.tlsCiphers = QStringLiteral("TLS_AES_256_GCM_SHA384");
    guarded.listener.clientAuthorityFile = QStringLiteral("/etc/clients.pem");
    guarded.listener.trustedPeers = QStringList{QStringLiteral("192.0.2.0/24"), QStringLiteral("::1")};
    guarded.listener.captureRule = {CaptureRule::By::Header, QStringLiteral("X-Project")};
    guarded.listener.mostInboxes = 7;
    guarded.listener.bindings[0].unixPath = QStringLiteral("/run/glass post.sock");
    guarded.listener.rejectedRecipients = QStringList{QStringLiteral("*@a.test"), QStringLiteral("?@*")};
    guarded.listener.discardedRecipients = QStringList{QStringLiteral("#x@b.test")};
    guarded.listener.allowedClients = QStringList{QStringLiteral("192.0.2.0/24")};
    guarded.listener.retention = {500, std::chrono::hours(36), 1'000'000'000'000};
    guarded.folders
        = {{QStringLiteral("alice"), QStringLiteral("Lists.qt"), {20, std::chrono::hours(48), 7}, {}},
            {QStringLiteral("shop"), {}, {}, QStringLiteral("teal")},
            {QStringLiteral("blog"), {}, {0, {}, 1}, QStringLiteral("#0a1b2c")}};
    guarded.listener.limits.mailsPerSession = 7;
    guarded.listener.limits.errors = 3;
    guarded.listener.limits.idle = std::chrono::seconds(45);
    guarded.listener.limits.errorDelay = std::chrono::seconds(0);
    guarded.listener.limits.longestHold = std::chrono::hours(2);
    guarded.listener.signIn = SignInPolicy::Anybody;
    guarded.listener.clearSignIn = smtp::ClearAuth::Anywhere;
    guarded.listener.paths = PathPolicy::Tolerant;
    guarded.listener.bareLineFeeds = smtp::BareLineFeeds::Marked;
    guarded.timeouts.greeting = std::chrono::seconds(90);
    guarded.timeouts.dataTermination = std::chrono::minutes(20);
    guarded.listener.extensions
        = {false, false, false, false, false, true, false, false, false, false, false};
    guarded.listener.bindings = {ListenerBinding()};
    guarded.listener.bindings[0].clientCertificate = smtp::ClientCertificate::Required;
    guarded.listener.bindings[0].proxyHeaders = smtp::ProxyHeaders::Expected;
    for (const Settings &settings : {sampleSettings(), odd, guarded, Settings::forFirstStart()}) {
        QVERIFY(saveSettings(folder.path(), settings));
        Settings expected = settings;
        for (LocalUser &user : expected.users)
            user.fullName.replace(u'\t', user.fullName.endsWith(u'\t') ? u' ' : u'\t');
        QCOMPARE(loadSettings(folder.path()).value(), expected);
    }
    const QFile file(folder.filePath(QStringLiteral("settings.ini")));
    QCOMPARE(
        file.permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
        QFile::Permissions());
    QVERIFY(!saveSettings(folder.filePath(QStringLiteral("none")), odd));
}

void TestRouting::keepsAMailboxToCaptureIn()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("settings.ini")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[binding]\ncapture-mailbox =\n");
    file.close();
    const Result<Settings> settings = loadSettings(folder.path());
    QVERIFY(settings);
    QCOMPARE(settings->listener.bindings.value(0).captureMailbox, QStringLiteral("captured"));
}

void TestRouting::namesBadKeys_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("subject");
    const auto row = [](const char *content, const char16_t *subject) {
        QTest::newRow(content) << QByteArray(content) << QString::fromUtf16(subject);
    };
    row("[general]\nhop-limit = many\n", u"general.hop-limit");
    row("[general]\nhop-limti = 3\n", u"general.hop-limti");
    row("[listener]\npolicy = all\n", u"listener.policy");
    row("[binding]\nport = 70000\n", u"binding.port");
    row("[binding]\naddress = here\n", u"binding.address");
    row("[http]\nport = 70000\n", u"http.port");
    row("[http]\naddress = here\n", u"http.address");
    row("[retry]\nwait = soon\n", u"retry.wait");
    row("[retry]\ntell-delay-after = later\n", u"retry.tell-delay-after");
    row("[limits]\nconnections = 0\n", u"limits.connections");
    row("[folder]\nmailbox = alice\ncolor = mauve\n", u"folder.color");
    row("[folder]\nmailbox = alice\nkeep-messages = -1\n", u"folder.keep-messages");
    row("[folder]\nname = Lists\n", u"folder.mailbox");
    row("[hand-on]\nport = 24\n", u"hand-on.host");
    row("[hand-on]\nhost = lmtp.example\nprotocol = lmtp\n", u"hand-on.protocol");
    row("[route]\nkind = smarthost\n", u"route.host");
    row("[user]\nname = a@b\n", u"user.name");
    row("[nonsense]\n", u"nonsense");
    row("hello\n", u"line 1");
}

void TestRouting::namesBadKeys()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, subject);
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("settings.ini")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    const Result<Settings> settings = loadSettings(folder.path());
    QVERIFY(!settings);
    QCOMPARE(settings.error().code, ErrorCode::BadSettings);
    QCOMPARE(settings.error().subject, subject);
}

void TestRouting::readsUsers()
{
    const QByteArray key(32, 'k');
    const QByteArray line = "carol:{SCRAM-SHA-256}4096," + QByteArray("salt").toBase64() + ','
        + key.toBase64() + ',' + key.toBase64() + "\n";
    auto file = AuthFile::parse("# users\r\nbob:pass:word\r\n\n" + line, QStringLiteral("f"));
    QVERIFY(file);
    QVERIFY((*file)->keysFor("bob").has_value());
    QCOMPARE(
        (*file)->keysFor("carol"), (std::optional<smtp::ScramKeys>(smtp::ScramKeys{"salt", 4096, key, key})));
    QVERIFY(!(*file)->keysFor("zoe").has_value());
    QCOMPARE(
        (*file)->mechanisms(), (QList<QByteArray>{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN"}));
    const QByteArray sha1(20, 's');
    const QByteArray token = QCryptographicHash::hash("t0ken", QCryptographicHash::Sha256).toHex(':');
    auto other = AuthFile::parse("dave:{SCRAM-SHA-1}4096,c2FsdA==," + sha1.toBase64() + ',' + sha1.toBase64()
            + "\ndave:{CERT-SHA-256}" + QByteArray(64, 'a') + "\ndave:{TOKEN-SHA-256}" + token + "\n",
        QStringLiteral("f"));
    QVERIFY(other);
    QCOMPARE((*other)->mechanisms(),
        (QList<QByteArray>{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "EXTERNAL", "OAUTHBEARER", "XOAUTH2"}));
    QCOMPARE((*other)->sha1KeysFor("dave"),
        (std::optional<smtp::ScramKeys>(smtp::ScramKeys{"salt", 4096, sha1, sha1})));
    QVERIFY((*other)->tokenFits("dave", "t0ken"));
    QVERIFY(!(*other)->tokenFits("dave", "token"));
    QVERIFY(!(*other)->tokenFits("bob", "t0ken"));
    QVERIFY((*other)->userOf(QSslCertificate()).isEmpty());
    for (const char *bad : {"nocolon", ":x", "a:", "a:{SCRAM-SHA-256}1,2",
             "a:{SCRAM-SHA-256}0,YQ==,YQ==,YQ==", "a:{SCRAM-SHA-1}4096,YQ==,YQ==,YQ==", "a:{CERT-SHA-256}abc",
             "a:{TOKEN-SHA-256}"}) {
        const auto wrong = AuthFile::parse(bad, QStringLiteral("f"));
        QVERIFY2(!wrong, bad);
        QCOMPARE(wrong.error().code, ErrorCode::BadSettings);
    }
}

void TestRouting::namesFilesSafely_data()
{
    QTest::addColumn<QString>("proposed");
    QTest::addColumn<QString>("safe");
    const auto row = [](const char16_t *proposed, const char16_t *safe) {
        QTest::newRow(qPrintable(QString::fromUtf16(proposed)))
            << QString::fromUtf16(proposed) << QString::fromUtf16(safe);
    };
    row(u"a.txt", u"a.txt");
    row(u"Übersicht 日本.pdf", u"Übersicht 日本.pdf");
    row(u"../../etc/passwd", u"passwd");
    row(u"/abs/x", u"x");
    row(u"C:\\dir\\evil.exe", u"evil.exe");
    row(u"C:evil.exe", u"evil.exe");
    row(u"..", u"attachment");
    row(u"", u"attachment");
    row(u".bashrc", u"bashrc");
    row(u"CON.txt", u"_CON.txt");
    row(u"lpt1", u"_lpt1");
    row(u"a\nb", u"a_b");
    row(u"-rf", u"rf");
    QTest::newRow("F22 a mark of direction")
        << QStringLiteral("ABC\u202Etxt.exe") << QStringLiteral("ABC_txt.exe");
    QTest::newRow("NUL") << QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b") << QStringLiteral("a_b");
    QTest::newRow("300") << QString(300, u'x') + QStringLiteral(".txt")
                         << QString(146, u'x') + QStringLiteral(".txt");
    QTest::newRow("300 of three octets") << QString(300, u'日') << QString(50, u'日');
}

void TestRouting::namesFilesSafely()
{
    QFETCH(QString, proposed);
    QFETCH(QString, safe);
    QCOMPARE(safeFileName(proposed), safe);
}

void TestRouting::cleansHtml_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("clean");
    const auto row = [](const char *name, const char16_t *html, const char16_t *clean) {
        QTest::newRow(name) << QString::fromUtf16(html) << QString::fromUtf16(clean);
    };
    row("text", u"a < b & c", u"a &lt; b & c");
    row("kept", u"<p align=center><b>x</b></p>", u"<p align=\"center\"><b>x</b></p>");
    row("closed", u"<ul><li>x", u"<ul><li>x</li></ul>");
    row("T107 items that are not closed", u"<ul><li>x<li>y<ul><li>z</ul></ul>",
        u"<ul><li>x</li><li>y<ul><li>z</li></ul></li></ul>");
    row("T107 rows and cells that are not closed", u"<table><tr><td>x<td>y<tr><td>z",
        u"<table><tr><td>x</td><td>y</td></tr><tr><td>z</td></tr></table>");
    row("T107 paragraphs that are not closed", u"<p>x<p>y<b>z</b>", u"<p>x</p><p>y<b>z</b></p>");
    row("T91 numbers",
        u"<table border=21 cellpadding=99999999 cellspacing=-99999999 width=100%><tr><td colspan=20000>x",
        u"<table width=\"100%\"><tr><td>x</td></tr></table>");
    row("T91 numbers in style", u"<p style='margin:99999px;font-size:201pt;color:#112233;padding:1px'>x</p>",
        u"<p style=\"color:#112233;padding:1px;\">x</p>");
    // Of 22, the innermost two are lines of their own.
    const QString opened = QStringLiteral("<table><tr><td>"), closed = QStringLiteral("</td></tr></table>");
    QTest::newRow("T101 tables in tables")
        << opened.repeated(22) + u'x' + QStringLiteral("</table>").repeated(22)
        << opened.repeated(20) + QStringLiteral("<br><br>x") + closed.repeated(20);
    row("stray close", u"x</div></b>", u"x");
    row("script", u"a<script>alert(1)</script>b", u"ab");
    row("script never closed", u"a<script>alert(1)", u"a");
    row("handler", u"<b onmouseover=x>a</b>", u"<b>a</b>");
    row("style sheet", u"<style>@import url(x);p{color:red}</style>a", u"a");
    row("comment", u"a<!-- <b> -->b", u"ab");
    row("conditional comment", u"<!--[if mso]><table><![endif]-->a", u"a");
    row("F20 img", u"<img src=http://x/ alt='A cat'>", u"A cat");
    row("F20 css url", u"<p style=\"background:url(x);color:red;background-color:u\\72l(x)\">a</p>",
        u"<p style=\"color:red;\">a</p>");
    row("F20 background", u"<table background=x><tr><td>a", u"<table><tr><td>a</td></tr></table>");
    row("F20 meta, link, base", u"<meta http-equiv=refresh><link rel=x href=y><base href=z>a", u"a");
    row("F20 svg", u"<svg><image href=x></svg>a", u"a");
    row("F20 iframe", u"<iframe srcdoc='<img src=x>'>y</iframe>a", u"a");
    row("form", u"<form action=x><input name=y>a<button>b</button></form>", u"ab");
    row("link", u"<a href='https://x.example/?a=1&amp;b=2' target=_top>a</a>",
        u"<a href=\"https://x.example/?a=1&amp;b=2\">a</a>");
    row("javascript link", u"<a href=javascript:x>a</a>", u"<a>a</a>");
    row("javascript in disguise", u"<a href='java&#10;script&colon;x'>a</a>", u"<a>a</a>");
    row("data link", u"<a href=data:text/html,x>a</a>", u"<a>a</a>");
    row("quote in value", u"<a href='https://x/\"onclick=\"y'>a</a>",
        u"<a href=\"https://x/&quot;onclick=&quot;y\">a</a>");
    row("split tag", u"<scr<b>ipt>x", u"ipt&gt;x");
    row("tag never ends", u"a<b x='", u"a");
}

void TestRouting::cleansHtml()
{
    QFETCH(QString, html);
    QFETCH(QString, clean);
    QCOMPARE(cleanHtml(html), clean);
    QCOMPARE(cleanHtml(clean), clean);
}

void TestRouting::makesTextOfHtml()
{
    QCOMPARE(htmlToText(QStringLiteral(
                 "<h1>T</h1><p>a&nbsp;&amp;\n b</p><ul><li>x<li>y</ul><a href='https://z/'>here</a>"
                 "<script>no</script>")),
        QStringLiteral("T\n\na & b\n\n- x\n- y\nhere <https://z/>\n"));
    QCOMPARE(htmlToText(QStringLiteral("<pre>a\n  b</pre>")), QStringLiteral("a\n  b\n"));
}

void TestRouting::unknownUsers_data()
{
    QTest::addColumn<QByteArray>("users");
    QTest::addColumn<QList<int>>("counts");
    const QByteArray key = QByteArray(32, 'k').toBase64();
    const auto line = [&](const char *user, int count, qsizetype salt) {
        return QByteArray(user) + ":{SCRAM-SHA-256}" + QByteArray::number(count) + ','
            + QByteArray(salt, 's').toBase64() + ',' + key + ',' + key + '\n';
    };
    QTest::newRow("T115 4,096 rounds") << line("alice", 4096, 12) << QList<int>{4096};
    QTest::newRow("T115 many rounds, a long salt") << line("alice", 200000, 80) << QList<int>{200000};
    QTest::newRow("T115 two kinds") << line("alice", 4096, 16) + line("carol", 20000, 16)
                                    << QList<int>{4096, 20000};
    QTest::newRow("T115 a password") << QByteArray("alice:secret\n") << QList<int>{10000};
}

/// Count, size of the salt and work are those of somebody who is there, for SCRAM and for PLAIN.
void TestRouting::unknownUsers()
{
    QFETCH(QByteArray, users);
    QFETCH(QList<int>, counts);
    const auto file = AuthFile::parse(users, QStringLiteral("users"));
    QVERIFY(file);
    const auto known = (*file)->keysFor("alice");
    QVERIFY(known);
    QSet<int> drawn;
    for (int i = 0; i < 100; ++i) {
        const QByteArray who = "nobody" + QByteArray::number(i);
        const auto shapes = (*file)->shapes(smtp::ScramHash::Sha256);
        const smtp::ScramKeys keys = smtp::nobodysScramKeys(who, smtp::ScramHash::Sha256, shapes);
        QCOMPARE(keys, smtp::nobodysScramKeys(who, smtp::ScramHash::Sha256, shapes));
        QCOMPARE(keys.salt.size(), known->salt.size());
        drawn.insert(keys.iterations);
        const smtp::SaslParty party{**file, {}, QSslCertificate(), (*file)->mechanisms(), 0};
        const auto plain = smtp::SaslServer::make("PLAIN", party);
        const auto result = plain->step('\0' + who + QByteArray("\0guess", 6));
        QCOMPARE(result.status, smtp::SaslServer::Status::Derive);
        QCOMPARE(result.request.iterations, keys.iterations);
        QCOMPARE(result.request.salt.size(), known->salt.size());
    }
    QCOMPARE(drawn, QSet<int>(counts.begin(), counts.end()));
}

QTEST_GUILESS_MAIN(TestRouting)
#include "tst_routing.moc"
