#include "app/commandline/commandline.h"
#include "app/commandline/parsers.h"
#include "app/commands/listencommand.h"

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
    void lmtpRoutes();
    void sendOverrides();
    void authInClear_data();
    void authInClear();
    void windowAndCommonOptions();
    void listen();
    void send();
    void others();
    void asking();
    void since_data();
    void since();
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
    QTest::newRow("webhook that is no URL") << "listen --webhook nonsense"
                                            << "--webhook";
    QTest::newRow("webhook of another kind") << "listen --webhook ftp://h/x"
                                             << "ftp://h/x";
    QTest::newRow("POP3 without an address") << "listen --pop3 1110"
                                             << "--pop3";
    QTest::newRow("POP3 for others") << "listen --pop3 0.0.0.0:1110"
                                     << "this machine alone";
    QTest::newRow("POP3 of people") << "listen --pop3 127.0.0.1:1110 --policy mailboxes"
                                    << "--pop3 goes with --policy catch-all";
    QTest::newRow("HTTP without an address") << "listen --http 8025"
                                             << "--http";
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
    QTest::newRow("T1 no such TLS") << "listen --tls maybe"
                                    << "none, optional, required or implicit";
    QTest::newRow("T2 anybody and mailboxes") << "listen --policy mailboxes --auth any"
                                              << "--auth any";
    QTest::newRow("T2 anybody and a file") << "listen --auth any --auth-file f"
                                           << "--auth-file";
    QTest::newRow("T4 no such place") << "listen --clear-auth network"
                                      << "never, loopback or anywhere";
    QTest::newRow("T6 mailboxes") << "listen --policy mailboxes --bare-lf mark"
                                  << "--bare-lf mark";
    QTest::newRow("T7 no such paths") << "listen --paths sloppy"
                                      << "strict or tolerant";
    QTest::newRow("no such rule") << "listen --file-by project"
                                  << "--file-by";
    QTest::newRow("no field") << "listen --file-by header:"
                              << "--file-by";
    QTest::newRow("no path from the root") << "listen --bind unix:socket"
                                           << "--bind";
    QTest::newRow("no range") << "listen --allow my-host"
                              << "--allow";
    QTest::newRow("reject and mailboxes") << "listen --reject *@a --policy mailboxes"
                                          << "catch-all";
    QTest::newRow("keep nothing") << "listen --keep-messages 0"
                                  << "--keep-messages";
    QTest::newRow("no age") << "listen --keep-age soon"
                            << "--keep-age";
    QTest::newRow("keep and mailboxes") << "listen --keep-size 1000 --policy mailboxes"
                                        << "catch-all";
    QTest::newRow("rule and mailboxes") << "listen --file-by tag --policy mailboxes"
                                        << "catch-all";
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
    QTest::newRow("nameserver port") << "send --from a@b --to c@d --nameserver 127.0.0.1:99999"
                                     << "--nameserver";
    QTest::newRow("nameserver port, IPv6") << "send --from a@b --to c@d --nameserver [::1]x"
                                           << "--nameserver";
    QTest::newRow("trust anchor") << "send --from a@b --to c@d --trust-anchor /nowhere/root.key"
                                  << "--trust-anchor";
    QTest::newRow("LMTP on port 25") << "send --from a@b --to c@d --via lmtp://h:25"
                                     << "25";
    QTest::newRow("LMTP nowhere") << "send --from a@b --to c@d --via lmtp:///"
                                  << "--via";
    QTest::newRow("tls") << "send --from a@b --to c@d --tls maybe"
                         << "maybe";
    QTest::newRow("client certificate alone") << "send --from a@b --to c@d --client-cert c"
                                              << "--client-key";
    QTest::newRow("without") << "send --from a@b --to c@d --without WHAT"
                             << "WHAT";
    QTest::newRow("proxy version") << "send --from a@b --to c@d --proxy v3"
                                   << "v3";
    QTest::newRow("proxy address") << "send --from a@b --to c@d --proxy v1,here,1"
                                   << "here";
    QTest::newRow("deliver by") << "send --from a@b --to c@d --deliver-by 10,maybe"
                                << "maybe";
    QTest::newRow("deliver by, over") << "send --from a@b --to c@d --deliver-by 0,return"
                                      << "--deliver-by";
    QTest::newRow("hold until") << "send --from a@b --to c@d --hold-until tomorrow"
                                << "tomorrow";
    QTest::newRow("priority") << "send --from a@b --to c@d --priority 10"
                              << "--priority";
    QTest::newRow("notify") << "send --from a@b --to c@d --notify never,success"
                            << "never,success";
    QTest::newRow("ret") << "send --from a@b --to c@d --ret body"
                         << "body";
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
    QTest::newRow("queue expire all by accident") << "queue expire"
                                                  << "ALL";
    QTest::newRow("queue at without a time") << "queue at"
                                             << "takes a time";
    QTest::newRow("queue at no time") << "queue at soon Q1"
                                      << "soon";
    QTest::newRow("queue at for all by accident") << "queue at +2h"
                                                  << "ALL";
    QTest::newRow("queue route without a way") << "queue route"
                                               << "direct";
    QTest::newRow("queue route to nowhere") << "queue route somewhere Q1"
                                            << "somewhere";
    QTest::newRow("queue route with a password") << "queue route smtp://a:b@c Q1"
                                                 << "direct";
    QTest::newRow("queue remove all by accident") << "queue remove"
                                                  << "ALL";
    QTest::newRow("T81 a line end in --envid") << "send --from a@b --to c@d --envid x\r\ny"
                                               << "--envid";
    QTest::newRow("T81 a control in --envid") << "send --from a@b --to c@d --envid x\x01"
                                              << "--envid";
    QTest::newRow("T81 past ASCII in --envid") << "send --from a@b --to c@d --envid x\xc3\xa4"
                                               << "--envid";
    QTest::newRow("search nothing") << "search"
                                    << "search";
    QTest::newRow("search limit") << "search x --limit 0"
                                  << "--limit";
    QTest::newRow("show nothing") << "show"
                                  << "latest";
    QTest::newRow("show two") << "show a b"
                              << "one ID";
    QTest::newRow("show in two forms") << "show a --raw --json"
                                       << "--raw";
    QTest::newRow("show no part") << "show a --part x"
                                  << "--part";
    QTest::newRow("check nothing") << "check"
                                   << "latest";
    QTest::newRow("check by no spamd") << "check a --spamd 783"
                                       << "--spamd";
    QTest::newRow("check two") << "check a b"
                               << "one ID";
    QTest::newRow("wait operand") << "wait latest"
                                  << "latest";
    QTest::newRow("wait for a broken pattern") << "wait --subject ("
                                               << "--subject";
    QTest::newRow("wait for an empty pattern") << "wait --body="
                                               << "it is empty";
    QTest::newRow("wait for a field without a pattern") << "wait --header X-A"
                                                        << "NAME=RE";
    QTest::newRow("wait for no address") << "wait --to="
                                         << "--to";
    QTest::newRow("wait since nothing") << "wait --since soon"
                                        << "soon";
    QTest::newRow("wait since a wrong span") << "wait --since -5y"
                                             << "-5y";
    QTest::newRow("wait count") << "wait --count 0"
                                << "--count";
    QTest::newRow("wait timeout") << "wait --timeout never"
                                  << "--timeout";
    QTest::newRow("watch has no end") << "watch --timeout 3"
                                      << "--timeout";
    QTest::newRow("delete nothing") << "delete"
                                    << "ALL";
    QTest::newRow("delete all by accident") << "delete ALL"
                                            << "--mailbox";
    QTest::newRow("mark as nothing") << "mark a"
                                     << "read, unread, flagged, unflagged";
    QTest::newRow("mark all by accident") << "mark read"
                                          << "ALL";
    QTest::newRow("tag with nothing") << "tag a"
                                      << "+TAG";
    QTest::newRow("tag with no words") << "tag a +"
                                       << "names no tag";
    QTest::newRow("tag nothing") << "tag +work"
                                 << "ALL";
    QTest::newRow("import nothing") << "import"
                                    << "PATH";
    QTest::newRow("export format") << "export p --format pst"
                                   << "pst";
    QTest::newRow("journey of nothing") << "journey"
                                        << "ID";
    QTest::newRow("two journeys") << "journey a b"
                                  << "ID";
    QTest::newRow("rules without a word") << "rules"
                                          << "list, import";
    QTest::newRow("rules of no file") << "rules import"
                                      << "FILE";
    QTest::newRow("rules with a word too many") << "rules export x"
                                                << "\"x\"";
    QTest::newRow("rules that are not run") << "rules list --rules f"
                                            << "--rules";
    QTest::newRow("rules with a limit of nothing") << "rules list --limit 3"
                                                   << "--limit";
    QTest::newRow("keep of two") << "keep alice bob"
                                 << "MAILBOX";
    QTest::newRow("keep of nobody") << "keep /Lists"
                                    << "MAILBOX";
    QTest::newRow("keep of no mailbox") << "keep --number 3"
                                        << "MAILBOX";
    QTest::newRow("keep fewer than none") << "keep alice --number -1"
                                          << "--number";
    QTest::newRow("keep for ages") << "keep alice --age 367"
                                   << "--age";
    QTest::newRow("keep for no time") << "keep alice --age soon"
                                      << "--age";
    QTest::newRow("keep sizes") << "keep alice --size 10T"
                                << "--size";
    QTest::newRow("keep more than there is") << "keep alice --size 9000000000G"
                                             << "--size";
    QTest::newRow("keep colors") << "keep alice --color mauve"
                                 << "mauve";
    QTest::newRow("journey in two forms") << "journey a --json --swaks"
                                          << "one of";
    QTest::newRow("report into no file") << "journey a --html="
                                         << "file";
    QTest::newRow("report on no paper") << "journey a --pdf="
                                        << "file";
    QTest::newRow("report on paper and as a page") << "journey a --pdf f --html g"
                                                   << "one of";
    QTest::newRow("two commands") << "journey a --curl --openssl"
                                  << "one of";
    QTest::newRow("compared as curl") << "journey a --compare b --curl"
                                      << "--curl";
    QTest::newRow("headers without a report") << "journey a --headers --curl"
                                              << "--html";
    QTest::newRow("compared with nothing") << "journey a --compare="
                                           << "another";
    QTest::newRow("compared in a report") << "journey a --compare b --html f"
                                          << "--html";
    QTest::newRow("compared as swaks") << "journey a --compare b --swaks"
                                       << "--swaks";
    QTest::newRow("a journey deleted and compared") << "journey a --delete --compare b"
                                                    << "--compare and --delete go with --json alone";
    QTest::newRow("addresses without a report") << "journey a --addresses"
                                                << "--html";
    QTest::newRow("two sessions") << "transcript a b"
                                  << "SESSION";
    QTest::newRow("mcp with a word") << "mcp serve"
                                     << "serve";
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

