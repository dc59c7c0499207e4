#include "mail/pop3/pop3engine.h"
#include "mail/routing/authfile.h"
#include "smtp/server/anycredentials.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

const QList<QByteArray> contents{
    "Subject: one\n\nfirst\n.second\nthird\n", "Subject: two\nX-More: yes\n\nlast line without an end"};

/// An engine whose owner answers at once.
class Session
{
public:
    explicit Session(smtp::CredentialStore &credentials, const Pop3Offer &offer = {"here.test"})
        : m_offer(offer), m_engine(m_offer, credentials)
    {
        m_engine.start();
        greeting = take();
    }

    QByteArray say(QByteArrayView octets)
    {
        m_engine.receive(octets, 1);
        return take();
    }
    QByteArray sayOctetByOctet(const QByteArray &octets)
    {
        QByteArray answer;
        for (const char octet : octets)
            answer += say(QByteArrayView(&octet, 1));
        return answer;
    }
    [[nodiscard]] Pop3State state() const { return m_engine.state(); }

    QByteArray greeting;
    QList<QByteArray> users; ///< who asked for messages
    QList<qsizetype> removed;
    QSet<qsizetype> gone; ///< somebody else removed them
    bool isDropBroken = false;
    bool isClosed = false;
    int handshakes = 0;

private:
    QByteArray take()
    {
        QByteArray answer = m_engine.takeOutput();
        for (QList<Pop3Event> events = m_engine.takeEvents(); !events.isEmpty();
             events = m_engine.takeEvents()) {
            for (const Pop3Event &event : events)
                std::visit([this](const auto &asked) { serve(asked); }, event);
            answer += m_engine.takeOutput();
        }
        return answer;
    }
    void serve(const pop3::HandshakeNeeded &)
    {
        ++handshakes;
        m_engine.secured({"TLSv1.3 TLS_AES_256_GCM_SHA384"});
    }
    void serve(const pop3::KeysNeeded &asked) { m_engine.keysDerived(smtp::deriveScramKeys(asked.request)); }
    void serve(const pop3::DropNeeded &asked)
    {
        users.append(asked.user);
        if (isDropBroken)
            return m_engine.notOpened("[SYS/TEMP] Not now");
        Maildrop drop;
        for (const QByteArray &content : contents)
            drop.append({{}, content.size() + content.count('\n'), "uid" + QByteArray::number(drop.size())});
        m_engine.opened(drop);
    }
    void serve(const pop3::MessageNeeded &asked)
    {
        if (gone.contains(asked.index))
            return m_engine.notFetched("No such message any more");
        m_engine.fetched();
        for (const char octet : contents.at(asked.index)) {
            if (m_engine.state() == Pop3State::Sending)
                m_engine.takeOctets(QByteArrayView(&octet, 1));
        }
        if (m_engine.state() == Pop3State::Sending)
            m_engine.endOctets();
    }
    void serve(const pop3::RemovalNeeded &asked)
    {
        removed = asked.indexes;
        m_engine.removed();
    }
    void serve(const pop3::CloseNeeded &) { isClosed = true; }

    Pop3Offer m_offer;
    Pop3Engine m_engine;
};

constexpr const char *signIn = "USER bob\r\nPASS any\r\n";

} // namespace

/// RFC 1939 and what later ones add, as a client sees it.
class Pop3Test : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answers_data();
    void answers();
    void keepsTheOrder();
    void readsCommands_data();
    void readsCommands();
    void checksPasswords_data();
    void checksPasswords();
    void takesNoPasswordInClearWhereItMustNot();
    void forgetsWhatCameBeforeTls();
    void removesAtQuitAlone();
    void saysWhatIsGone();
    void staysInAuthorizationWhenTheDropIsBroken();
    void endsAfterTooManyErrors();
    void endsAfterTooManySignIns();
    void longLinesAreRefused();
    void cutsTheTop_data();
    void cutsTheTop();

private:
    smtp::AnyCredentials m_anybody;
};

