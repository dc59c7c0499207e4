// First contact: clients that know host and port alone, over sockets to a mail system with its defaults.
#include "mail/system/mailsystem.h"

#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpSocket>
#include <QtTest>

#include <functional>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

using Lines = QList<QByteArray>;
using Adjust = std::function<void(ListenerSettings &)>;

/// A mail system in a folder of its own that listens, on a free port, as the settings of a first start have
/// it.
class Host
{
public:
    explicit Host(const Adjust &adjust = {}) : m_system(m_folder.path())
    {
        QObject::connect(&m_system.mailboxes(), &Mailboxes::received, &m_context,
            [this](const QList<ReceptionEvent> &events) { m_events += events; });
        QObject::connect(
            &m_system.listener(), &ListenerSwitch::changed, &m_context, [this](const ListenerState &state) {
                if (!state.bindings.isEmpty())
                    port = state.bindings.first().port;
            });
        QObject::connect(&m_system, &MailSystem::started, &m_context,
            [this] { m_system.listener().start(m_system.settings().value().listener); });
        StartOptions options;
        options.adjust = [adjust](Settings settings) {
            settings.hostName = QStringLiteral("mail.example.test");
            settings.users = {{QStringLiteral("alice"), {}}};
            settings.listener.bindings.first().port = 0;
            if (adjust)
                adjust(settings.listener);
            return settings;
        };
        m_system.start(options);
        [this] { QTRY_VERIFY_WITH_TIMEOUT(port != 0, 20000); }();
    }

    /// The event of the next message that is stored.
    ReceptionEvent takeStored()
    {
        [this] { QTRY_VERIFY_WITH_TIMEOUT(!m_events.isEmpty(), 20000); }();
        return m_events.isEmpty() ? ReceptionEvent() : m_events.takeFirst();
    }
    [[nodiscard]] bool hasStored() const { return !m_events.isEmpty(); }

    [[nodiscard]] QByteArray octetsOf(const ReceptionEvent &event) const
    {
        QFile file(QDir(m_folder.path()).filePath(event.file));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    /// What came so far is forgotten: the host serves another row.
    void forget()
    {
        m_events.clear();
        m_sessionBefore = newestSession().id;
    }

    /// The facts of the session that the row began, once it has ended.
    smtp::SessionFacts ended()
    {
        smtp::SessionFacts last;
        (void)QTest::qWaitFor(
            [&] {
                last = newestSession();
                return last.id != m_sessionBefore && last.outcome != smtp::SessionOutcome::Open;
            },
            20000);
        return last;
    }

    /// "C: ...", "S: ...", "-: ..." of a session, a line each.
    QByteArray transcript(const QByteArray &session)
    {
        std::optional<QByteArray> text;
        QObject context;
        m_system.sessions().transcript(session).then(&context, [&](const Result<Transcript> &transcript) {
            text = QByteArray();
            for (const smtp::TranscriptEntry &entry : transcript.value().second)
                *text += QByteArray(1, "CS-"[int(entry.speaker)]) + ": " + entry.bytes + '\n';
        });
        (void)QTest::qWaitFor([&] { return text.has_value(); });
        return text.value_or(QByteArray());
    }

    /// Whether the octets stand in any file of the data folder.
    [[nodiscard]] bool holds(const QByteArray &octets) const
    {
        QDirIterator files(m_folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains(octets))
                return true;
        }
        return false;
    }

    quint16 port = 0;

private:
    smtp::SessionFacts newestSession()
    {
        std::optional<smtp::SessionFacts> newest;
        QObject context;
        m_system.sessions().list(0, 1).then(&context,
            [&](const Result<QList<smtp::SessionFacts>> &sessions) { newest = sessions.value().value(0); });
        (void)QTest::qWaitFor([&] { return newest.has_value(); });
        return newest.value_or(smtp::SessionFacts());
    }

    QByteArray m_sessionBefore;
    QTemporaryDir m_folder;
    QObject m_context;
    QList<ReceptionEvent> m_events;
    MailSystem m_system;
};