void CommandLineTest::lmtpRoutes()
{
    const auto host = parseVia(u"lmtp://mail.example"_qs);
    QVERIFY(host && host->protocol == smtp::ClientProtocol::Lmtp);
    QCOMPARE(int(host->port), 24);
    const auto socket = parseVia(u"lmtp:///run/dovecot/lmtp"_qs);
    QVERIFY(socket && socket->protocol == smtp::ClientProtocol::Lmtp);
    QCOMPARE(socket->host, u"/run/dovecot/lmtp"_qs);
}

void CommandLineTest::sendOverrides()
{
    const auto send = parsed<SendInvocation>(
        u"send --from a@b --to c@d --tls required --ca ca.pem --fingerprint ab:cd --client-cert c "
        u"--client-key k "
        u"--without CHUNKING --without pipelining --auth plain --proxy v2,192.0.2.7,4711 --xclient "
        u"ADDR=192.0.2.1 "
        u"--requiretls --deliver-by 60,return --hold-until 2030-01-01T00:00:00Z --priority -2 "
        u"--notify success,delay --ret headers --envid x1"_qs);
    QCOMPARE(*send.overrides.tls, smtp::TlsMode::Required);
    QCOMPARE(send.overrides.authorityFile, u"ca.pem"_qs);
    QCOMPARE(*send.overrides.passedOver,
        smtp::CapabilityFlags(smtp::Capability::Chunking | smtp::Capability::Pipelining));
    QCOMPARE(send.overrides.mechanisms, QStringList{u"PLAIN"_qs});
    QCOMPARE(int(send.overrides.proxy.sourcePort), 4711);
    QCOMPARE(send.overrides.xclient, QList<QByteArray>{"ADDR=192.0.2.1"});
    QVERIFY(send.envelope.requireTls);
    QCOMPARE(send.envelope.deliverBy->seconds, 60);
    QVERIFY(send.envelope.deliverBy->mode == smtp::DeliverBy::Mode::Return);
    QCOMPARE(send.envelope.holdUntil, 1893456000);
    QCOMPARE(*send.envelope.priority, -2);
    QCOMPARE(send.notify, smtp::NotifyFlags(smtp::Notify::Success | smtp::Notify::Delay));
    QVERIFY(send.envelope.dsnReturn == smtp::DsnReturn::Headers);
    QCOMPARE(send.envelope.envelopeId, QByteArray("x1"));
}