void Pop3Test::answers_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("expected"); ///< behind the sign-in's
    const auto row = [](const char *said, const char *expected) {
        QTest::newRow(said) << QByteArray(said) << QByteArray(expected);
    };
    row("STAT\r\n", "+OK 2 92\r\n");
    row("LIST\r\n", "+OK 2 messages\r\n1 39\r\n2 53\r\n.\r\n");
    row("LIST 2\r\n", "+OK 2 53\r\n");
    row("list 2 \r\n", "+OK 2 53\r\n");
    row("LIST 0\r\nLIST 3\r\nLIST x\r\nLIST 1 2\r\nLIST 99999999999999999999\r\n",
        "-ERR No such message\r\n-ERR No such message\r\n-ERR No such message\r\n-ERR No such message\r\n"
        "-ERR No such message\r\n");
    row("UIDL\r\n", "+OK 2 messages\r\n1 uid0\r\n2 uid1\r\n.\r\n");
    row("UIDL 1\r\n", "+OK 1 uid0\r\n");
    row("RETR 1\r\n", "+OK 39 octets\r\nSubject: one\r\n\r\nfirst\r\n..second\r\nthird\r\n.\r\n");
    row("RETR 2\r\n",
        "+OK 53 octets\r\nSubject: two\r\nX-More: yes\r\n\r\nlast line without an end\r\n.\r\n");
    row("RETR\r\nRETR 3\r\n", "-ERR An argument is missing\r\n-ERR No such message\r\n");
    row("TOP 1 0\r\n", "+OK The top of it\r\nSubject: one\r\n\r\n.\r\n");
    row("TOP 1 2\r\n", "+OK The top of it\r\nSubject: one\r\n\r\nfirst\r\n..second\r\n.\r\n");
    row("TOP 1 99\r\n", "+OK The top of it\r\nSubject: one\r\n\r\nfirst\r\n..second\r\nthird\r\n.\r\n");
    row("TOP 1\r\nTOP 1 -1\r\n", "-ERR Syntax: TOP message lines\r\n-ERR Syntax: TOP message lines\r\n");
    row("DELE 1\r\nDELE 1\r\nRETR 1\r\nSTAT\r\nLIST\r\n",
        "+OK Marked\r\n-ERR No such message\r\n-ERR No such message\r\n+OK 1 53\r\n"
        "+OK 1 messages\r\n2 53\r\n.\r\n");
    row("DELE 1\r\nRSET\r\nSTAT\r\n", "+OK Marked\r\n+OK Nothing is marked\r\n+OK 2 92\r\n");
    row("NOOP\r\nNOOP now\r\n", "+OK Nothing done\r\n-ERR No argument belongs there\r\n");
    row("APOP bob c4c9334bac560ecc979e58001b3e22fb\r\n\r\n",
        "-ERR Unknown command\r\n-ERR Unknown command\r\n");
    row("TOP 1 0\r\nTOP 2 0\r\nQUIT\r\n",
        "+OK The top of it\r\nSubject: one\r\n\r\n.\r\n"
        "+OK The top of it\r\nSubject: two\r\nX-More: yes\r\n\r\n.\r\n+OK Bye\r\n");
    row("CAPA\r\n",
        "+OK Capability list follows\r\nTOP\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nUSER\r\n"
        "SASL CRAM-MD5 OAUTHBEARER XOAUTH2 PLAIN LOGIN\r\nIMPLEMENTATION Glasspost\r\n.\r\n");
}

/// The same whole, as a client that pipelines sends it, and octet by octet.
void Pop3Test::answers()
{
    QFETCH(QByteArray, said);
    QFETCH(QByteArray, expected);
    Session whole(m_anybody), slow(m_anybody);
    QCOMPARE(whole.greeting, QByteArray("+OK here.test Glasspost POP3 server\r\n"));
    const QByteArray before = "+OK Send the password\r\n+OK 2 messages (92 octets)\r\n";
    QCOMPARE(whole.say(signIn + said), before + expected);
    QCOMPARE(slow.sayOctetByOctet(signIn + said), before + expected);
    QCOMPARE(whole.isClosed, said.contains("QUIT"));
}

