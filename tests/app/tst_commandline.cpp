#include "app/commandline/commandline.h"
#include "app/commandline/parsers.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;

/// The command line is a contract: its words, options and refusals.
class CommandLineTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refusals_data();
    void refusals();
    void bindings_data();
    void bindings();
    void routes_data();
    void routes();
    void windowAndCommonOptions();
    void listen();
    void send();
    void others();
    void helpNamesEveryOption();
};

static QStringList words(const QString &line)
{
    return line.split(u' ', Qt::SkipEmptyParts);
}

template <typename T> static T parsed(const QString &line)
{
    const auto invocation = parseCommandLine(words(line));
    if (!invocation) {
        qWarning("%s: %s", qPrintable(line), qPrintable(invocation.error().sentence));
        return {};
    }
    const T *value = std::get_if<T>(&invocation->command);
    if (!value)
        qWarning("%s: another command", qPrintable(line));
    return value ? *value : T();
}

void CommandLineTest::refusals_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown command") << "lissten"
                                     << "lissten";
    QTest::newRow("unknown option") << "listen --binds 1"
                                    << "--binds";
    QTest::newRow("short option") << "send -f a@b"
                                  << "-f";
    QTest::newRow("option of another command") << "listen --via smtp://h"
                                               << "--via";
    QTest::newRow("no value") << "listen --bind"
                              << "--bind";
    QTest::newRow("option as value") << "send --from --to b@c"
                                     << "--from";
    QTest::newRow("value for a flag") << "listen --json=yes"
                                      << "--json";
    QTest::newRow("twice") << "send --from a@b --from c@d --to e@f"
                           << "--from";
    QTest::newRow("data without folder") << "--data"
                                         << "--data";
    QTest::newRow("data empty") << "listen --data="
                                << "--data";
    QTest::newRow("two mailto") << "mailto:a@b mailto:c@d"
                                << "mailto";
    QTest::newRow("bad port") << "listen --bind 127.0.0.1:70000"
                              << "70000";
    QTest::newRow("policy") << "listen --policy all"
                            << "all";
    QTest::newRow("listen operand") << "listen 127.0.0.1:25"
                                    << "127.0.0.1:25";
    QTest::newRow("certificate alone") << "listen --tls-cert c.pem"
                                       << "--tls-key";
    QTest::newRow("key alone") << "listen --tls-key k.pem"
                               << "--tls-cert";
    QTest::newRow("mailbox and mailboxes") << "listen --mailbox x --policy mailboxes"
                                           << "--mailbox";
    QTest::newRow("size") << "listen --max-size 10M"
                          << "10M";
    QTest::newRow("size zero") << "listen --max-size 0"
                               << "--max-size";
    QTest::newRow("user with a slash") << "listen --user ../bob"
                                       << "../bob";
    QTest::newRow("user with domain") << "listen --user bob@x"
                                      << "bob@x";
    QTest::newRow("send without from") << "send --to a@b"
                                       << "--from";
    QTest::newRow("send without to") << "send --from a@b"
                                     << "--to";
    QTest::newRow("null sender, built message") << "send --from <> --to a@b"
                                                << "--from";
    QTest::newRow("message and text") << "send --from a@b --to c@d --message m --text t"
                                      << "--text";
    QTest::newRow("via and direct") << "send --from a@b --to c@d --via smtp://h --direct"
                                    << "--direct";
    QTest::newRow("via scheme") << "send --from a@b --to c@d --via http://h"
                                << "http://h";
    QTest::newRow("via password") << "send --from a@b --to c@d --via smtp://u:p@h"
                                  << "GLASSPOST_PASSWORD";
    QTest::newRow("nameserver name") << "send --from a@b --to c@d --nameserver ns"
                                     << "--nameserver";
    QTest::newRow("port zero") << "send --from a@b --to c@d --port 0"
                               << "--port";
    QTest::newRow("transcript") << "send --from a@b --to c@d --transcript xml"
                                << "xml";
    QTest::newRow("queue alone") << "queue"
                                 << "list";
    QTest::newRow("queue verb") << "queue flush"
                                << "flush";
    QTest::newRow("queue remove all by accident") << "queue remove"
                                                  << "ALL";
    QTest::newRow("search nothing") << "search"
                                    << "search";
    QTest::newRow("search limit") << "search x --limit 0"
                                  << "--limit";
    QTest::newRow("import nothing") << "import"
                                    << "PATH";
    QTest::newRow("export format") << "export p --format pst"
                                   << "pst";
    QTest::newRow("two sessions") << "transcript a b"
                                  << "SESSION";
}

void CommandLineTest::refusals()
{
    QFETCH(QString, line);
    QFETCH(QString, named);
    const auto invocation = parseCommandLine(words(line));
    QVERIFY(!invocation);
    QVERIFY2(invocation.error().sentence.contains(named), qPrintable(invocation.error().sentence));
    QVERIFY(!invocation.error().sentence.contains(u'\n'));
}