void CommandLineTest::authInClear_data()
{
    QTest::addColumn<QString>("options");
    QTest::addColumn<smtp::ClearAuth>("allowed");
    QTest::newRow("T83 not said") << QString() << smtp::ClearAuth::Never;
    QTest::newRow("T83 --auth-in-clear is for this machine")
        << u" --auth-in-clear"_qs << smtp::ClearAuth::Loopback;
    QTest::newRow("T83 said twice it is for any server")
        << u" --auth-in-clear --auth-in-clear"_qs << smtp::ClearAuth::Anywhere;
}

void CommandLineTest::authInClear()
{
    QFETCH(QString, options);
    QFETCH(smtp::ClearAuth, allowed);
    const auto send = parsed<SendInvocation>(u"send --from a@b --to c@d"_qs + options);
    QVERIFY(send.overrides.authInClear == allowed);
}

void CommandLineTest::windowAndCommonOptions()
{
    QCOMPARE(parsed<WindowInvocation>(QString()), WindowInvocation());
    QCOMPARE(parsed<WindowInvocation>(u"mailto:bob@example.org?subject=Hi"_qs).mailto,
        (u"mailto:bob@example.org?subject=Hi"_qs));
    QCOMPARE(parseCommandLine(words(u"--data /d"_qs))->dataFolder, (u"/d"_qs));
    QCOMPARE(parseCommandLine(words(u"--data /d listen"_qs))->dataFolder, (u"/d"_qs));
    QCOMPARE(parseCommandLine(words(u"listen --data=/d"_qs))->dataFolder, (u"/d"_qs));
    QVERIFY(
        std::holds_alternative<ListenInvocation>(parseCommandLine(words(u"--data /d listen"_qs))->command));
    QCOMPARE(parsed<HelpInvocation>(u"--help"_qs).command, QString());
    QCOMPARE(parsed<HelpInvocation>(u"send --help"_qs).command, (u"send"_qs));
    QCOMPARE(parsed<HelpInvocation>(u"send -h"_qs).command, (u"send"_qs));
    (void)parsed<VersionInvocation>(u"--version"_qs);
    // The folder may be named like a command.
    QVERIFY(std::holds_alternative<WindowInvocation>(parseCommandLine(words(u"--data listen"_qs))->command));
}

