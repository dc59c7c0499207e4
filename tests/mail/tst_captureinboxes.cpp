#include "mail/accept/captureinboxes.h"
#include "mail/base/posix.h"
#include "mail/maildir/capturemark.h"
#include "mail/routing/capturefiling.h"
#include "mail/routing/plan.h"

#include <QtTest>

#include <fcntl.h>

using namespace glasspost;
using namespace glasspost::mail;

/// Which Inboxes captured mail goes to, and which of them may be made.
class CaptureInboxesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesInboxes_data();
    void namesInboxes();
    void namesAreHarmless();
    void readsRules_data();
    void readsRules();
    void matchesPatterns_data();
    void matchesPatterns();
    void plansDiscarded();
    void boundsTheirNumber();
    void leavesPeoplesMailboxesAlone();
    void knowsItsOwnAgain();
    void asksTheDiskOfNewNames();
    void usersAreNoInboxes();
    void forgetsWhatFailed();
    void claimsWhatBindingsMake();
    void othersKnowThemByTheirMark();
};

namespace {

const FolderId fallback{QStringLiteral("captured"), {}};

FolderId inbox(const char *name)
{
    return {QString::fromUtf8(name), {}};
}

/// As a client sent it: "a@b.test c@d.test" to, with a header.
IncomingMessage messageTo(const QByteArray &recipients, const QByteArray &header = {})
{
    IncomingMessage message;
    message.origin = IncomingMessage::Origin::Session;
    message.folder = fallback;
    message.session.user = "Bob@Shop.test";
    message.session.peerAddress = QHostAddress(QStringLiteral("192.0.2.7"));
    message.content = MessageOctets(header + "\nText\n");
    for (const QByteArray &address : recipients.split(' ')) {
        const qsizetype at = address.lastIndexOf('@');
        message.envelope.recipients.append(
            {at < 0 ? smtp::Mailbox{address, {}} : smtp::Mailbox{address.left(at), address.mid(at + 1)}, {},
                {}});
    }
    return message;
}

QString namesOf(const QList<FolderId> &folders)
{
    QStringList names;
    for (const FolderId &folder : folders)
        names += folder.folder.isEmpty() ? folder.user : folder.user + u'/' + folder.folder;
    return names.join(u' ');
}

} // namespace

void CaptureInboxesTest::namesInboxes_data()
{
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QByteArray>("recipients");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("inboxes");
    const auto row = [](const char *name, const char *rule, const char *recipients, const char *header,
                         const char *inboxes) {
        QTest::newRow(name) << QString::fromLatin1(rule) << QByteArray(recipients) << QByteArray(header)
                            << QString::fromUtf8(inboxes);
    };
    row("binding", "binding", "a+x@b.test", "X-P: y\n", "captured");
    row("sign-in", "sign-in", "a@b.test", "", "bob@shop.test");
    row("client", "client", "a@b.test", "", "192.0.2.7");
    row("domain", "domain", "a@B.test", "", "b.test");
    row("domains, each once", "domain", "a@b.test c@d.test e@B.TEST", "", "b.test d.test");
    row("no domain", "domain", "postmaster", "", "captured");
    row("tag", "tag", "a+Shop@b.test", "", "shop");
    row("a tag with a plus", "tag", "a+shop+1@b.test", "", "shop+1");
    row("some without a tag", "tag", "a+shop@b.test c@b.test", "", "shop captured");
    row("an empty tag", "tag", "a+@b.test", "", "captured");
    row("field", "header:X-Project", "a@b.test", "Subject: x\nx-project:  Web shop \n", "web_shop");
    row("field, CRLF", "header:X-Project", "a@b.test", "X-Project: web\r\nSubject: x\r\n\r\n", "web");
    row("no field", "header:X-Project", "a@b.test", "Subject: x\n", "captured");
    row("a field below the header", "header:X-Project", "a@b.test", "Subject: x\n\nX-Project: no\n",
        "captured");
}