/// A client that says a line, waits for the whole reply, and says the next.
class Client
{
public:
    explicit Client(Host &host, const QByteArray &before = {})
    {
        QObject::connect(&socket, &QTcpSocket::readyRead, &socket, [this] { said += socket.readAll(); });
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), host.port);
        socket.write(before);
        reply();
    }

    /// The reply that came next; with what was said of it so far when none came.
    QByteArray reply()
    {
        static const QRegularExpression last(QStringLiteral("(^|\n)[0-9]{3} [^\n]*\r\n"));
        qsizetype end = -1;
        (void)QTest::qWaitFor(
            [&] {
                const auto match = last.match(QString::fromLatin1(said));
                end = match.hasMatch() ? match.capturedEnd() : -1;
                return end >= 0 || socket.state() == QAbstractSocket::UnconnectedState;
            },
            20000);
        const QByteArray whole = end < 0 ? said : said.left(end);
        said.remove(0, whole.size());
        return whole;
    }

    QByteArray say(const QByteArray &line)
    {
        socket.write(line + "\r\n");
        return reply();
    }

    QTcpSocket socket;
    QByteArray said;
};

QByteArray base64(const QByteArray &octets)
{
    return octets.toBase64();
}

const QByteArray content = "Subject: hello\r\n\r\nHello.\r\n.";

} // namespace

class TestFirstContact : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { m_own.reset(); }
    void cleanupTestCase()
    {
        m_usual.reset();
        m_mailboxes.reset();
    }

    void offers_data();
    void offers();
    void takesAnySignIn_data();
    void takesAnySignIn();
    void toleratesAndMarks_data();
    void toleratesAndMarks();
    void strictSaysWhy_data();
    void strictSaysWhy();
    void namesWhatIsWrong_data();
    void namesWhatIsWrong();
    void signInBeyondLoopback_data();
    void signInBeyondLoopback();
    void showsReportParameters_data();
    void showsReportParameters();
    void servesAHalfClosedClient_data();
    void servesAHalfClosedClient();
    void marksBareLineFeeds_data();
    void marksBareLineFeeds();
    void keepsEveryOctet_data();
    void keepsEveryOctet();
    void saysHowAClientLeft_data();
    void saysHowAClientLeft();
    void verifies_data();
    void verifies();
    void closesWith421_data();
    void closesWith421();
    void servesOldClients_data();
    void servesOldClients();

private:
    /// With the defaults one serves all rows; with settings of its own a row has one of its own.
    Host &host(const Adjust &adjust = {}) { return kept(adjust ? m_own : m_usual, adjust); }
    /// One whose policy is "mailboxes" serves all rows too.
    Host &mailboxes()
    {
        return kept(m_mailboxes, [](ListenerSettings &l) { l.policy = RecipientPolicy::Mailboxes; });
    }
    static Host &kept(std::unique_ptr<Host> &place, const Adjust &adjust)
    {
        if (!place)
            place = std::make_unique<Host>(adjust);
        place->forget();
        return *place;
    }
    std::unique_ptr<Host> m_usual;
    std::unique_ptr<Host> m_mailboxes;
    std::unique_ptr<Host> m_own;
};

void TestFirstContact::offers_data()
{
    QTest::addColumn<Adjust>("adjust");
    QTest::addColumn<QByteArray>("offered");
    QTest::addColumn<QByteArray>("notOffered");
    const auto row = [](const char *name, const Adjust &adjust, const QByteArray &offered,
                         const QByteArray &not_) { QTest::newRow(name) << adjust << offered << not_; };
    const auto with = [](smtp::TlsMode mode) {
        return [mode](ListenerSettings &listener) { listener.bindings.first().tls = mode; };
    };
    row("T1 the defaults: no STARTTLS", {}, "250-AUTH ", "STARTTLS");
    row("T1 none", with(smtp::TlsMode::None), "250-AUTH ", "STARTTLS");
    row("T1 optional", with(smtp::TlsMode::Opportunistic), "250-STARTTLS\r\n", "530");
    row(
        "T1 mailboxes too", [](ListenerSettings &l) { l.policy = RecipientPolicy::Mailboxes; }, "250-DSN\r\n",
        "STARTTLS");
    row("T80 required: no AUTH before STARTTLS", with(smtp::TlsMode::Required), "250-STARTTLS\r\n", "AUTH");
    row("T2 the defaults", {}, "250-AUTH CRAM-MD5 OAUTHBEARER XOAUTH2 PLAIN LOGIN\r\n", "SCRAM");
    row(
        "T2 only those of the file, and there is none",
        [](ListenerSettings &l) { l.signIn = SignInPolicy::FileOnly; }, "250-SIZE", "AUTH");
    row(
        "T2 mailboxes: not anybody",
        [](ListenerSettings &l) {
            l.signIn = SignInPolicy::Anybody;
            l.policy = RecipientPolicy::Mailboxes;
        },
        "250-SIZE", "AUTH");
}