void CommandLineTest::listen()
{
    QCOMPARE(parsed<ListenInvocation>(u"listen"_qs), ListenInvocation());
    const auto listen = parsed<ListenInvocation>(
        u"listen --bind 127.0.0.1:2525 --bind [::1]:0 --policy mailboxes --domain a.test --domain b.test "
        u"--user bob --user alice --tls-cert c --tls-key k --auth-file f --max-size 1000 --json"_qs);
    QCOMPARE(listen.bindings.size(), 2);
    QVERIFY(listen.policy == mail::RecipientPolicy::Mailboxes);
    QCOMPARE(listen.domains, QStringList({u"a.test"_qs, u"b.test"_qs}));
    QCOMPARE(listen.users, QStringList({u"bob"_qs, u"alice"_qs}));
    QCOMPARE(listen.certificateFile, (u"c"_qs));
    QCOMPARE(listen.keyFile, (u"k"_qs));
    QCOMPARE(listen.authFile, (u"f"_qs));
    QCOMPARE(listen.maxSize, std::optional<qint64>(1000));
    QVERIFY(listen.format == OutputFormat::Json);
    QCOMPARE(parsed<ListenInvocation>(u"listen --mailbox shop"_qs).mailbox, (u"shop"_qs));
    const auto manners = parsed<ListenInvocation>(
        u"listen --tls optional --auth any --clear-auth anywhere --paths strict --bare-lf mark "
        u"--max-recipients 200 --max-connections 7 --idle 30"_qs);
    QVERIFY(manners.tls == smtp::TlsMode::Opportunistic);
    QVERIFY(manners.signIn == mail::SignInPolicy::Anybody);
    QVERIFY(manners.clearSignIn == smtp::ClearAuth::Anywhere);
    QVERIFY(manners.paths == mail::PathPolicy::Strict);
    QVERIFY(manners.bareLineFeeds == smtp::BareLineFeeds::Marked);
    const auto rule = parsed<ListenInvocation>(u"listen --file-by header:X-Project"_qs);
    QVERIFY(withOptions({}, rule).listener.captureRule
        == (mail::CaptureRule{mail::CaptureRule::By::Header, u"X-Project"_qs}));
    const auto local = parsed<ListenInvocation>(u"listen --bind unix:/run/x:1"_qs).bindings.constFirst();
    QCOMPARE(local.unixPath, u"/run/x:1"_qs);
    QCOMPARE(local.place(), u"unix:/run/x:1"_qs);
    const auto chosen = withOptions({},
        parsed<ListenInvocation>(
            u"listen --reject *@a.test --reject b@* --discard c@d --allow 127.0.0.1 --allow 10.0.0.0/8"_qs))
                            .listener;
    QCOMPARE(chosen.rejectedRecipients, QStringList({u"*@a.test"_qs, u"b@*"_qs}));
    QCOMPARE(chosen.discardedRecipients, QStringList({u"c@d"_qs}));
    QCOMPARE(chosen.allowedClients, QStringList({u"127.0.0.1"_qs, u"10.0.0.0/8"_qs}));
    const auto kept
        = parsed<ListenInvocation>(u"listen --keep-messages 500 --keep-age 7d --keep-size 1000000"_qs);
    QVERIFY(withOptions({}, kept).listener.retention
        == (mail::CaptureRetention{500, std::chrono::hours(7 * 24), 1000000}));
    const mail::Settings set = withOptions({}, manners);
    QVERIFY(set.listener.bindings.constFirst().tls == smtp::TlsMode::Opportunistic);
    QVERIFY(set.listener.signIn == mail::SignInPolicy::Anybody);
    QVERIFY(set.listener.clearSignIn == smtp::ClearAuth::Anywhere);
    QVERIFY(set.listener.paths == mail::PathPolicy::Strict);
    QVERIFY(set.listener.bareLineFeeds == smtp::BareLineFeeds::Marked);
    QCOMPARE(set.listener.limits.recipients, 200);
    QCOMPARE(set.listener.limits.connections, 7);
    QCOMPARE(set.listener.limits.idle, std::chrono::milliseconds(30000));
    // A certificate is given to be used, unless --tls says otherwise.
    const auto tlsOf = [](const QString &options) {
        return withOptions({}, parsed<ListenInvocation>(options)).listener.bindings.constFirst().tls;
    };
    QCOMPARE(tlsOf(u"listen"_qs), smtp::TlsMode::None);
    QCOMPARE(tlsOf(u"listen --tls-cert c --tls-key k"_qs), smtp::TlsMode::Opportunistic);
    QCOMPARE(tlsOf(u"listen --tls-cert c --tls-key k --tls none"_qs), smtp::TlsMode::None);
}