void CaptureInboxesTest::namesInboxes()
{
    QFETCH(QString, rule);
    QFETCH(QByteArray, recipients);
    QFETCH(QByteArray, header);
    const auto folders = captureFolders(captureRuleFrom(rule).value(), messageTo(recipients, header));
    QTEST(namesOf(folders), "inboxes");
}

void CaptureInboxesTest::namesAreHarmless()
{
    IncomingMessage message = messageTo("a@b.test");
    const auto named = [&message](const QByteArray &user) {
        message.session.user = user;
        return captureFolders({CaptureRule::By::SignIn, {}}, message).constFirst().user;
    };
    QCOMPARE(named("../../etc/passwd"), QStringLiteral("_._.._etc_passwd"));
    QCOMPARE(named(".hidden"), QStringLiteral("_hidden"));
    QCOMPARE(named("-rf"), QStringLiteral("_rf"));
    QCOMPARE(named(QByteArray("a\0b\nc\x1b[2J", 9)), QStringLiteral("a_b_c__2j"));
    QCOMPARE(named("caf\xc3\xa9"), QStringLiteral("caf\u00e9"));
    QCOMPARE(named("\xff\xfe"), QStringLiteral("__"));
    QCOMPARE(named(QByteArray(5000, 'x')).size(), 64);
    QCOMPARE(named("  "), QStringLiteral("captured"));
}

void CaptureInboxesTest::readsRules_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("isRule");
    for (const char *words : {"binding", "sign-in", "domain", "tag", "client", "header:X-Project"})
        QTest::newRow(words) << QString::fromLatin1(words) << true;
    for (const char *words :
        {"", "Domain", "header", "header:", "header:a b", "header:a:", "header:\xc3\xa9"})
        QTest::newRow(words) << QString::fromUtf8(words) << false;
}

void CaptureInboxesTest::readsRules()
{
    QFETCH(QString, words);
    const auto rule = captureRuleFrom(words);
    QTEST(rule.has_value(), "isRule");
    if (rule)
        QCOMPARE(wordsOf(*rule), words);
}

void CaptureInboxesTest::matchesPatterns_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char *pattern, const char *address, bool matches) {
        QTest::addRow("%s, %s", pattern, address)
            << QString::fromUtf8(pattern) << QByteArray(address) << matches;
    };
    row("*@a.test", "b@a.test", true);
    row("*@a.test", "B@A.TEST", true);
    row("*@a.test", "b@a.test.org", false);
    row("*@a.test", "b@aXtest", false);
    row("a/*@b.test", "a/b/c@b.test", true);
    row("b@*", "b@a.test", true);
    row("b@*", "bb@a.test", false);
    row("full-??@a.test", "full-01@a.test", true);
    row("full-??@a.test", "full-1@a.test", false);
    row("(b|c)@a.test", "b@a.test", false);
    row("postmaster", "postmaster", true);
    row("*", "b@a.test", true);
    row("", "b@a.test", false);
    row("j\u00fcrgen@*", "J\u00dcRGEN@a.test", true);
}

void CaptureInboxesTest::matchesPatterns()
{
    QFETCH(QString, pattern);
    QFETCH(QByteArray, address);
    const auto recipient = messageTo(address).envelope.recipients.constFirst().forwardPath;
    QTEST(RecipientPatterns({QStringLiteral("never@x.test"), pattern}).matches(recipient), "matches");
}