void TestFirstContact::offers()
{
    QFETCH(Adjust, adjust);
    QFETCH(QByteArray, offered);
    QFETCH(QByteArray, notOffered);
    Client client(host(adjust));
    const QByteArray ehlo = client.say("EHLO [127.0.0.1]");
    QVERIFY2(ehlo.contains(offered), ehlo);
    QVERIFY2(!ehlo.contains(notOffered), ehlo);
}

void TestFirstContact::takesAnySignIn_data()
{
    QTest::addColumn<Lines>("exchange");
    QTest::addColumn<QByteArray>("secret");
    const auto row = [](const char *name, const Lines &exchange, const QByteArray &secret = "hunter2secret") {
        QTest::newRow(name) << exchange << secret;
    };
    const QByteArray zero(1, '\0'), one("\x01");
    const QByteArray plain = base64(zero + "bob" + zero + "hunter2secret");
    const QByteArray token = one + "auth=Bearer hunter2secret" + one + one;
    row("T2 PLAIN", {"AUTH PLAIN " + plain});
    row("T2 PLAIN after an empty challenge", {"AUTH PLAIN", plain});
    row("T2 PLAIN with an authorization identity",
        {"AUTH PLAIN " + base64("carol" + zero + "bob" + zero + "hunter2secret")});
    row("T2 PLAIN with an empty password", {"AUTH PLAIN " + base64(zero + "bob" + zero)}, "no such thing");
    row("T2 LOGIN", {"AUTH LOGIN", base64("bob"), base64("hunter2secret")});
    row("T2 LOGIN with the name at once", {"auth login " + base64("bob"), base64("hunter2secret")});
    const QByteArray digest = "0123456789abcdef0123456789abcdef";
    row("T2 CRAM-MD5", {"AUTH CRAM-MD5", base64("bob " + digest)}, digest);
    row("T2 XOAUTH2", {"AUTH XOAUTH2 " + base64("user=bob" + token)});
    row("T2 OAUTHBEARER", {"AUTH OAUTHBEARER " + base64("n,a=bob," + token)});
}

void TestFirstContact::takesAnySignIn()
{
    QFETCH(Lines, exchange);
    QFETCH(QByteArray, secret);
    Host &here = host();
    Client client(here);
    client.say("EHLO [127.0.0.1]");
    QByteArray reply;
    for (const QByteArray &line : exchange)
        reply = client.say(line);
    QVERIFY2(reply.startsWith("235 "), reply);
    QVERIFY(client.say("MAIL FROM:<a@example.org>").startsWith("250 "));
    QVERIFY(client.say("RCPT TO:<b@example.org>").startsWith("250 "));
    QVERIFY(client.say("DATA").startsWith("354 "));
    QVERIFY(client.say(content).startsWith("250 "));
    client.say("QUIT");
    const ReceptionEvent stored = here.takeStored();
    const QByteArray message = here.octetsOf(stored);
    QVERIFY2(message.contains("(Authenticated sender: bob, not checked)\n"), message);
    const smtp::SessionFacts facts = here.ended();
    QCOMPARE(facts.user, QByteArray("bob"));
    QVERIFY(facts.isUserUnchecked);
    const QByteArray talk = here.transcript(stored.sessionId);
    QVERIFY2(talk.contains(", not checked: any name and password is accepted here\n"), talk);
    QVERIFY(!here.holds(secret));
    QVERIFY(!here.holds(base64(secret)));
}