void CommandLineTest::bindings_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("port");
    QTest::newRow("IPv4") << "127.0.0.1:2525"
                          << "127.0.0.1" << 2525;
    QTest::newRow("any port") << "0.0.0.0:0"
                              << "0.0.0.0" << 0;
    QTest::newRow("IPv6") << "[::1]:25"
                          << "::1" << 25;
    QTest::newRow("localhost") << "localhost:2525"
                               << "127.0.0.1" << 2525;
    QTest::newRow("IPv6 bare") << "::1:25"
                               << "" << 0;
    QTest::newRow("IPv4 in brackets") << "[127.0.0.1]:25"
                                      << "" << 0;
    QTest::newRow("no port") << "127.0.0.1"
                             << "" << 0;
    QTest::newRow("empty port") << "127.0.0.1:"
                                << "" << 0;
    QTest::newRow("no address") << ":25"
                                << "" << 0;
    QTest::newRow("negative") << "127.0.0.1:-1"
                              << "" << 0;
    QTest::newRow("name") << "example.org:25"
                          << "" << 0;
}

void CommandLineTest::bindings()
{
    QFETCH(QString, text);
    QFETCH(QString, address);
    QFETCH(int, port);
    const auto binding = parseBinding(text);
    QCOMPARE(bool(binding), !address.isEmpty());
    if (binding) {
        QCOMPARE(binding->address.toString(), address);
        QCOMPARE(int(binding->port), port);
    }
}

void CommandLineTest::routes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("user");
    QTest::addColumn<int>("port");
    QTest::addColumn<bool>("implicit");
    QTest::newRow("plain") << "smtp://mail.example.org"
                           << "mail.example.org"
                           << "" << 25 << false;
    QTest::newRow("port") << "smtp://127.0.0.1:2525"
                          << "127.0.0.1"
                          << "" << 2525 << false;
    QTest::newRow("user") << "smtp://bob@mail.example.org"
                          << "mail.example.org"
                          << "bob" << 587 << false;
    QTest::newRow("user is an address") << "smtps://bob%40example.org@mail.example.org"
                                        << "mail.example.org"
                                        << "bob@example.org" << 465 << true;
    QTest::newRow("IPv6") << "smtp://[::1]:25"
                          << "::1"
                          << "" << 25 << false;
    QTest::newRow("slash") << "smtp://host/"
                           << "host"
                           << "" << 25 << false;
    QTest::newRow("path") << "smtp://host/x"
                          << ""
                          << "" << 0 << false;
    QTest::newRow("no scheme") << "host:25"
                               << ""
                               << "" << 0 << false;
    QTest::newRow("empty") << "smtp://"
                           << ""
                           << "" << 0 << false;
    QTest::newRow("port zero") << "smtp://host:0"
                               << ""
                               << "" << 0 << false;
}

void CommandLineTest::routes()
{
    QFETCH(QString, text);
    QFETCH(QString, host);
    QFETCH(QString, user);
    QFETCH(int, port);
    QFETCH(bool, implicit);
    const auto route = parseVia(text);
    QCOMPARE(bool(route), !host.isEmpty());
    if (route) {
        QCOMPARE(route->host, host);
        QCOMPARE(route->user, user);
        QCOMPARE(int(route->port), port);
        QCOMPARE(route->tls == smtp::TlsMode::Implicit, implicit);
        QVERIFY(route->kind == mail::OutgoingRoute::Kind::Smarthost);
    }
}

void CommandLineTest::windowAndCommonOptions()
{
    QCOMPARE(parsed<WindowInvocation>(QString()), WindowInvocation());
    QCOMPARE(parsed<WindowInvocation>("mailto:bob@example.org?subject=Hi").mailto,
        QString("mailto:bob@example.org?subject=Hi"));
    QCOMPARE(parseCommandLine(words("--data /d"))->dataFolder, QString("/d"));
    QCOMPARE(parseCommandLine(words("--data /d listen"))->dataFolder, QString("/d"));
    QCOMPARE(parseCommandLine(words("listen --data=/d"))->dataFolder, QString("/d"));
    QVERIFY(std::holds_alternative<ListenInvocation>(parseCommandLine(words("--data /d listen"))->command));
    QCOMPARE(parsed<HelpInvocation>("--help").command, QString());
    QCOMPARE(parsed<HelpInvocation>("send --help").command, QString("send"));
    QCOMPARE(parsed<HelpInvocation>("send -h").command, QString("send"));
    (void)parsed<VersionInvocation>("--version");
    // The folder may be named like a command.
    QVERIFY(std::holds_alternative<WindowInvocation>(parseCommandLine(words("--data listen"))->command));
}