void CaptureInboxesTest::plansDiscarded()
{
    AcceptanceRules rules{Router(Settings()), RecipientPolicy::CatchAll, "here.test"};
    rules.captureRule.by = CaptureRule::By::Domain;
    rules.discarded = RecipientPatterns({QStringLiteral("*@load.test")});
    const Plan some = planFor(messageTo("a@load.test b@shop.test"), rules, 0);
    QVERIFY(!some.isDiscarded);
    QCOMPARE(namesOf(some.mailboxes), QStringLiteral("shop.test"));
    QVERIFY(!some.mailboxHead.contains("load.test"));
    const Plan all = planFor(messageTo("a@load.test b@LOAD.test"), rules, 0);
    QVERIFY(all.isDiscarded);
    QVERIFY(all.mailboxes.isEmpty() && all.relays.isEmpty());
    rules.policy = RecipientPolicy::Mailboxes;
    QVERIFY(!planFor(messageTo("a@load.test"), rules, 0).isDiscarded);
}

void CaptureInboxesTest::boundsTheirNumber()
{
    QTemporaryDir folder;
    Settings settings;
    settings.listener.mostInboxes = 2;
    CaptureInboxes inboxes(folder.path());
    inboxes.configure(settings);
    const CaptureInboxes::Admission first
        = inboxes.admit({inbox("a"), inbox("b"), inbox("c"), inbox("d")}, fallback);
    QCOMPARE(namesOf(first.folders), QStringLiteral("a b captured"));
    QCOMPARE(first.marks.size(), 2);
    QCOMPARE(first.marks.first().path, QStringLiteral("mail/a/captured-inbox"));
    // Until the first is durable, the mark comes with each.
    QCOMPARE(inboxes.admit({inbox("a")}, fallback).marks.size(), 1);
    inboxes.made(first.folders);
    QVERIFY(inboxes.admit({inbox("a")}, fallback).marks.isEmpty());
    QCOMPARE(
        namesOf(inboxes.admit({inbox("c"), inbox("b")}, fallback).folders), QStringLiteral("captured b"));
}

void CaptureInboxesTest::leavesPeoplesMailboxesAlone()
{
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("mail/Former/new")));
    Settings settings;
    settings.users = {{QStringLiteral("Alice"), {}}};
    CaptureInboxes inboxes(folder.path());
    inboxes.configure(settings);
    const auto admission = inboxes.admit({inbox("alice"), inbox("former"), inbox("new")}, fallback);
    QCOMPARE(namesOf(admission.folders), QStringLiteral("captured new"));
    QCOMPARE(admission.marks.size(), 1);
}

void CaptureInboxesTest::knowsItsOwnAgain()
{
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("mail/a%2Fb/new")));
    QFile mark(folder.filePath(QStringLiteral("mail/a%2Fb/captured-inbox")));
    QVERIFY(mark.open(QIODevice::WriteOnly));
    CaptureInboxes inboxes(folder.path());
    Settings settings;
    settings.listener.mostInboxes = 1;
    inboxes.configure(settings);
    QCOMPARE(inboxes.names(), QSet<QString>{QStringLiteral("a/b")});
    QCOMPARE(
        namesOf(inboxes.admit({inbox("a/b"), inbox("c")}, fallback).folders), QStringLiteral("a/b captured"));
}

/// A mailbox that came after the start, by an import, say.
void CaptureInboxesTest::asksTheDiskOfNewNames()
{
    QTemporaryDir folder;
    CaptureInboxes inboxes(folder.path());
    inboxes.configure(Settings());
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("mail/imported/new")));
    const auto admission = inboxes.admit({inbox("imported")}, fallback);
    QCOMPARE(namesOf(admission.folders), QStringLiteral("captured"));
    QVERIFY(admission.marks.isEmpty());
}