void TestFirstContact::toleratesAndMarks_data()
{
    QTest::addColumn<QByteArray>("hello");
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("stored"); // as the envelope has it: sender, blank, recipient
    QTest::addColumn<QByteArray>("mark");
    const QByteArray ehlo = "EHLO a.example", from = "FROM:<a@b>", to = "TO:<c@d>";
    const auto row = [](const char *name, const QByteArray &h, const QByteArray &f, const QByteArray &t,
                         const QByteArray &stored,
                         const QByteArray &mark) { QTest::newRow(name) << h << f << t << stored << mark; };
    row("T7 blank before the sender", ehlo, "FROM: <a@b>", to, "a@b c@d",
        "MAIL FROM: <a@b> (there is a blank before it)");
    row("T7 blank before the recipient", ehlo, from, "TO: <c@d>", "a@b c@d",
        "RCPT TO: <c@d> (there is a blank before it)");
    row("T7 no brackets", ehlo, "FROM:a@b SIZE=100", "TO: c@d", "a@b c@d",
        "MAIL FROM:a@b SIZE=100 (it is not in angle brackets)");
    const QByteArray name = " (neither a domain nor an address literal)";
    row("T8 underscore", "HELO box_1", from, to, "a@b c@d", "HELO box_1" + name);
    row("T8 hardware address", "EHLO 00:11:22:aa:bb:cc", from, to, "a@b c@d",
        "EHLO 00:11:22:aa:bb:cc" + name);
    row("T8 IPv6 without a tag", "EHLO [2001:db8::19]", from, to, "a@b c@d", "EHLO [2001:db8::19]" + name);
    row("T8 a name with a blank", "EHLO my laptop", from, to, "a@b c@d", "EHLO my laptop" + name);
    row("T8 a name with an apostrophe", "EHLO Bob's-Mac", from, to, "a@b c@d", "EHLO Bob's-Mac" + name);
    row("T9 dot last", ehlo, "FROM:<ilo.@hp.example>", to, "ilo.@hp.example c@d",
        "MAIL FROM:<ilo.@hp.example> (misplaced dot in the local-part)");
    row("T9 no domain", ehlo, "FROM:<root>", "TO:<admin>", "root admin",
        "RCPT TO:<admin> (it has no domain)");
    row("T9 underscores", ehlo, from, "TO:<user@__>", "a@b user@__", "RCPT TO:<user@__> (malformed domain)");
    row("T9 two dots", ehlo, from, "TO:<a..b@x>", "a@b a..b@x",
        "RCPT TO:<a..b@x> (misplaced dot in the local-part)");
    const QByteArray lengthy(80, 'l');
    row("T9 a local-part of 80", ehlo, "FROM:<" + lengthy + "@b>", to, lengthy + "@b c@d",
        "MAIL FROM:<" + lengthy + "@b> (local-part longer than 64 octets)");
}

void TestFirstContact::toleratesAndMarks()
{
    QFETCH(QByteArray, hello);
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QByteArray, mark);
    Host &here = host();
    Client client(here);
    const QByteArray greeted = client.say(hello);
    QVERIFY2(greeted.startsWith("250"), greeted);
    const QByteArray mail = client.say("MAIL " + from);
    QVERIFY2(mail.startsWith("250 "), mail);
    const QByteArray rcpt = client.say("RCPT " + to);
    QVERIFY2(rcpt.startsWith("250 "), rcpt);
    client.say("DATA");
    QVERIFY(client.say(content).startsWith("250 "));
    const ReceptionEvent stored = here.takeStored();
    QTEST(stored.from + ' ' + stored.to.join(' '), "stored");
    const QByteArray message = here.octetsOf(stored);
    QVERIFY2(message.contains("\nX-Glasspost-Tolerated: " + mark + '\n'), message);
    const QByteArray talk = here.transcript(stored.sessionId);
    QVERIFY2(talk.contains("-: accepted, though a strict server refuses it: "), talk);
}

void TestFirstContact::strictSaysWhy_data()
{
    QTest::addColumn<QByteArray>("command");
    QTest::addColumn<QByteArray>("reply");
    const auto row = [](const char *name, const QByteArray &command, const QByteArray &reply) {
        QTest::newRow(name) << command << reply;
    };
    row("T7 blank", "MAIL FROM: <a@b>", "501 5.1.7 Bad sender address: there is a blank before it\r\n");
    row("T7 no brackets", "MAIL FROM:a@b", "501 5.1.7 Bad sender address: it is not in angle brackets\r\n");
    row("T9 no domain", "MAIL FROM:<root>", "501 5.1.7 Bad sender address: it has no domain\r\n");
    row("T9 dots", "MAIL FROM:<a..b@x>", "501 5.1.7 Bad sender address: misplaced dot in the local-part\r\n");
    row("T8 whatever the name", "EHLO box_1", "250-");
    row("T8 whatever the length", "HELO " + QByteArray(400, 'n'), "250 ");
}

void TestFirstContact::strictSaysWhy()
{
    QFETCH(QByteArray, command);
    QFETCH(QByteArray, reply);
    Client client(mailboxes());
    client.say("EHLO a.example");
    const QByteArray said = client.say(command);
    QVERIFY2(said.startsWith(reply), said);
}