void CommandLineTest::send()
{
    const auto send = parsed<SendInvocation>(
        u"send --from a@b --to c@d --to e@f --cc g@h --bcc i@j --subject S --text - --html H --attach x "
        u"--attach y --direct --nameserver 127.0.5.3 --port 2525 --queue --transcript json"_qs);
    QCOMPARE(send.to, QStringList({u"c@d"_qs, u"e@f"_qs}));
    QCOMPARE(send.cc, QStringList(u"g@h"_qs));
    QCOMPARE(send.bcc, QStringList(u"i@j"_qs));
    QCOMPARE(send.textFile, (u"-"_qs));
    QCOMPARE(send.attachments, QStringList({u"x"_qs, u"y"_qs}));
    QVERIFY(send.route && send.route->kind == mail::OutgoingRoute::Kind::Direct);
    QCOMPARE(send.nameserver, QHostAddress(u"127.0.5.3"_qs));
    QCOMPARE(send.port, std::optional<quint16>(2525));
    QVERIFY(send.handover == Handover::Queue);
    QVERIFY(send.transcript == TranscriptFormat::Json);
    QCOMPARE(send.nameserverPort, 53);
    const auto six = parsed<SendInvocation>(
        u"send --from a@b --to c@d --nameserver [::1]:5353 --trust-anchor /dev/null"_qs);
    QCOMPARE(six.nameserver, QHostAddress(u"::1"_qs));
    QCOMPARE(six.nameserverPort, 5353);
    QCOMPARE(six.trustAnchorFile, u"/dev/null"_qs);
    QCOMPARE(parsed<SendInvocation>(u"send --from a@b --to c@d --nameserver ::1"_qs).nameserverPort, 53);
    QVERIFY(!parsed<SendInvocation>(u"send --from a@b --to c@d"_qs).route);
    QCOMPARE(parsed<SendInvocation>(u"send --from=<> --to c@d --message m.eml"_qs).from, (u"<>"_qs));
    QVERIFY(parsed<SendInvocation>(u"send --from a@b --bcc c@d"_qs).to.isEmpty());
}