void CaptureInboxesTest::usersAreNoInboxes()
{
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("mail/shop/new")));
    QFile mark(folder.filePath(QStringLiteral("mail/shop/captured-inbox")));
    QVERIFY(mark.open(QIODevice::WriteOnly));
    CaptureInboxes inboxes(folder.path());
    QVERIFY(inboxes.configure(Settings()).isEmpty());
    QCOMPARE(inboxes.names(), QSet<QString>{QStringLiteral("shop")});
    QCOMPARE(inboxes.admit({inbox("coming")}, fallback).marks.size(), 1);
    Settings settings;
    settings.users = {{QStringLiteral("Shop"), {}}, {QStringLiteral("coming"), {}}};
    QStringList removed;
    for (const FileStep &step : inboxes.configure(settings)) {
        QCOMPARE(step.kind, FileStep::Kind::Remove);
        removed += step.path;
    }
    QCOMPARE(removed,
        (QStringList{
            QStringLiteral("mail/shop/captured-inbox"), QStringLiteral("mail/coming/captured-inbox")}));
    inboxes.made({inbox("coming")});
    QVERIFY(inboxes.names().isEmpty());
    // No user any more: the mail there is still a person's.
    QVERIFY(inboxes.configure(Settings()).isEmpty());
    QCOMPARE(namesOf(inboxes.admit({inbox("shop")}, fallback).folders), QStringLiteral("captured"));
}

void CaptureInboxesTest::forgetsWhatFailed()
{
    QTemporaryDir folder;
    Settings settings;
    settings.listener.mostInboxes = 1;
    CaptureInboxes inboxes(folder.path());
    inboxes.configure(settings);
    const auto admitted
        = [&inboxes](const char *name) { return namesOf(inboxes.admit({inbox(name)}, fallback).folders); };
    QCOMPARE(admitted("a"), QStringLiteral("a"));
    QCOMPARE(admitted("a"), QStringLiteral("a"));
    inboxes.failed({inbox("a")});
    QCOMPARE(admitted("b"), QStringLiteral("captured")); // the other may yet be durable
    inboxes.failed({inbox("a")});
    QCOMPARE(admitted("b"), QStringLiteral("b"));
}

void CaptureInboxesTest::claimsWhatBindingsMake()
{
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("mail/former/new")));
    Settings settings;
    settings.listener.mostInboxes = 1;
    CaptureInboxes inboxes(folder.path());
    inboxes.configure(settings);
    QList<ListenerBinding> bindings(3);
    bindings[1].captureMailbox = QStringLiteral("former");
    bindings[2].captureMailbox = QStringLiteral("tests");
    const FileTransaction marks = inboxes.claim(bindings);
    QCOMPARE(marks.size(), 1);
    QCOMPARE(marks.first().path, QStringLiteral("mail/tests/captured-inbox"));
    QCOMPARE(inboxes.names(), QSet<QString>{QStringLiteral("tests")});
    QVERIFY(inboxes.claim(bindings).isEmpty());
    // It takes nothing away from those that the rule makes.
    QCOMPARE(
        namesOf(inboxes.admit({inbox("a"), inbox("b")}, fallback).folders), QStringLiteral("a captured"));
}

/// The index, which gives captured messages the tags that they say, asks the disk.
void CaptureInboxesTest::othersKnowThemByTheirMark()
{
    const QTemporaryDir folder;
    CaptureInboxes inboxes(folder.path());
    QVERIFY(inboxes.configure(Settings()).isEmpty());
    const FileTransaction marks = inboxes.admit({inbox("a/b")}, fallback).marks;
    QCOMPARE(marks.size(), 1);
    QVERIFY(QDir(folder.path()).mkpath(QFileInfo(marks.first().path).path()));
    const FileDescriptor data(
        ::open(QFile::encodeName(folder.path()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    QVERIFY(!isCaptureMailbox(data.get(), QStringLiteral("a/b")));
    QFile mark(folder.filePath(marks.first().path));
    QVERIFY(mark.open(QIODevice::WriteOnly));
    QVERIFY(isCaptureMailbox(data.get(), QStringLiteral("a/b")));
    QVERIFY(!isCaptureMailbox(data.get(), QStringLiteral("alice")));
    QVERIFY(!isCaptureMailbox(data.get(), QString()));
    QVERIFY(isCaptureMailbox(data.get(), ListenerBinding().captureMailbox)); // which has no mark
}

QTEST_APPLESS_MAIN(CaptureInboxesTest)
#include "tst_captureinboxes.moc"
