#include "app/commandline/commandline.h"
#include "app/commands/sendmailmessage.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::app;

/// What programs call sendmail with, and what becomes of the message that they give.
class SendmailTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void options_data();
    void options();
    void queueOptions();
    void refusals_data();
    void refusals();
    void messages_data();
    void messages();
    void badMessages_data();
    void badMessages();
    void identityOfTheCaller();
    void largeMessage();
};

namespace {

using Mode = SendmailInvocation::Mode;

SendmailInvocation parsed(const QStringList &words)
{
    const auto invocation = parseCommandLine(QStringList{QStringLiteral("sendmail")} + words);
    const auto *sendmail = invocation ? std::get_if<SendmailInvocation>(&invocation->command) : nullptr;
    if (!sendmail)
        qWarning("not understood: %s", qPrintable(words.join(u' ')));
    return sendmail ? *sendmail : SendmailInvocation();
}

QStringList split(const QString &line)
{
    return line.split(u' ', Qt::SkipEmptyParts);
}

/// The octets as a pipe gives them: a few at a time.
SendmailInput inPieces(const QByteArray &octets, qsizetype size)
{
    return [octets, size, at = qsizetype(0)]() mutable -> mail::Result<QByteArray> {
        const QByteArray piece = octets.mid(at, size);
        at += piece.size();
        return piece;
    };
}

tl::expected<Outgoing, SendFailure> readFrom(
    const QByteArray &input, const SendmailInvocation &sendmail, const mail::Settings &settings = {})
{
    mail::Settings known = settings;
    known.hostName = QStringLiteral("host.test");
    QTemporaryDir folder;
    const Caller caller{QStringLiteral("ann"), QStringLiteral("Ann Example")};
    return readSendmail(sendmail, inPieces(input, 3), known, caller, folder.path());
}

QString recipientsOf(const smtp::Envelope &envelope)
{
    QStringList list;
    for (const smtp::EnvelopeRecipient &recipient : envelope.recipients)
        list += QString::fromUtf8(recipient.forwardPath.toBytes());
    return list.join(u' ');
}

} // namespace

void SendmailTest::options_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("understood"); // mode, -t, dot ends, sender, name, recipients
    QTest::newRow("PHP's mail()") << "-t -i"
                                  << "message t - ? '' ";
    QTest::newRow("Debian's cron") << "-FCronDaemon -i -B8BITMIME -oem root"
                                   << "message . - ? 'CronDaemon' root";
    QTest::newRow("git send-email") << "-i -f a@b.test c@d.test e@f.test"
                                    << "message . - a@b.test '' c@d.test e@f.test";
    QTest::newRow("letters together") << "-ti"
                                      << "message t - ? '' ";
    QTest::newRow("glued sender") << "-fa@b.test -oi c@d"
                                  << "message . - a@b.test '' c@d";
    QTest::newRow("-r as -f") << "-r a@b.test c@d"
                              << "message . dot a@b.test '' c@d";
    QTest::newRow("nobody as sender") << "-f <> c@d"
                                      << "message . dot  '' c@d";
    QTest::newRow("another -o") << "-odi -oem c@d"
                                << "message . dot ? '' c@d";
    QTest::newRow("Exim's and Postfix's letters")
        << "-G -v -n -x -U -Am -C/x -h 3 -L tag -O opt=1 -p proto -X log -m -bm c@d"
        << "message . dot ? '' c@d";
    QTest::newRow("the end of options") << "-i -- -odd@d.test"
                                        << "message . - ? '' -odd@d.test";
    QTest::newRow("a dialogue") << "-bs"
                                << "dialogue . dot ? '' ";
    QTest::newRow("newaliases") << "-bi"
                                << "aliases . dot ? '' ";
    QTest::newRow("newaliases, old") << "-I"
                                     << "aliases . dot ? '' ";
}

void SendmailTest::options()
{
    QFETCH(QString, line);
    static const char *const modes[] = {"message", "dialogue", "aliases"};
    const SendmailInvocation sendmail = parsed(split(line));
    QTEST(QStringLiteral("%1 %2 %3 %4 '%5' %6")
              .arg(QLatin1String(modes[int(sendmail.mode)]), sendmail.readsRecipients ? u"t"_qs : u"."_qs,
                  sendmail.dotEnds ? u"dot"_qs : u"-"_qs, sendmail.sender.value_or(u"?"_qs),
                  sendmail.fullName, sendmail.recipients.join(u' ')),
        "understood");
    const SendmailInvocation reports = parsed(split(u"-N success,delay -R hdrs -V X1 a@b"_qs));
    QCOMPARE(reports.notify, smtp::NotifyFlags(smtp::Notify::Success | smtp::Notify::Delay));
    QVERIFY(reports.envelope.dsnReturn == smtp::DsnReturn::Headers);
    QCOMPARE(reports.envelope.envelopeId, QByteArray("X1"));
    QCOMPARE(int(parsed(split(u"--via smtp://127.0.0.1:2525 -t"_qs)).via->port), 2525);
}