void TestFirstContact::namesWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("command");
    QTest::addColumn<QByteArray>("reply");
    const auto row = [](const char *name, const QByteArray &command, const QByteArray &reply) {
        QTest::newRow(name) << command << reply;
    };
    const QByteArray parameter = "555 5.5.4 ", invisible = "b\xe2\x80\x8b.example>";
    row("T77 a parameter that nobody knows", "RCPT TO:<a@b> FOOBAR", parameter);
    row("T77 one with a value", "RCPT TO:<a@b> FOO=BAR", parameter);
    row("T77 one of the sender's", "MAIL FROM:<a@b> SMTPUTF8 FOOBAR", parameter);
    row("T77 one of MAIL at RCPT", "RCPT TO:<a@b> SIZE=1", parameter);
    row("T77 sender in a malformed A-label", "MAIL FROM:<a@xn--->", "501 5.1.7 ");
    row("T77 sender in one amid others", "MAIL FROM:<a@mx.xn---.example>", "501 5.1.7 ");
    row("T77 recipient in a malformed A-label", "RCPT TO:<a@xn--->", "501 5.1.2 ");
    row("T77 sender with a zero-width space", "MAIL FROM:<a@" + invisible + " SMTPUTF8", "553 5.1.7 ");
    row("T77 recipient with a zero-width space", "RCPT TO:<a@" + invisible, "553 5.1.3 ");
    row("T77 sender with a soft hyphen", "MAIL FROM:<a@b\xc2\xad.example> SMTPUTF8", "553 5.1.7 ");
}

/// Whether paths are strict or not, and the session goes on.
void TestFirstContact::namesWhatIsWrong()
{
    QFETCH(QByteArray, command);
    QFETCH(QByteArray, reply);
    for (Host *one : {&host(), &mailboxes()}) {
        Client client(*one);
        client.say("EHLO a.example");
        if (command.startsWith("RCPT"))
            client.say("MAIL FROM:<a@b> SMTPUTF8");
        const QByteArray said = client.say(command);
        QVERIFY2(said.startsWith(reply), said);
        QVERIFY(client.say("NOOP").startsWith("250 "));
    }
}

void TestFirstContact::signInBeyondLoopback_data()
{
    QTest::addColumn<smtp::ClearAuth>("clear");
    QTest::addColumn<bool>("offered");
    QTest::addColumn<QByteArray>("reply");
    QTest::newRow("T4 by default") << smtp::ClearAuth::Loopback << false << QByteArray("538 5.7.11");
    QTest::newRow("T4 never") << smtp::ClearAuth::Never << false << QByteArray("538 5.7.11");
    QTest::newRow("T4 anywhere") << smtp::ClearAuth::Anywhere << true << QByteArray("235 2.7.0");
}

/// A proxy's header makes the client one of another machine.
void TestFirstContact::signInBeyondLoopback()
{
    QFETCH(smtp::ClearAuth, clear);
    Host &here = host([clear](ListenerSettings &listener) {
        listener.clearSignIn = clear;
        listener.trustedPeers = QStringList{QStringLiteral("127.0.0.1")};
        listener.bindings.first().proxyHeaders = smtp::ProxyHeaders::Expected;
    });
    Client client(here, "PROXY TCP4 192.0.2.1 127.0.0.1 1234 25\r\n");
    QTEST(client.say("EHLO printer").contains("250-AUTH "), "offered");
    const QByteArray said = client.say("AUTH PLAIN " + base64(QByteArray("\0bob\0x", 6)));
    QFETCH(QByteArray, reply);
    QVERIFY2(said.startsWith(reply), said);
}

void TestFirstContact::showsReportParameters_data()
{
    QTest::addColumn<QByteArray>("mail");
    QTest::addColumn<QByteArray>("rcpt");
    const QByteArray from = "MAIL FROM:<a@b>", to = "RCPT TO:<c@d>";
    QTest::newRow("T3 all of them") << from + " RET=HDRS ENVID=QQ+3D1 AUTH=<>"
                                    << to + " NOTIFY=SUCCESS,DELAY ORCPT=rfc822;e@f";
    QTest::newRow("T3 RET alone") << from + " RET=FULL" << to;
    QTest::newRow("T3 AUTH= with an address") << from + " AUTH=e+3Dmc2@example.com" << to;
    QTest::newRow("T3 NOTIFY=NEVER") << from << to + " NOTIFY=NEVER";
    QTest::newRow("T3 NOTIFY=SUCCESS") << from << to + " NOTIFY=SUCCESS";
}