void CommandLineTest::listen()
{
    QCOMPARE(parsed<ListenInvocation>("listen"), ListenInvocation());
    const auto listen = parsed<ListenInvocation>(
        "listen --bind 127.0.0.1:2525 --bind [::1]:0 --policy mailboxes --domain a.test --domain b.test "
        "--user bob --user alice --tls-cert c --tls-key k --auth-file f --max-size 1000 --json");
    QCOMPARE(listen.bindings.size(), 2);
    QVERIFY(listen.policy == mail::RecipientPolicy::Mailboxes);
    QCOMPARE(listen.domains, QStringList({"a.test", "b.test"}));
    QCOMPARE(listen.users, QStringList({"bob", "alice"}));
    QCOMPARE(listen.certificateFile, QString("c"));
    QCOMPARE(listen.keyFile, QString("k"));
    QCOMPARE(listen.authFile, QString("f"));
    QCOMPARE(listen.maxSize, std::optional<qint64>(1000));
    QVERIFY(listen.format == OutputFormat::Json);
    QCOMPARE(parsed<ListenInvocation>("listen --mailbox shop").mailbox, QString("shop"));
}

void CommandLineTest::send()
{
    const auto send = parsed<SendInvocation>(
        "send --from a@b --to c@d --to e@f --cc g@h --bcc i@j --subject S --text - --html H --attach x "
        "--attach y --direct --nameserver 127.0.5.3 --port 2525 --queue --transcript json");
    QCOMPARE(send.to, QStringList({"c@d", "e@f"}));
    QCOMPARE(send.cc, QStringList("g@h"));
    QCOMPARE(send.bcc, QStringList("i@j"));
    QCOMPARE(send.textFile, QString("-"));
    QCOMPARE(send.attachments, QStringList({"x", "y"}));
    QVERIFY(send.route && send.route->kind == mail::OutgoingRoute::Kind::Direct);
    QCOMPARE(send.nameserver, QHostAddress("127.0.5.3"));
    QCOMPARE(send.port, std::optional<quint16>(2525));
    QVERIFY(send.handover == Handover::Queue);
    QVERIFY(send.transcript == TranscriptFormat::Json);
    QVERIFY(!parsed<SendInvocation>("send --from a@b --to c@d").route);
    QCOMPARE(parsed<SendInvocation>("send --from=<> --to c@d --message m.eml").from, QString("<>"));
    QVERIFY(parsed<SendInvocation>("send --from a@b --bcc c@d").to.isEmpty());
}

void CommandLineTest::others()
{
    QVERIFY(!parsed<QueueInvocation>("queue list").action);
    QVERIFY(parsed<QueueInvocation>("queue run").action == mail::QueueAction::TryNow);
    QCOMPARE(parsed<QueueInvocation>("queue hold Q1 Q2").ids, QList<QByteArray>({"Q1", "Q2"}));
    QVERIFY(parsed<QueueInvocation>("queue release --json").format == OutputFormat::Json);
    QVERIFY(parsed<QueueInvocation>("queue remove ALL").ids.isEmpty());
    QCOMPARE(parsed<SearchInvocation>("search from:bob lunch --limit 3").query, QString("from:bob lunch"));
    QCOMPARE(parsed<SearchInvocation>("search x --limit 3").limit, 3);
    QCOMPARE(parsed<TranscriptInvocation>("transcript abc --json").session, QByteArray("abc"));
    QCOMPARE(parsed<TranscriptInvocation>("transcript").session, QByteArray());
    const auto transfer = parsed<TransferInvocation>("export out --format mbox --mailbox bob/Sent");
    QVERIFY(transfer.direction == TransferInvocation::Direction::Export);
    QVERIFY(transfer.format == TransferInvocation::Format::Mbox);
    QCOMPARE(transfer.mailbox, QString("bob/Sent"));
}

void CommandLineTest::helpNamesEveryOption()
{
    const QHash<QString, QStringList> options = {
        {"listen",
            {"bind", "policy", "mailbox", "domain", "user", "tls-cert", "tls-key", "auth-file", "max-size",
                "data", "json"}},
        {"send",
            {"from", "to", "cc", "bcc", "subject", "text", "html", "attach", "message", "via", "direct",
                "nameserver", "port", "queue", "transcript", "data"}},
        {"queue", {"json", "data"}},
        {"search", {"json", "limit", "data"}},
        {"import", {"format", "mailbox", "data"}},
        {"export", {"format", "mailbox", "data"}},
        {"transcript", {"json", "data"}},
    };
    for (auto it = options.begin(); it != options.end(); ++it) {
        for (const QString &option : it.value())
            QVERIFY2(helpText(it.key()).contains("--" + option), qPrintable(it.key() + " --" + option));
        QVERIFY(helpText(QString()).contains("glasspost " + it.key()));
    }
}

QTEST_APPLESS_MAIN(CommandLineTest)
#include "tst_commandline.moc"