void CommandLineTest::others()
{
    QVERIFY(!parsed<QueueInvocation>(u"queue list"_qs).request);
    QVERIFY(
        parsed<QueueInvocation>(u"queue run"_qs).request == mail::QueueRequest(mail::QueueAction::TryNow));
    QCOMPARE(parsed<QueueInvocation>(u"queue hold Q1 Q2"_qs).ids, QList<QByteArray>({"Q1", "Q2"}));
    QVERIFY(parsed<QueueInvocation>(u"queue expire Q1"_qs).request == mail::QueueAction::Expire);
    const auto at = parsed<QueueInvocation>(u"queue at 2030-01-02T03:04:05Z Q1 Q2"_qs);
    QVERIFY(at.request->action == mail::QueueAction::Postpone);
    QCOMPARE(at.request->at, 1893553445000);
    QCOMPARE(at.ids, QList<QByteArray>({"Q1", "Q2"}));
    const qint64 soon = parsed<QueueInvocation>(u"queue at +2h ALL"_qs).request->at;
    QVERIFY(qAbs(soon - QDateTime::currentMSecsSinceEpoch() - 2 * 3600 * 1000) < 60 * 1000);
    const auto way = parsed<QueueInvocation>(u"queue route smtp://bob@mx.example:2525 Q1"_qs);
    QVERIFY(way.request->action == mail::QueueAction::Reroute);
    QCOMPARE(way.request->route->host, (u"mx.example"_qs));
    QCOMPARE(way.request->route->port, quint16(2525));
    QVERIFY(parsed<QueueInvocation>(u"queue route direct Q1"_qs).request->route == mail::OutgoingRoute());
    QVERIFY(!parsed<QueueInvocation>(u"queue route default Q1"_qs).request->route);
    QVERIFY(parsed<QueueInvocation>(u"queue release --json"_qs).format == OutputFormat::Json);
    QVERIFY(parsed<QueueInvocation>(u"queue remove ALL"_qs).ids.isEmpty());
    QCOMPARE(parsed<SearchInvocation>(u"search from:bob lunch --limit 3"_qs).query, (u"from:bob lunch"_qs));
    QCOMPARE(parsed<SearchInvocation>(u"search x --limit 3"_qs).limit, 3);
    QCOMPARE(parsed<TranscriptInvocation>(u"transcript abc --json"_qs).session, QByteArray("abc"));
    QCOMPARE(parsed<TranscriptInvocation>(u"transcript"_qs).session, QByteArray());
    const auto mcp = parseCommandLine(words(u"mcp --data d"_qs));
    QVERIFY(mcp && std::holds_alternative<McpInvocation>(mcp->command));
    QCOMPARE(mcp->dataFolder, u"d"_qs);
    QCOMPARE(parsed<JourneyInvocation>(u"journey abc --json"_qs).name, QByteArray("abc"));
    QVERIFY(parsed<JourneyInvocation>(u"journey abc --json"_qs).format == OutputFormat::Json);
    QVERIFY(parsed<RulesInvocation>(u"rules list --json"_qs).format == OutputFormat::Json);
    QCOMPARE(parsed<RulesInvocation>(u"rules import -"_qs).file, (u"-"_qs));
    QCOMPARE(parsed<RulesInvocation>(u"rules log --limit 3"_qs).limit, 3);
    QCOMPARE(parsed<RulesInvocation>(u"rules dry-run"_qs).query, (u"in:inbox"_qs));
    const auto rules = parsed<RulesInvocation>(u"rules apply from:bob lunch --rules f"_qs);
    QVERIFY(rules.action == RulesInvocation::Action::Apply);
    QCOMPARE(rules.query, (u"from:bob lunch"_qs));
    QCOMPARE(rules.file, (u"f"_qs));
    const auto keep
        = parsed<KeepInvocation>(u"keep alice/Lists --number 5 --age 30 --size 10M --color Teal --json"_qs);
    QVERIFY(keep
        == (KeepInvocation{u"alice/Lists"_qs, 5, std::chrono::hours(30 * 24), qint64(10) << 20, u"teal"_qs,
            OutputFormat::Json}));
    const auto keepAll = parsed<KeepInvocation>(u"keep shop --number 0 --age 12h --size 0 --color none"_qs);
    QVERIFY(
        keepAll == (KeepInvocation{u"shop"_qs, 0, std::chrono::hours(12), 0, QString(), OutputFormat::Text}));
    QCOMPARE(parsed<KeepInvocation>(u"keep shop --size 1500"_qs).size, std::optional<qint64>(1500));
    QVERIFY(!parsed<KeepInvocation>(u"keep shop"_qs).changes());
    QVERIFY(parsed<KeepInvocation>(u"keep --json"_qs).mailbox.isEmpty());
    const auto report = parsed<JourneyInvocation>(u"journey abc --html out.html --addresses"_qs);
    QVERIFY(report.form == JourneyInvocation::Form::Page && report.showsAddresses && !report.showsHeader);
    QCOMPARE(report.file, u"out.html"_qs);
    const auto paper = parsed<JourneyInvocation>(u"journey abc --pdf out.pdf --headers"_qs);
    QVERIFY(paper.form == JourneyInvocation::Form::Paper && !paper.showsAddresses && paper.showsHeader);
    QCOMPARE(paper.file, u"out.pdf"_qs);
    QVERIFY(parsed<JourneyInvocation>(u"journey abc --curl"_qs).form == JourneyInvocation::Form::Curl);
    QVERIFY(parsed<JourneyInvocation>(u"journey abc --openssl"_qs).form == JourneyInvocation::Form::Openssl);
    QVERIFY(parsed<JourneyInvocation>(u"journey abc --swaks"_qs).form == JourneyInvocation::Form::Swaks);
    const auto deletion = parsed<JourneyInvocation>(u"journey abc --delete --json"_qs);
    QVERIFY(deletion.form == JourneyInvocation::Form::Deleted);
    QCOMPARE(deletion.name, QByteArray("abc"));
    const auto comparison = parsed<JourneyInvocation>(u"journey abc --compare def --json"_qs);
    QVERIFY(comparison.form == JourneyInvocation::Form::Compared && comparison.format == OutputFormat::Json);
    QCOMPARE(comparison.name, QByteArray("abc"));
    QCOMPARE(comparison.other, QByteArray("def"));
    const auto transfer = parsed<TransferInvocation>(u"export out --format mbox --mailbox bob/Sent"_qs);
    QVERIFY(transfer.direction == TransferInvocation::Direction::Export);
    QVERIFY(transfer.format == TransferInvocation::Format::Mbox);
    QCOMPARE(transfer.mailbox, (u"bob/Sent"_qs));
}