void TestFirstContact::showsReportParameters()
{
    QFETCH(QByteArray, mail);
    QFETCH(QByteArray, rcpt);
    Host &here = host();
    Client client(here);
    QVERIFY(client.say("EHLO a.example").contains("250-DSN\r\n"));
    const QByteArray said = client.say(mail);
    QVERIFY2(said.startsWith("250 "), said);
    QVERIFY(client.say(rcpt).startsWith("250 "));
    client.say("DATA");
    QVERIFY(client.say(content).startsWith("250 "));
    const QByteArray message = here.octetsOf(here.takeStored());
    for (const QByteArray &command : {mail, rcpt})
        QCOMPARE(message.contains("\nX-Glasspost-Parameters: " + command + '\n'), command.count(' ') > 1);
    // SUCCESS was asked for, and nothing is reported: the only message is the one that came.
    QVERIFY(!here.hasStored());
    QVERIFY(!here.holds("multipart/report"));
}

void TestFirstContact::servesAHalfClosedClient_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QByteArray>("lastReply");
    QTest::addColumn<smtp::SessionOutcome>("outcome");
    const QByteArray head = "EHLO nc\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nSubject: x\r\n\r\n";
    const QByteArray large = QByteArray(98, 'x').append("\r\n").repeated(50000);
    using Outcome = smtp::SessionOutcome;
    QTest::newRow("T5 with QUIT") << head + "text\r\n.\r\nQUIT\r\n"
                                  << QByteArray("221 2.0.0") << Outcome::Completed;
    QTest::newRow("T5 without QUIT") << head + "text\r\n.\r\n"
                                     << QByteArray("250 2.0.0") << Outcome::Completed;
    QTest::newRow("T5 5 MB") << head + large + ".\r\nQUIT\r\n"
                             << QByteArray("221 2.0.0") << Outcome::Completed;
    QTest::newRow("T5 amid the data") << head + "text\r\n" << QByteArray("354 ") << Outcome::Broken;
}

void TestFirstContact::servesAHalfClosedClient()
{
    QFETCH(QByteArray, octets);
    QFETCH(QByteArray, lastReply);
    QFETCH(smtp::SessionOutcome, outcome);
    Host &here = host();
    const int client = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(here.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    QCOMPARE(::connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    QByteArray said;
    std::thread peer([&] { // as nc does: all of it, the end, and only then what comes back
        for (qsizetype sent = 0; sent < octets.size();)
            sent += std::max<ssize_t>(
                0, ::send(client, octets.data() + sent, size_t(octets.size() - sent), 0));
        ::shutdown(client, SHUT_WR);
        char buffer[4096];
        for (ssize_t count = 0; (count = ::recv(client, buffer, sizeof buffer, 0)) > 0;)
            said.append(buffer, count);
    });
    const smtp::SessionFacts facts = here.ended();
    peer.join();
    ::close(client);
    QCOMPARE(facts.outcome, outcome);
    QVERIFY2(said.mid(said.lastIndexOf('\n', said.size() - 2) + 1).startsWith(lastReply), said);
    if (outcome == smtp::SessionOutcome::Completed) {
        QVERIFY2(said.contains("\r\n250 2.0.0 Ok: kept as "), said);
        QCOMPARE(here.octetsOf(here.takeStored()).count('x') > 4'000'000, octets.size() > 4'000'000);
    }
}

void TestFirstContact::marksBareLineFeeds_data()
{
    QTest::addColumn<smtp::BareLineFeeds>("setting");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("reply");
    using smtp::BareLineFeeds;
    QTest::newRow("T6 refused by default")
        << BareLineFeeds::Refused << QByteArray("a\nb\n\r\n.") << QByteArray("550 5.5.2");
    QTest::newRow("T6 kept and marked")
        << BareLineFeeds::Marked << QByteArray("a\nb\n\r\n.") << QByteArray("250 ");
    QTest::newRow("T6 a dot between line feeds ends nothing")
        << BareLineFeeds::Marked << QByteArray("a\n.\nMAIL FROM:<x@y>\n.\r\nb\n.\r\n.") << QByteArray("250 ");
    QTest::newRow("T6 a bare CR is refused")
        << BareLineFeeds::Marked << QByteArray("a\rb\r\n.") << QByteArray("550 5.5.2");
    QTest::newRow("T6 through the spool")
        << BareLineFeeds::Marked << "a\n" + QByteArray("text\r\n").repeated(100000) + '.'
        << QByteArray("250 ");
}

void TestFirstContact::marksBareLineFeeds()
{
    QFETCH(smtp::BareLineFeeds, setting);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, reply);
    Host &here = host([setting](ListenerSettings &listener) { listener.bareLineFeeds = setting; });
    Client client(here);
    client.say("EHLO a.example");
    client.say("MAIL FROM:<a@b>");
    client.say("RCPT TO:<c@d>");
    client.say("DATA");
    const QByteArray said = client.say("Subject: x\r\n\r\n" + text);
    QVERIFY2(said.startsWith(reply), said);
    if (!reply.startsWith("250"))
        return;
    const ReceptionEvent stored = here.takeStored();
    const QByteArray message = here.octetsOf(stored);
    QVERIFY2(message.contains("X-Glasspost-Tolerated: DATA (bare line feeds)\n"), message.left(1000));
    QVERIFY(message.endsWith(QByteArray(text).replace("\r\n", "\n").chopped(1)));
    QVERIFY(here.transcript(stored.sessionId)
                .contains("-: accepted, though a strict server refuses it: bare line feeds\n"));
    QVERIFY(client.say("NOOP").startsWith("250 ")); // and nothing came out of it
    QVERIFY(!here.hasStored());
}

void TestFirstContact::keepsEveryOctet_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QByteArray>("line");
    const auto row = [](const char *name, const QByteArray &octets, const QByteArray &line) {
        QTest::newRow(name) << octets << line;
    };
    row("T10 a line that ends in LF", "HELO x\n", "C: HELO x\n\n");
    row("T10 half a command", "EHLO a.example\r\nMAIL FR", "C: MAIL FR\n");
    row("T10 several lines that end in LF", "HELO x\nMAIL FROM:<a@b>\n",
        "C: HELO x\n\nC: MAIL FROM:<a@b>\n\n");
    row("T10 CR alone at the end", "NOOP\r", "C: NOOP\r\n");
    row("T10 half a sign-in, the secret blotted out", "EHLO a\r\nAUTH PLAIN c2VjcmV0", "C: AUTH PLAIN ***\n");
    row("T10 half a response, blotted out", "EHLO a\r\nAUTH LOGIN\r\nc2VjcmV0", "C: ***\n");
    row("T10 behind QUIT", "QUIT\r\nNOOP\r\n", "C: NOOP\n");
    row("T10 half a message", "EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nSubj", "C: Subj\n");
    row("T10 a TLS handshake", QByteArray("\x16\x03\x01\x02", 4), QByteArray("C: \x16\x03\x01\x02\n", 8));
}