/// What the table leaves out is refused, and moves nothing.
void Pop3Test::keepsTheOrder()
{
    const QList<std::pair<Pop3State, QByteArray>> ways{{Pop3State::Authorization, ""},
        {Pop3State::UserGiven, "USER bob\r\n"}, {Pop3State::Transaction, signIn}};
    const QList<std::pair<Pop3Verb, QByteArray>> commands{{Pop3Verb::User, "USER bob"},
        {Pop3Verb::Pass, "PASS x"}, {Pop3Verb::Auth, "AUTH PLAIN"}, {Pop3Verb::Stls, "STLS"},
        {Pop3Verb::Stat, "STAT"}, {Pop3Verb::List, "LIST"}, {Pop3Verb::Retr, "RETR 1"},
        {Pop3Verb::Dele, "DELE 1"}, {Pop3Verb::Noop, "NOOP"}, {Pop3Verb::Rset, "RSET"},
        {Pop3Verb::Top, "TOP 1 1"}, {Pop3Verb::Uidl, "UIDL"}};
    int refused = 0;
    for (const auto &[state, way] : ways) {
        for (const auto &[verb, command] : commands) {
            Session session(m_anybody, {"here.test", true});
            session.say(way);
            QCOMPARE(session.state(), state);
            const QByteArray answer = session.say(command + "\r\n");
            const bool isAllowed = stateAfter(state, verb).has_value();
            QCOMPARE(!answer.startsWith("-ERR"), isAllowed);
            if (!isAllowed)
                QCOMPARE(session.state(), state);
            refused += isAllowed ? 0 : 1;
        }
    }
    QCOMPARE(refused, 9 + 8 + 4); // RFC 1939 4, 5
    for (const Pop3State state : allPop3States)
        QVERIFY(stateAfter(state, Pop3Trigger::Ended) == Pop3State::Closed);
}

void Pop3Test::readsCommands_data()
{
    QTest::addColumn<Pop3Command>("expected");
    const auto row = [](const char *line, Pop3Verb verb, const char *argument) {
        QTest::newRow(line) << Pop3Command{verb, argument};
    };
    row("USER bob", Pop3Verb::User, "bob");
    row("uSeR bob ", Pop3Verb::User, "bob ");
    row("PASS  two words ", Pop3Verb::Pass, " two words ");
    row("STAT", Pop3Verb::Stat, "");
    row("STATS", Pop3Verb::Unknown, "");
    row("", Pop3Verb::Unknown, "");
    row(" STAT", Pop3Verb::Unknown, "STAT");
    row("UNKNOWN", Pop3Verb::Unknown, "");
}

void Pop3Test::readsCommands()
{
    QFETCH(Pop3Command, expected);
    QVERIFY(parsePop3Command(QTest::currentDataTag()) == expected);
}