void SendmailTest::queueOptions()
{
    const auto command = [](const QString &line) { return parseCommandLine(split(line)); };
    QVERIFY(std::get<QueueInvocation>(command(u"sendmail -bp"_qs)->command) == QueueInvocation());
    const auto run = command(u"--data /d sendmail -q30m"_qs);
    QCOMPARE(run->dataFolder, u"/d"_qs);
    QVERIFY(std::get<QueueInvocation>(run->command).request->action == mail::QueueAction::TryNow);
    QCOMPARE(command(u"sendmail -t --data /d"_qs)->dataFolder, u"/d"_qs);
    QCOMPARE(command(u"sendmail --data=/d -t"_qs)->dataFolder, u"/d"_qs);
    QCOMPARE(std::get<HelpInvocation>(command(u"sendmail --help"_qs)->command).command, u"sendmail"_qs);
}

void SendmailTest::refusals_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("named");
    QTest::newRow("no recipients") << "-i"
                                   << "recipients must be specified";
    QTest::newRow("no such letter") << "-t -Z"
                                    << "-Z";
    QTest::newRow("no such word") << "-t --quiet"
                                  << "--quiet";
    QTest::newRow("no value") << "-t -f"
                              << "-f";
    QTest::newRow("a daemon") << "-bd"
                              << "-bd";
    QTest::newRow("no such report") << "-N always a@b"
                                    << "-N";
    QTest::newRow("no such return") << "-R none a@b"
                                    << "-R";
    QTest::newRow("a dialogue with a server") << "-bs --via smtp://h"
                                              << "--via";
    QTest::newRow("no folder") << "-t --data"
                               << "--data";
}

void SendmailTest::refusals()
{
    QFETCH(QString, line);
    QFETCH(QString, named);
    const auto invocation = parseCommandLine(split(u"sendmail "_qs + line));
    QVERIFY(!invocation);
    QCOMPARE(invocation.error().command, u"sendmail"_qs);
    QVERIFY2(invocation.error().sentence.contains(named), qPrintable(invocation.error().sentence));
}

void SendmailTest::messages_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("sender");
    QTest::addColumn<QString>("recipients");
    QTest::addColumn<QByteArray>("message");
    const QByteArray from = "From: Ann Example <ann@host.test>\n";
    const auto row = [](const char *name, const char *line, const QByteArray &input, const char *sender,
                         const char *recipients, const QByteArray &message) {
        QTest::newRow(name) << QString::fromLatin1(line) << input << QString::fromLatin1(sender)
                            << QString::fromLatin1(recipients) << message;
    };
    row("as it is", "-i b@c.test", "From: x@y.test\nSubject: x\n\ntext\n", "ann@host.test", "b@c.test",
        "From: x@y.test\nSubject: x\n\ntext\n");
    row("of this host", "-i root", "From: x@y.test\n\nt\n", "ann@host.test", "root@host.test",
        "From: x@y.test\n\nt\n");
    row("several in one word", "-i b@c.test,root", "From: x@y.test\n\nt\n", "ann@host.test",
        "b@c.test root@host.test", "From: x@y.test\n\nt\n");
    row("From is added", "-i b@c.test", "Subject: x\n\nt\n", "ann@host.test", "b@c.test",
        from + "Subject: x\n\nt\n");
    row("From by -F and -f", "-i -F Cron -f root b@c.test", "Subject: x\n\nt\n", "root@host.test", "b@c.test",
        "From: Cron <root@host.test>\nSubject: x\n\nt\n");
    row("text without a header", "-i b@c.test", "hello\nworld\n", "ann@host.test", "b@c.test",
        from + "\nhello\nworld\n");
    row("an empty header", "-i b@c.test", "\nhello\n", "ann@host.test", "b@c.test", from + "\nhello\n");
    row("nothing at all", "-i b@c.test", "", "ann@host.test", "b@c.test", from + "\n");
    row("-t", "-t -i", "From: x@y.test\nTo: B <b@c.test>, d@e.test\nCc: root\nBcc: f@g.test\n\nt\n",
        "ann@host.test", "b@c.test d@e.test root@host.test f@g.test",
        "From: x@y.test\nTo: B <b@c.test>, d@e.test\nCc: root\n\nt\n");
    row("-t and words", "-t -i z@z.test", "From: x@y.test\nTo: b@c.test\n\nt\n", "ann@host.test",
        "z@z.test b@c.test", "From: x@y.test\nTo: b@c.test\n\nt\n");
    row("-t, folded and in a group", "-t -i", "From: x@y.test\nTo: friends: b@c.test,\n d@e.test;\n\nt\n",
        "ann@host.test", "b@c.test d@e.test", "From: x@y.test\nTo: friends: b@c.test,\n d@e.test;\n\nt\n");
    row("-t, resent", "-t -i", "Resent-To: b@c.test\nFrom: x@y.test\nTo: old@y.test\n\nt\n", "ann@host.test",
        "b@c.test", "Resent-To: b@c.test\nFrom: x@y.test\nTo: old@y.test\n\nt\n");
    row("nobody as sender", "-i -f <> b@c.test", "From: x@y.test\n\nt\n", "", "b@c.test",
        "From: x@y.test\n\nt\n");
    row("a dot ends", "b@c.test", "From: x@y.test\n\none\n.\ntwo\n", "ann@host.test", "b@c.test",
        "From: x@y.test\n\none\n");
    row("a dot ends, CRLF", "b@c.test", "From: x@y.test\r\n\r\none\r\n.\r\ntwo\r\n", "ann@host.test",
        "b@c.test", "From: x@y.test\n\none\n");
    row("a dot does not with -i", "-i b@c.test", "From: x@y.test\n\none\n.\n..\n", "ann@host.test",
        "b@c.test", "From: x@y.test\n\none\n.\n..\n");
    row("a NUL in the text", "-i b@c.test", QByteArray("From: x@y.test\n\none\0two\nthree\n", 30),
        "ann@host.test", "b@c.test", QByteArray("From: x@y.test\n\none\0two\nthree\n", 30));
    row("a long line", "b@c.test", "From: x@y.test\n\n" + QByteArray(70000, 'x') + ".\n.\nmore\n",
        "ann@host.test", "b@c.test", "From: x@y.test\n\n" + QByteArray(70000, 'x') + ".\n");
    row("a dot at the very end", "b@c.test", "From: x@y.test\n\none\n.", "ann@host.test", "b@c.test",
        "From: x@y.test\n\none\n");
    row("an mbox's line", "-i b@c.test", "From ann Mon Nov 23 10:00:00 2026\nFrom: x@y.test\n\nt\n",
        "ann@host.test", "b@c.test", "From: x@y.test\n\nt\n");
}