void TestFirstContact::keepsEveryOctet()
{
    QFETCH(QByteArray, octets);
    QFETCH(QByteArray, line);
    Host &here = host();
    Client client(here);
    client.socket.write(octets);
    client.socket.disconnectFromHost();
    const smtp::SessionFacts facts = here.ended();
    const QByteArray talk = here.transcript(facts.id);
    QVERIFY2(talk.contains(line), talk);
    QVERIFY(!talk.contains("c2VjcmV0"));
    QVERIFY(!here.holds("c2VjcmV0"));
}

void TestFirstContact::saysHowAClientLeft_data()
{
    QTest::addColumn<Lines>("lines");
    QTest::addColumn<smtp::SessionOutcome>("outcome");
    QTest::addColumn<QByteArray>("ending");
    using Outcome = smtp::SessionOutcome;
    const QByteArray ehlo = "EHLO a.example", mail = "MAIL FROM:<a@b>", rcpt = "RCPT TO:<c@d>", data = "DATA";
    const QByteArray none = "closed by the client without a message";
    QTest::newRow("T11 a health check") << Lines() << Outcome::Completed << none;
    QTest::newRow("T11 a health check with EHLO") << Lines{ehlo} << Outcome::Completed << none;
    QTest::newRow("T11 delivered, no QUIT") << Lines{ehlo, mail, rcpt, data, content} << Outcome::Completed
                                            << QByteArray("closed by the client without QUIT");
    QTest::newRow("T11 refused, no QUIT")
        << Lines{ehlo, "MAIL FROM:<>x"} << Outcome::Refused
        << QByteArray("501 5.1.7 Bad sender address: no blank follows its closing bracket");
    QTest::newRow("T11 with QUIT") << Lines{ehlo, mail, rcpt, data, content, "QUIT"} << Outcome::Completed
                                   << QByteArray("QUIT");
    QTest::newRow("T11 amid a transaction")
        << Lines{ehlo, mail} << Outcome::Broken << QByteArray("closed by the client in wait for a command");
    QTest::newRow("T11 amid the data")
        << Lines{ehlo, mail, rcpt, data} << Outcome::Broken << QByteArray("closed by the client in DATA");
}