void Pop3Test::checksPasswords_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("expected");
    const auto plain = [](const QByteArray &text) { return text.toBase64() + "\r\n"; };
    const QByteArray in = "+OK 2 messages (92 octets)\r\n";
    const QByteArray wrong = "-ERR [AUTH] Wrong user name or password\r\n";
    const QByteArray right("\0bob\0secret", 11);
    QTest::newRow("PASS") << QByteArray("USER bob\r\nPASS secret\r\n") << "+OK Send the password\r\n" + in;
    QTest::newRow("wrong PASS") << QByteArray("USER bob\r\nPASS secre\r\n")
                                << "+OK Send the password\r\n" + wrong;
    QTest::newRow("PLAIN at once") << "AUTH PLAIN " + plain(right) << in;
    QTest::newRow("PLAIN") << "auth plain\r\n" + plain(right) << "+ \r\n" + in;
    QTest::newRow("wrong PLAIN") << "AUTH PLAIN " + plain(QByteArray("\0bob\0x", 6)) << wrong;
    QTest::newRow("PLAIN for another") << "AUTH PLAIN " + plain(QByteArray("ann\0bob\0secret", 14))
                                       << QByteArray("-ERR [AUTH] Nobody acts for another here\r\n");
    QTest::newRow("LOGIN") << "AUTH LOGIN\r\n" + plain("bob") + plain("secret")
                           << "+ " + QByteArray("Username:").toBase64() + "\r\n+ "
            + QByteArray("Password:").toBase64() + "\r\n" + in;
    QTest::newRow("cancelled") << QByteArray("AUTH PLAIN\r\n*\r\n")
                               << QByteArray("+ \r\n-ERR Sign-in cancelled\r\n");
    QTest::newRow("no base64") << QByteArray("AUTH PLAIN AGJv\r\nAUTH PLAIN ???\r\n")
                               << QByteArray("-ERR Malformed response\r\n-ERR Malformed base64\r\n");
    QTest::newRow("CRAM-MD5 cannot be checked")
        << QByteArray("AUTH CRAM-MD5\r\n") << QByteArray("-ERR [AUTH] Mechanism not offered\r\n");
}

void Pop3Test::checksPasswords()
{
    QFETCH(QByteArray, said);
    QFETCH(QByteArray, expected);
    const auto users = AuthFile::parse("bob:secret\n", QStringLiteral("users"));
    QVERIFY(users);
    Session session(**users);
    QCOMPARE(session.say(said), expected);
    const bool isIn = expected.endsWith("octets)\r\n");
    QCOMPARE(session.state(), isIn ? Pop3State::Transaction : Pop3State::Authorization);
    QCOMPARE(session.users, isIn ? QList<QByteArray>{"bob"} : QList<QByteArray>());
}

void Pop3Test::takesNoPasswordInClearWhereItMustNot()
{
    Pop3Offer offer{"here.test", true, false};
    Session session(m_anybody, offer);
    const QByteArray capabilities = session.say("CAPA\r\n");
    QVERIFY(capabilities.contains("\r\nSTLS\r\n"));
    QVERIFY(!capabilities.contains("USER") && !capabilities.contains("SASL"));
    QCOMPARE(session.say("USER bob\r\n"), QByteArray("-ERR [AUTH] USER is not offered here\r\n"));
    QCOMPARE(session.say("AUTH PLAIN AGJvYgB4\r\n"), QByteArray("-ERR [AUTH] Mechanism not offered\r\n"));
    QCOMPARE(session.say("STLS\r\n"), QByteArray("+OK Begin TLS\r\n"));
    const QByteArray secured = session.say("CAPA\r\n");
    QVERIFY(secured.contains("USER\r\nSASL ") && !secured.contains("STLS"));
    QCOMPARE(session.say("STLS\r\n"), QByteArray("-ERR TLS is there already\r\n"));
    QVERIFY(session.say("AUTH PLAIN AGJvYgB4\r\n").startsWith("+OK"));
}

/// RFC 2595 4: else somebody in between could say the first words of what TLS protects.
void Pop3Test::forgetsWhatCameBeforeTls()
{
    Session session(m_anybody, {"here.test", true});
    QCOMPARE(session.say("USER eve\r\nSTLS\r\nPASS x\r\nSTAT\r\n"),
        QByteArray("+OK Send the password\r\n+OK Begin TLS\r\n"));
    QCOMPARE(session.handshakes, 1);
    QCOMPARE(session.say("PASS x\r\n"), QByteArray("-ERR Sign in first\r\n"));
    QVERIFY(session.users.isEmpty());
}

void Pop3Test::removesAtQuitAlone()
{
    Session session(m_anybody);
    session.say(signIn);
    session.say("DELE 2\r\nDELE 1\r\n");
    QVERIFY(session.removed.isEmpty());
    QCOMPARE(session.say("QUIT\r\nNOOP\r\n"), QByteArray("+OK Bye\r\n"));
    QCOMPARE(session.removed, (QList<qsizetype>{0, 1}));
    QVERIFY(session.isClosed);
}