void SendmailTest::messages()
{
    QFETCH(QString, line);
    QFETCH(QByteArray, input);
    const auto outgoing = readFrom(input, parsed(split(line)));
    QVERIFY2(outgoing.has_value(), outgoing ? "" : qPrintable(outgoing.error().sentence));
    QTEST(QString::fromUtf8(outgoing->envelope.reversePath.toBytes()), "sender");
    QTEST(recipientsOf(outgoing->envelope), "recipients");
    QTEST(outgoing->message.inMemory(), "message");
}

void SendmailTest::badMessages_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("code");
    QTest::newRow("-t without recipients") << "-t" << QByteArray("Subject: x\n\nt\n") << 64;
    QTest::newRow("-t, undisclosed") << "-t" << QByteArray("To: undisclosed-recipients:;\n\nt\n") << 64;
    QTest::newRow("no address") << "-i b@@c" << QByteArray("Subject: x\n\nt\n") << 65;
    QTest::newRow("no address in To") << "-t" << QByteArray("To: b@c@d\n\nt\n") << 65;
    QTest::newRow("a line end in a name")
        << "-i b@c.test" << QByteArray("Subject: x\rBcc: y@z.test\n\nt\n") << 65;
    QTest::newRow("NUL in the header") << "-i b@c.test" << QByteArray("Subject: x\0y\n\nt\n", 16) << 65;
}

void SendmailTest::badMessages()
{
    QFETCH(QString, line);
    QFETCH(QByteArray, input);
    const auto outgoing = readFrom(input, parsed(split(line)));
    QVERIFY(!outgoing);
    QTEST(int(outgoing.error().code), "code");
}

void SendmailTest::identityOfTheCaller()
{
    mail::Settings settings;
    settings.identities
        = {{u"Bob"_qs, u"bob@b.test"_qs, u"bob"_qs}, {u"Ann"_qs, u"ann@a.test"_qs, u"ann"_qs}};
    const auto outgoing = readFrom("Subject: x\n\nt\n", parsed({u"-i"_qs, u"b@c.test"_qs}), settings);
    QCOMPARE(outgoing->envelope.reversePath.toBytes(), QByteArray("ann@a.test"));
}

void SendmailTest::largeMessage()
{
    const QByteArray text
        = "From: x@y.test\n\n" + QByteArray("0123456789abcde\n").repeated(100000) + ".\nmore\n";
    QTemporaryDir folder;
    mail::Settings settings;
    settings.hostName = u"host.test"_qs;
    const auto outgoing = readSendmail(parsed({u"-i"_qs, u"b@c.test"_qs}), inPieces(text, 64 * 1024),
        settings, {u"ann"_qs, {}}, folder.path());
    QVERIFY(outgoing.has_value());
    QVERIFY(outgoing->message.isSpooled());
    QVERIFY(outgoing->message.front(-1).value_or(QByteArray()) == text);
}

QTEST_APPLESS_MAIN(SendmailTest)
#include "tst_sendmail.moc"