void TestFirstContact::saysHowAClientLeft()
{
    QFETCH(Lines, lines);
    Host &here = host();
    Client client(here);
    for (const QByteArray &line : std::as_const(lines))
        client.say(line);
    client.socket.disconnectFromHost();
    const smtp::SessionFacts facts = here.ended();
    QTEST(facts.outcome, "outcome");
    QTEST(facts.ending, "ending");
}

void TestFirstContact::verifies_data()
{
    QTest::addColumn<QByteArray>("who");
    QTest::addColumn<QByteArray>("reply");
    QTest::newRow("T76 nobody") << QByteArray("nobody@localhost")
                                << QByteArray("550 5.1.1 No such user here");
    QTest::newRow("T76 nobody, a name alone")
        << QByteArray("nobody") << QByteArray("550 5.1.1 No such user here");
    QTest::newRow("T76 somebody") << QByteArray("alice@localhost")
                                  << QByteArray("250 2.1.5 <alice@localhost>");
    QTest::newRow("T76 somebody, with a detail")
        << QByteArray("alice+x@localhost") << QByteArray("250 2.1.5 <alice+x@localhost>");
    QTest::newRow("T76 postmaster") << QByteArray("postmaster")
                                    << QByteArray("250 2.1.5 <postmaster@mail.example.test>");
    QTest::newRow("T76 elsewhere") << QByteArray("a@far.example") << QByteArray("252 2.5.0 Cannot verify");
}

void TestFirstContact::verifies()
{
    QFETCH(QByteArray, who);
    QFETCH(QByteArray, reply);
    Client client(mailboxes());
    client.say("EHLO a.example");
    const QByteArray said = client.say("VRFY " + who);
    QVERIFY2(said.startsWith(reply), said);
    client.say("MAIL FROM:<a@b>"); // RCPT says the same
    const QByteArray rcpt
        = client.say("RCPT TO:<" + (who.contains('@') ? who : who + "@mail.example.test") + '>');
    QCOMPARE(rcpt.startsWith("550"), reply.startsWith("550"));
}

void TestFirstContact::closesWith421_data()
{
    QTest::addColumn<QByteArray>("command");
    QTest::addColumn<QByteArray>("reply");
    QTest::newRow("T78 1,000,000 octets")
        << QByteArray(1'000'000, 'N') << QByteArray("500 5.5.2 Line too long\r\n");
    QTest::newRow("T78 BDAT alone") << QByteArray("BDAT") << QByteArray("501 5.5.4 Syntax: BDAT ");
    QTest::newRow("T78 a TLS handshake") << QByteArray("\x16\x03\x01") << QByteArray("501 5.5.1 This port ");
}

void TestFirstContact::closesWith421()
{
    QFETCH(QByteArray, command);
    QFETCH(QByteArray, reply);
    Client client(host());
    client.say("EHLO a.example");
    client.socket.write(command + "\r\n");
    QTRY_COMPARE_WITH_TIMEOUT(client.socket.state(), QAbstractSocket::UnconnectedState, 20000);
    QVERIFY2(client.said.startsWith(reply), client.said);
    QVERIFY2(client.said.endsWith("\r\n421 4.7.0 mail.example.test Closing connection\r\n"), client.said);
}

void TestFirstContact::servesOldClients_data()
{
    QTest::addColumn<QString>("cipher");
    QTest::newRow("T12 RSA alone") << QStringLiteral("ECDHE-RSA-AES256-GCM-SHA384");
    QTest::newRow("T12 RSA and AES-128") << QStringLiteral("ECDHE-RSA-AES128-GCM-SHA256");
    QTest::newRow("T12 RSA and CBC") << QStringLiteral("ECDHE-RSA-AES128-SHA256");
    QTest::newRow("T12 RSA key exchange") << QStringLiteral("AES128-GCM-SHA256");
}

void TestFirstContact::servesOldClients()
{
    QFETCH(QString, cipher);
    Host &here
        = host([](ListenerSettings &listener) { listener.bindings.first().tls = smtp::TlsMode::Implicit; });
    QSslSocket client;
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2);
    configuration.setCiphers(cipher);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    client.setSslConfiguration(configuration);
    client.connectToHostEncrypted(QStringLiteral("127.0.0.1"), here.port);
    QTRY_VERIFY2_WITH_TIMEOUT(client.isEncrypted(), qPrintable(client.errorString()), 20000);
    QCOMPARE(client.peerCertificate().publicKey().algorithm(), QSsl::Rsa);
}

QTEST_MAIN(TestFirstContact)
#include "tst_firstcontact.moc"