void Pop3Test::saysWhatIsGone()
{
    Session session(m_anybody);
    session.gone = {0};
    session.say(signIn);
    QCOMPARE(session.say("RETR 1\r\nTOP 1 0\r\nNOOP\r\n"),
        QByteArray("-ERR No such message any more\r\n-ERR No such message any more\r\n+OK Nothing done\r\n"));
}

void Pop3Test::staysInAuthorizationWhenTheDropIsBroken()
{
    Session session(m_anybody);
    session.isDropBroken = true;
    QCOMPARE(session.say(QByteArray(signIn) + "STAT\r\n"),
        QByteArray("+OK Send the password\r\n-ERR [SYS/TEMP] Not now\r\n-ERR Sign in first\r\n"));
    session.isDropBroken = false;
    QVERIFY(session.say(signIn).endsWith("octets)\r\n"));
}

void Pop3Test::endsAfterTooManyErrors()
{
    Session session(m_anybody);
    session.say(QByteArray("FOO\r\n").repeated(Pop3Engine::mostErrors - 1));
    QVERIFY(!session.isClosed);
    session.say("CAPA\r\n"); // one that is understood counts anew
    session.say(QByteArray("FOO\r\n").repeated(Pop3Engine::mostErrors - 1));
    QVERIFY(!session.isClosed);
    QCOMPARE(session.say("FOO\r\nFOO\r\n"), QByteArray("-ERR Unknown command\r\n"));
    QVERIFY(session.isClosed);
}

void Pop3Test::endsAfterTooManySignIns()
{
    const auto users = AuthFile::parse("bob:secret\n", QStringLiteral("users"));
    QVERIFY(users);
    Session session(**users);
    const QByteArray wrong = "USER bob\r\nPASS wrong\r\n";
    session.say(wrong.repeated(Pop3Engine::mostSignIns - 1));
    QVERIFY(!session.isClosed);
    session.say(wrong);
    QVERIFY(session.isClosed);
    QVERIFY(session.users.isEmpty());
}

void Pop3Test::longLinesAreRefused()
{
    Session session(m_anybody);
    const QByteArray refused = "-ERR Line too long\r\n";
    QCOMPARE(session.say("USER " + QByteArray(Pop3Engine::commandLimit - 6, 'x') + "\r\n"), refused);
    QCOMPARE(session.say("USER " + QByteArray(1024 * 1024, 'x') + "\r\n"), refused);
    QVERIFY(session.say("USER " + QByteArray(Pop3Engine::commandLimit - 7, 'x') + "\r\n").startsWith("+OK"));
    QCOMPARE(session.say("AUTH PLAIN\r\n" + QByteArray(20000, 'A') + "\r\n"),
        QByteArray("+ \r\n-ERR Response too long\r\n"));
}

void Pop3Test::cutsTheTop_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("lines");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("no body") << QByteArray("A: b\n") << 1 << QByteArray("A: b\n");
    QTest::newRow("no header") << QByteArray("\none\ntwo\n") << 1 << QByteArray("\none\n");
    QTest::newRow("an empty line in the body")
        << QByteArray("A: b\n\none\n\ntwo\n") << 2 << QByteArray("A: b\n\none\n\n");
    QTest::newRow("no end") << QByteArray("A: b\n\none") << 5 << QByteArray("A: b\n\none");
    QTest::newRow("no line") << QByteArray("A: b\n\none\n") << 0 << QByteArray("A: b\n\n");
}

void Pop3Test::cutsTheTop()
{
    QFETCH(QByteArray, content);
    QFETCH(int, lines);
    QFETCH(QByteArray, expected);
    QCOMPARE(TopExtent(lines).take(content).toByteArray(), expected);
    TopExtent slow(lines);
    QByteArray shown;
    for (const char octet : std::as_const(content))
        shown += slow.take(QByteArrayView(&octet, 1));
    QCOMPARE(shown, expected);
}

QTEST_GUILESS_MAIN(Pop3Test)
#include "tst_pop3.moc"