void CommandLineTest::asking()
{
    using Form = ShowInvocation::Form;
    const auto show = parsed<ShowInvocation>(u"show 1700000000.M1P1Q1.host --part 2 --mailbox alice/Junk"_qs);
    QVERIFY(show == (ShowInvocation{"1700000000.M1P1Q1.host", u"alice/Junk"_qs, Form::Part, 2}));
    QVERIFY(parsed<ShowInvocation>(u"show latest --raw"_qs).form == Form::Raw);
    const auto check
        = parsed<CheckInvocation>(u"check latest --json --mailbox shop --spamd 127.0.0.1:783"_qs);
    QVERIFY(check == (CheckInvocation{"latest", u"shop"_qs, u"127.0.0.1:783"_qs, OutputFormat::Json}));

    const auto wait = parsed<WaitInvocation>(
        u"wait --to a@b --from c@d --subject ^x$ --body y+ --header X-A==1 --header X-B=2 --mailbox m "
        u"--count 3 --since all --timeout 0 --json"_qs);
    WaitInvocation expected;
    expected.to = u"a@b"_qs;
    expected.from = u"c@d"_qs;
    expected.subject = u"^x$"_qs;
    expected.body = u"y+"_qs;
    expected.headers = {{u"X-A"_qs, u"=1"_qs}, {u"X-B"_qs, u"2"_qs}};
    expected.mailbox = u"m"_qs;
    expected.count = 3;
    expected.timeout = std::chrono::seconds(0);
    expected.format = OutputFormat::Json;
    QVERIFY(wait == expected);
    QVERIFY(parsed<WaitInvocation>(u"wait"_qs).timeout == std::chrono::seconds(30));
    const auto watch = parsed<WaitInvocation>(u"watch"_qs);
    QVERIFY(watch.prints == WaitInvocation::Prints::Rows && watch.count == 0 && !watch.timeout);

    const auto some = parsed<ChangeInvocation>(u"delete a b"_qs);
    QVERIFY(some.change == ChangeInvocation::Change::Delete);
    QCOMPARE(some.ids, (QList<QByteArray>{"a", "b"}));
    const auto all = parsed<ChangeInvocation>(u"delete ALL --mailbox m"_qs);
    QVERIFY(all.ids.isEmpty() && all.mailbox == u"m");
    const auto unread = parsed<ChangeInvocation>(u"mark unread a"_qs);
    QVERIFY(unread.change == ChangeInvocation::Change::Mark);
    QVERIFY(unread.clear == mail::MessageFlag::Seen && !unread.set);
    QVERIFY(parsed<ChangeInvocation>(u"mark flagged a"_qs).set == mail::MessageFlag::Flagged);
    const auto tagged = parsed<ChangeInvocation>(u"tag +work a -later b --json"_qs);
    QVERIFY(tagged.change == ChangeInvocation::Change::Tag && tagged.format == OutputFormat::Json);
    QCOMPARE(tagged.ids, (QList<QByteArray>{"a", "b"}));
    QCOMPARE(tagged.addedTags, QStringList{u"work"_qs});
    QCOMPARE(tagged.removedTags, QStringList{u"later"_qs});
    QCOMPARE(parsed<ChangeInvocation>(u"tag a -h"_qs).removedTags, QStringList{u"h"_qs});
    QCOMPARE(parsed<HelpInvocation>(u"tag -h"_qs).command, u"tag"_qs);
}

