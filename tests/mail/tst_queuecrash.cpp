#include "mail/system/mailsystem.h"
#include "tests/support/awaited.h"

#include <QtTest>

#include <cstdio>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

constexpr int aRound = 40; // messages acknowledged before the axe falls
constexpr int connections = 2; // to the smarthost
const QString bob = QStringLiteral("bob");

StartOptions optionsWith(const Settings &settings)
{
    StartOptions options;
    options.adjust = [settings](const Settings &) { return settings; };
    return options;
}

Settings senderSettings(quint16 smarthostPort)
{
    Settings settings;
    settings.hostName = QStringLiteral("a.example");
    settings.users.append({QStringLiteral("alice"), {}});
    settings.route.kind = OutgoingRoute::Kind::Smarthost;
    settings.route.host = QStringLiteral("127.0.0.1");
    settings.route.port = smarthostPort;
    settings.limits.connectionsPerDestination = connections;
    return settings;
}

void submitFrom(MailSystem &system, int number)
{
    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "a.example"};
    envelope.recipients.append(smtp::EnvelopeRecipient{{"bob", "b.example"}, {}, {}});
    const QByteArray message
        = "From: alice@a.example\nTo: bob@b.example\nSubject: " + QByteArray::number(number) + "\n\ntext\n";
    system.outbox()
        .submitMessage(envelope, message)
        .then(&system, [number, &system](const Result<SubmitReceipt> &receipt) {
            if (!receipt)
                return;
            std::printf("%d\n", number);
            std::fflush(stdout);
            submitFrom(system, number + 1);
        });
}

/// What the killed process does: queues one message after the other and says each number when it is
/// acknowledged.
int runSender(const QStringList &arguments)
{
    MailSystem system(arguments.at(2));
    QObject::connect(&system, &MailSystem::started, [&] { submitFrom(system, arguments.at(4).toInt()); });
    system.start(optionsWith(senderSettings(arguments.at(3).toUShort())));
    return QCoreApplication::exec();
}

} // namespace

/// Promise 1 for the queue, with kill -9: what was acknowledged arrives, and what was noted as delivered is
/// not sent again.
class TestQueueCrash : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void acknowledgedMailSurvivesKill_data();
    void acknowledgedMailSurvivesKill();

private:
    QList<int> runAndKill(quint16 port, int from);
    QList<int> arrived(MailSystem &receiver);

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestQueueCrash::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

// The numbers that were acknowledged.
QList<int> TestQueueCrash::runAndKill(quint16 port, int from)
{
    QProcess sender;
    sender.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    sender.start(QCoreApplication::applicationFilePath(),
        {QStringLiteral("send"), m_folder->filePath(QStringLiteral("a")), QString::number(port),
            QString::number(from)});
    QList<int> said;
    const auto listen = [&] {
        while (sender.canReadLine())
            said.append(sender.readLine().trimmed().toInt());
        return said.size() >= aRound;
    };
    [&] { QTRY_VERIFY_WITH_TIMEOUT(listen(), 30000); }();
    QSignalSpy finished(&sender, &QProcess::finished);
    sender.kill();
    [&] { QTRY_COMPARE(finished.size(), 1); }();
    listen();
    return said;
}

QList<int> TestQueueCrash::arrived(MailSystem &receiver)
{
    RowQuery query;
    query.folder = {bob, {}};
    query.limit = 100000;
    QList<int> numbers;
    const RowPage page = test::awaited(receiver.mailboxes().rows(query)).value_or(RowPage());
    for (const MessageRow &row : page.rows)
        numbers.append(row.subject.toInt());
    return numbers;
}

void TestQueueCrash::acknowledgedMailSurvivesKill_data()
{
    QTest::addColumn<bool>("smarthostUp");
    QTest::newRow("C66 killed while delivering") << true;
    QTest::newRow("C66 killed while everything waits") << false;
}

void TestQueueCrash::acknowledgedMailSurvivesKill()
{
    QFETCH(bool, smarthostUp);
    Settings settings;
    settings.hostName = QStringLiteral("b.example");
    settings.users.append({bob, {}});
    settings.listener.bindings[0].port = 0;
    settings.listener.policy = RecipientPolicy::Mailboxes;
    MailSystem receiver(m_folder->filePath(QStringLiteral("b")));
    QSignalSpy started(&receiver, &MailSystem::started);
    QSignalSpy listening(&receiver.listener(), &ListenerSwitch::changed);
    receiver.start(optionsWith(settings));
    QTRY_COMPARE(started.size(), 1);
    receiver.listener().start(settings.listener);
    QTRY_VERIFY(!listening.isEmpty());
    const quint16 port = listening.last().first().value<ListenerState>().bindings.value(0).port;
    QVERIFY(port != 0);
    QTcpServer nobody;
    QVERIFY(nobody.listen(QHostAddress::LocalHost));
    const quint16 deadPort = nobody.serverPort();
    nobody.close();

    constexpr int rounds = 3;
    QList<int> said;
    for (int round = 0; round < rounds; ++round)
        said += runAndKill(smarthostUp ? port : deadPort, round * 100000);

    MailSystem sender(m_folder->filePath(QStringLiteral("a")));
    QSignalSpy senderStarted(&sender, &MailSystem::started);
    sender.start(optionsWith(senderSettings(port)));
    QTRY_COMPARE(senderStarted.size(), 1);
    sender.outbox().act(QueueAction::TryNow, {});
    const auto isEmpty = [&sender] {
        const auto entries = test::awaited(sender.outbox().entries());
        return entries && entries->isEmpty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(isEmpty(), 60000);
    QList<int> all;
    const auto everyOne = [&] {
        all = arrived(receiver);
        const QSet<int> each(all.begin(), all.end());
        return std::all_of(said.begin(), said.end(), [&](int number) { return each.contains(number); });
    };
    QTRY_VERIFY_WITH_TIMEOUT(everyOne(), 30000);
    const QSet<int> each(all.begin(), all.end());
    // Only what was between the server's 250 and the end of our append may come twice: a message on each
    // connection, for each kill.
    const qsizetype cut = smarthostUp ? rounds * connections : 0;
    QVERIFY2(all.size() - each.size() <= cut, qPrintable(QString::number(all.size() - each.size())));
}

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QLatin1String("send"))
        return runSender(arguments);
    TestQueueCrash test;
    return QTest::qExec(&test, arguments);
}

#include "tst_queuecrash.moc"