void CommandLineTest::since_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("least"); // microseconds; from now on where it is negative
    QTest::addColumn<qint64>("counter");
    QTest::newRow("all") << "all" << qint64(0) << qint64(0);
    QTest::newRow("now") << "now" << qint64(-1) << qint64(0);
    QTest::newRow("five minutes ago") << "-5m" << qint64(-300'000'000) << qint64(0);
    QTest::newRow("a time with a zone")
        << "2026-11-25T08:00:00Z" << qint64(1'795'593'600'000'000) << qint64(0);
    QTest::newRow("a time with fractions")
        << "2026-11-25T08:00:00.250Z" << qint64(1'795'593'600'250'000) << qint64(0);
    QTest::newRow("a message of ours")
        << "1795593600.M250001P77Q12.host,S=1,W=2" << qint64(1'795'593'600'250'001) << qint64(12);
    QTest::newRow("a message of another program")
        << "1795593600.4711_0.host" << qint64(1'795'593'600'999'999) << qint64(0);
}

void CommandLineTest::since()
{
    QFETCH(QString, text);
    QFETCH(qint64, least);
    QFETCH(qint64, counter);
    const qint64 before = mail::ArrivalMoment::now().micros;
    const mail::ArrivalMoment since = parsed<WaitInvocation>(u"wait --since "_qs + text).since;
    if (least < 0) {
        const qint64 shift = least == -1 ? 0 : least;
        QVERIFY(since.micros >= before + shift && since.micros <= mail::ArrivalMoment::now().micros + shift);
    } else {
        QCOMPARE(since.micros, least);
    }
    QCOMPARE(qint64(since.counter), counter);
}

void CommandLineTest::helpNamesEveryOption()
{
    const QHash<QString, QStringList> options = {
        {u"listen"_qs,
            {u"bind"_qs, u"policy"_qs, u"mailbox"_qs, u"domain"_qs, u"user"_qs, u"tls-cert"_qs, u"tls-key"_qs,
                u"auth-file"_qs, u"tls"_qs, u"auth"_qs, u"clear-auth"_qs, u"paths"_qs, u"bare-lf"_qs,
                u"max-size"_qs, u"max-recipients"_qs, u"max-connections"_qs, u"idle"_qs, u"data"_qs,
                u"http"_qs, u"pop3"_qs, u"webhook"_qs, u"run-for-each"_qs, u"spamd"_qs, u"json"_qs}},
        {u"send"_qs,
            {u"from"_qs, u"to"_qs, u"cc"_qs, u"bcc"_qs, u"subject"_qs, u"text"_qs, u"html"_qs, u"attach"_qs,
                u"message"_qs, u"via"_qs, u"direct"_qs, u"nameserver"_qs, u"trust-anchor"_qs, u"ca"_qs,
                u"mta-sts-port"_qs, u"port"_qs, u"queue"_qs, u"transcript"_qs, u"data"_qs}},
        {u"sendmail"_qs, {u"via"_qs, u"data"_qs}},
        {u"queue"_qs, {u"json"_qs, u"data"_qs}},
        {u"search"_qs, {u"json"_qs, u"limit"_qs, u"data"_qs}},
        {u"show"_qs, {u"json"_qs, u"raw"_qs, u"part"_qs, u"mailbox"_qs, u"data"_qs}},
        {u"check"_qs, {u"json"_qs, u"mailbox"_qs, u"spamd"_qs, u"data"_qs}},
        {u"wait"_qs,
            {u"to"_qs, u"from"_qs, u"subject"_qs, u"body"_qs, u"header"_qs, u"mailbox"_qs, u"count"_qs,
                u"since"_qs, u"timeout"_qs, u"json"_qs, u"data"_qs}},
        {u"watch"_qs, {u"mailbox"_qs, u"since"_qs, u"json"_qs, u"data"_qs}},
        {u"delete"_qs, {u"mailbox"_qs, u"json"_qs, u"data"_qs}},
        {u"mark"_qs, {u"mailbox"_qs, u"json"_qs, u"data"_qs}},
        {u"tag"_qs, {u"mailbox"_qs, u"json"_qs, u"data"_qs}},
        {u"import"_qs, {u"format"_qs, u"mailbox"_qs, u"data"_qs}},
        {u"export"_qs, {u"format"_qs, u"mailbox"_qs, u"data"_qs}},
        {u"transcript"_qs, {u"json"_qs, u"data"_qs}},
        {u"mcp"_qs, {u"data"_qs}},
        {u"journey"_qs,
            {u"json"_qs, u"html"_qs, u"pdf"_qs, u"addresses"_qs, u"headers"_qs, u"swaks"_qs, u"curl"_qs,
                u"openssl"_qs, u"compare"_qs, u"delete"_qs, u"data"_qs}},
        {u"rules"_qs, {u"rules"_qs, u"limit"_qs, u"json"_qs, u"data"_qs}},
        {u"keep"_qs, {u"number"_qs, u"age"_qs, u"size"_qs, u"color"_qs, u"json"_qs, u"data"_qs}},
    };
    for (auto it = options.begin(); it != options.end(); ++it) {
        for (const QString &option : it.value())
            QVERIFY2(
                helpText(it.key()).contains(u"--"_qs + option), qPrintable(it.key() + u" --"_qs + option));
        QVERIFY(helpText(QString()).contains(u"glasspost "_qs + it.key()));
    }
}

QTEST_APPLESS_MAIN(CommandLineTest)
#include "tst_commandline.moc"
