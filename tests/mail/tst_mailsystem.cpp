#include "mail/message/statusreport.h"
#include "mail/system/mailsystem.h"
#include "smtp/client/clientsession.h"
#include "tests/support/awaited.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QtTest>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

std::atomic<bool> isOnAShare = false; ///< as on a file system without flags of renameat2() and hard links

} // namespace

/// These two are in the place of the C library's, for the libraries too.
extern "C" int renameat2(
    int fromFolder, const char *from, int toFolder, const char *to, unsigned flags) noexcept
{
    if (isOnAShare && flags != 0) {
        errno = EINVAL;
        return -1;
    }
    return int(::syscall(SYS_renameat2, fromFolder, from, toFolder, to, flags));
}
extern "C" int link(const char *from, const char *to) noexcept
{
    if (isOnAShare) {
        errno = EPERM;
        return -1;
    }
    return ::linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

namespace {

Settings settingsFor(const QString &host, const QStringList &users)
{
    Settings settings;
    settings.hostName = host;
    for (const QString &user : users) {
        settings.users.append({user, {}});
        settings.identities.append({{}, user + QLatin1Char('@') + host, user});
    }
    settings.listener.bindings[0].port = 0;
    settings.listener.policy = RecipientPolicy::Mailboxes;
    settings.undoSeconds = 0;
    return settings;
}

/// A mail system in a folder, with its answers made into values that a test can wait for.
class System
{
public:
    explicit System(const QString &folder, const Settings &settings)
        : m_system(std::make_unique<MailSystem>(folder))
    {
        QSignalSpy started(m_system.get(), &MailSystem::started);
        QSignalSpy failed(m_system.get(), &MailSystem::startFailed);
        StartOptions options;
        options.adjust = [settings](const Settings &) { return settings; };
        m_system->start(options);
        [&] { QTRY_VERIFY(!started.isEmpty() || !failed.isEmpty()); }();
        m_runs = !started.isEmpty();
    }

    [[nodiscard]] bool runs() const { return m_runs; }
    MailSystem *operator->() { return m_system.get(); }
    MailSystem &operator*() { return *m_system; }

    quint16 listen()
    {
        QSignalSpy changed(&m_system->listener(), &ListenerSwitch::changed);
        m_system->listener().start(m_system->settings().value().listener);
        [&] { QTRY_VERIFY(!changed.isEmpty()); }();
        const auto state = changed.last().first().value<ListenerState>();
        return state.bindings.isEmpty() ? quint16(0) : state.bindings.first().port;
    }

    QList<MessageRow> rows(const QString &user, const QString &folder)
    {
        RowQuery query;
        query.folder = {user, folder};
        return test::awaited(m_system->mailboxes().rows(query)).value_or(RowPage()).rows;
    }

    QByteArray source(const MessageId &id)
    {
        return test::awaited(m_system->mailboxes().message(id)).value_or(MessageView()).source;
    }

    QList<QueueEntry> queue()
    {
        return test::awaited(m_system->outbox().entries()).value_or(QList<QueueEntry>());
    }

    Result<SubmitReceipt> submit(const Draft &draft, qint64 notBefore = 0)
    {
        return test::awaited(m_system->outbox().submit(draft, {notBefore, {}}));
    }

    int act(QueueAction action, const QList<QByteArray> &ids)
    {
        return test::awaited(m_system->outbox().act(action, ids)).value_or(-1);
    }

    QObject m_context;

private:
    std::unique_ptr<MailSystem> m_system;
    bool m_runs = false;
};

RecipientState firstState(const QList<QueueEntry> &queue)
{
    const QueueEntry entry = queue.value(0);
    return entry.stateOf(entry.recipients.value(0));
}

Draft draftTo(const QString &from, const QString &to, const QString &subject)
{
    Draft draft;
    draft.id = newDraftId();
    draft.from = from;
    draft.to = to;
    draft.subject = subject;
    draft.text = QStringLiteral("Hello.\n.\nGoodbye.\n");
    return draft;
}

const QString here = QStringLiteral("a.example");
const QString there = QStringLiteral("b.example");
const QString alice = QStringLiteral("alice");
const QString inbox;
const QString sent = QStringLiteral("Sent");

} // namespace

/// Two mail systems on loopback, as people use them: one composes, the other listens.
class TestMailSystem : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void firstStartMakesSettings();
    void answersWhatWasAskedBeforeTheStart();
    void secondOnTheSameFolderIsRefused();
    void localMailNeedsNoSmtp();
    void bccStaysInSentAlone();
    void composerToListener();
    void refusedRecipientBouncesOnceOthersGetIt();
    void bounceToNobodyHereGoesToTheRemotePostmaster();
    void successIsReported_data();
    void successIsReported();
    void whatWaitedIsReportedOnce();
    void ownRouteIsKept();
    void givenUpByHandIsReported();
    void localMailIsHandedOn();
    void hopLimitReachesTheListener();
    void smarthostDownDefersAndRestartDelivers();
    void undoTakesItBack();
    void heldLocalMailArrivesLater();
    void unknownLocalRecipientIsAnError();
    void draftsAreReplacedAndLeave();
    void composersComeBack();
    void savesUnderFreeNames_data();
    void savesUnderFreeNames();
    void listenerOnATakenPortFails();
    void captureMailboxIsMarkedUntilAUsers();
    void loadIntoTheListener();

private:
    void openBoth(quint16 smarthostPort = 0);
    [[nodiscard]] QString folder(const char *name) const
    {
        return m_folder->filePath(QString::fromLatin1(name));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<System> m_a;
    std::unique_ptr<System> m_b;
    quint16 m_port = 0;
};

void TestMailSystem::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestMailSystem::cleanup()
{
    m_a.reset();
    m_b.reset();
    m_folder.reset();
}

// b listens; a sends everything that is not its own through b.
void TestMailSystem::openBoth(quint16 smarthostPort)
{
    m_b = std::make_unique<System>(
        folder("b"), settingsFor(there, {QStringLiteral("bob"), QStringLiteral("carol")}));
    QVERIFY(m_b->runs());
    m_port = m_b->listen();
    QVERIFY(m_port != 0);
    Settings settings = settingsFor(here, {alice, QStringLiteral("dave")});
    settings.route.kind = OutgoingRoute::Kind::Smarthost;
    settings.route.host = QStringLiteral("127.0.0.1");
    settings.route.port = smarthostPort != 0 ? smarthostPort : m_port;
    m_a = std::make_unique<System>(folder("a"), settings);
    QVERIFY(m_a->runs());
}

void TestMailSystem::firstStartMakesSettings()
{
    MailSystem system(folder("new"));
    QSignalSpy started(&system, &MailSystem::started);
    system.start();
    QTRY_COMPARE(started.size(), 1);
    QVERIFY(QFile::exists(folder("new/settings.ini")));
    QVERIFY(!system.settings().value().users.isEmpty());
    const auto folders = test::awaited(system.mailboxes().folders());
    QVERIFY(folders && folders->size() >= 6);
}

void TestMailSystem::answersWhatWasAskedBeforeTheStart()
{
    MailSystem system(folder("new"));
    const Task<QList<QueueEntry>> entries = system.outbox().entries(); // on the mail thread
    const Task<quint64> index = system.mailboxes().settle(); // by the store's own
    system.start();
    QVERIFY(test::awaited(entries));
    QVERIFY(test::awaited(index));
}

void TestMailSystem::secondOnTheSameFolderIsRefused()
{
    System first(folder("a"), settingsFor(here, {alice}));
    QVERIFY(first.runs());
    MailSystem second(folder("a"));
    QSignalSpy failed(&second, &MailSystem::startFailed);
    second.start();
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(failed.first().first().value<Error>().code, ErrorCode::InUse);
}

void TestMailSystem::localMailNeedsNoSmtp()
{
    openBoth();
    const auto receipt = m_a->submit(
        draftTo(QStringLiteral("alice@a.example"), QStringLiteral("dave@a.example"), QStringLiteral("hi")));
    QVERIFY(receipt);
    QVERIFY(receipt->queueId.isEmpty());
    QCOMPARE(receipt->delivered.size(), 1);
    QTRY_COMPARE(m_a->rows(QStringLiteral("dave"), inbox).size(), 1);
    QTRY_COMPARE(m_a->rows(alice, sent).size(), 1);
    const QByteArray source = m_a->source(m_a->rows(QStringLiteral("dave"), inbox).first().id);
    QVERIFY2(source.startsWith("Return-Path: <alice@a.example>\nDelivered-To: dave@a.example\n"), source);
}

void TestMailSystem::bccStaysInSentAlone()
{
    openBoth();
    Draft draft = draftTo(
        QStringLiteral("alice@a.example"), QStringLiteral("dave@a.example"), QStringLiteral("secret"));
    draft.bcc = QStringLiteral("alice@a.example");
    QVERIFY(m_a->submit(draft));
    QTRY_COMPARE(m_a->rows(alice, inbox).size(), 1);
    QTRY_COMPARE(m_a->rows(alice, sent).size(), 1);
    const QByteArray kept = m_a->source(m_a->rows(alice, sent).first().id);
    const QByteArray came = m_a->source(m_a->rows(alice, inbox).first().id);
    QVERIFY(('\n' + kept).toLower().contains("\nbcc:"));
    QVERIFY(!('\n' + came).toLower().contains("\nbcc:"));
    QVERIFY(!came.contains("Delivered-To"));
}

void TestMailSystem::composerToListener()
{
    openBoth();
    const auto receipt = m_a->submit(draftTo(QStringLiteral("alice@a.example"),
        QStringLiteral("bob@b.example, dave@a.example"), QStringLiteral("over the wire")));
    QVERIFY(receipt);
    QVERIFY(!receipt->queueId.isEmpty());
    QTRY_COMPARE(m_b->rows(QStringLiteral("bob"), inbox).size(), 1);
    QTRY_COMPARE(m_a->rows(QStringLiteral("dave"), inbox).size(), 1);
    QTRY_VERIFY(m_a->queue().isEmpty());
    const MessageRow row = m_b->rows(QStringLiteral("bob"), inbox).first();
    QVERIFY(m_b->source(row.id).contains("\nHello.\n.\nGoodbye.\n"));
    QVERIFY(!row.sessionId.isEmpty());
    const auto journey = test::awaited((*m_a)->outbox().entry(receipt->queueId));
    QVERIFY(journey);
    QCOMPARE(journey->recipients.size(), 1);
    QCOMPARE(journey->stateOf(journey->recipients.first()), RecipientState::Delivered);
    QCOMPARE(journey->recipients.first().lastReport()->reply.code, 250);
    QCOMPARE(journey->attemptSessionIds.size(), 1);
    const auto transcript = test::awaited((*m_a)->sessions().transcript(journey->attemptSessionIds.first()));
    QVERIFY(transcript);
    QVERIFY(transcript->second.size() > 8);
}

void TestMailSystem::refusedRecipientBouncesOnceOthersGetIt()
{
    openBoth();
    QVERIFY(m_a->submit(draftTo(QStringLiteral("alice@a.example"),
        QStringLiteral("bob@b.example, nobody@b.example, carol@b.example"), QStringLiteral("three"))));
    QTRY_COMPARE(m_b->rows(QStringLiteral("bob"), inbox).size(), 1);
    QTRY_COMPARE(m_b->rows(QStringLiteral("carol"), inbox).size(), 1);
    QTRY_COMPARE(m_a->rows(alice, inbox).size(), 1);
    QTRY_VERIFY(m_a->queue().isEmpty());
    const QByteArray bounce = m_a->source(m_a->rows(alice, inbox).first().id);
    QVERIFY2(bounce.startsWith("Return-Path: <>\n"), bounce);
    QVERIFY(bounce.contains("nobody@b.example"));
    QVERIFY(bounce.contains("550"));
    QCOMPARE(bounce.count("\nFinal-Recipient:"), 1);
    QVERIFY(bounce.contains("\nFinal-Recipient: rfc822; nobody@b.example"));
    QVERIFY(bounce.contains("\nContent-Description: Transcript of the attempt\n"));
    QVERIFY(bounce.contains("C: RCPT TO:<nobody@b.example>"));
    QVERIFY(bounce.contains("S: 550 5.1.1"));
    QCOMPARE(m_a->rows(alice, inbox).size(), 1);
}

void TestMailSystem::bounceToNobodyHereGoesToTheRemotePostmaster()
{
    openBoth();
    Settings settings = (*m_a)->settings().value();
    settings.aliases
        = {{QStringLiteral("postmaster"), Alias::Kind::Alias, {QStringLiteral("bob@b.example")}}};
    QSignalSpy changed(&(*m_a)->settings(), &CurrentSettings::changed);
    (*m_a)->settings().set(settings);
    QTRY_COMPARE(changed.size(), 1);
    smtp::Envelope envelope;
    envelope.reversePath = {"ghost", "a.example"};
    envelope.recipients.append(smtp::EnvelopeRecipient{{"nobody", "b.example"}, {}, {}});
    (*m_a)
        ->outbox()
        .submitMessage(envelope, "From: ghost@a.example\nSubject: x\n\ntext\n")
        .then(this, [](const Result<SubmitReceipt> &receipt) { QVERIFY(receipt); });
    QTRY_COMPARE(m_b->rows(QStringLiteral("bob"), inbox).size(), 1);
    QVERIFY(m_b->source(m_b->rows(QStringLiteral("bob"), inbox).first().id).contains("nobody@b.example"));
    QTRY_VERIFY(m_a->queue().isEmpty());
}

void TestMailSystem::successIsReported_data()
{
    QTest::addColumn<RecipientPolicy>("policy");
    QTest::addColumn<ReportAction>("action");
    QTest::newRow("the next server keeps DSN, and tells of the mailbox")
        << RecipientPolicy::Mailboxes << ReportAction::Delivered;
    QTest::newRow("the next server knows no DSN") << RecipientPolicy::CatchAll << ReportAction::Relayed;
}

// RFC 3461 from end to end: NOTIFY, ENVID and ORCPT over the wire, one report back, known again.
void TestMailSystem::successIsReported()
{
    QFETCH(RecipientPolicy, policy);
    QFETCH(ReportAction, action);
    openBoth();
    const quint16 portOfA = m_a->listen();
    Settings settings = (*m_b)->settings().value();
    settings.route.kind = OutgoingRoute::Kind::Smarthost;
    settings.route.host = QStringLiteral("127.0.0.1");
    settings.route.port = portOfA;
    settings.listener.policy = policy;
    settings.listener.extensions.dsn = action == ReportAction::Delivered;
    settings.listener.bindings[0].port = m_port;
    QSignalSpy listening(&(*m_b)->listener(), &ListenerSwitch::changed);
    (*m_b)->settings().set(settings);
    QTRY_VERIFY(!listening.isEmpty()
        && listening.last().first().value<ListenerState>().kind == ListenerState::Kind::Listening);

    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "a.example"};
    envelope.recipients.append(
        smtp::EnvelopeRecipient{{"bob", "b.example"}, smtp::Notify::Success, "rfc822;Bobby@b.example"});
    const auto receipt = test::awaited(
        (*m_a)->outbox().submitMessage(envelope, "From: alice@a.example\nSubject: x\n\ntext\n"));
    QVERIFY(receipt);
    QTRY_COMPARE_WITH_TIMEOUT(m_a->rows(alice, inbox).size(), 1, 20000);
    const auto report = readStatusReport(m_a->source(m_a->rows(alice, inbox).first().id));
    QVERIFY(report);
    QCOMPARE(report->envelopeId, receipt->queueId);
    QCOMPARE(report->recipients.size(), 1);
    QCOMPARE(report->recipients.first().action, action);
    QCOMPARE(report->recipients.first().originalRecipient, QByteArray("Bobby@b.example"));
    QTRY_VERIFY(m_a->queue().isEmpty());
    QTRY_VERIFY(m_b->queue().isEmpty());
    const auto later = [&] {
        const auto entry = test::awaited((*m_a)->outbox().entry(receipt->queueId));
        return entry.value_or(QueueEntry()).recipients.value(0).later;
    };
    if (action == ReportAction::Delivered) // it came over the wire, and is folded into the entry
        QTRY_COMPARE(later().value_or(LaterReport()).server, QByteArray("b.example"));
    else
        QVERIFY(!later());
    QCOMPARE(m_a->rows(alice, inbox).size(), 1);
}

// RFC 4865 and RFC 3461: a copy for a mailbox here that waited is as one that did not.
void TestMailSystem::whatWaitedIsReportedOnce()
{
    openBoth();
    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "a.example"};
    envelope.recipients.append(smtp::EnvelopeRecipient{{"alice", "a.example"}, smtp::Notify::Success, {}});
    envelope.holdUntil = QDateTime::currentSecsSinceEpoch() + 2;
    const auto receipt = test::awaited(
        (*m_a)->outbox().submitMessage(envelope, "From: alice@a.example\nSubject: x\n\ntext\n"));
    QVERIFY(receipt);
    QVERIFY(!receipt->queueId.isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(m_a->rows(alice, inbox).size(), 2, 20000);
    QTRY_VERIFY(m_a->queue().isEmpty());
    QList<ReportAction> told;
    for (const MessageRow &row : m_a->rows(alice, inbox)) {
        if (const auto report = readStatusReport(m_a->source(row.id)))
            told.append(report->recipients.first().action);
    }
    QCOMPARE(told, QList<ReportAction>{ReportAction::Delivered});
}

void TestMailSystem::ownRouteIsKept()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const quint16 dead = taken.serverPort();
    taken.close();
    openBoth(dead);
    OutgoingRoute route;
    route.kind = OutgoingRoute::Kind::Smarthost;
    route.host = QStringLiteral("127.0.0.1");
    route.port = dead;
    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "a.example"};
    envelope.recipients.append(smtp::EnvelopeRecipient{{"bob", "b.example"}, {}, {}});
    const auto receipt = test::awaited((*m_a)->outbox().submitMessage(
        envelope, "From: alice@a.example\nSubject: x\n\ntext\n", {.route = route}));
    QVERIFY(receipt);
    QTRY_COMPARE(firstState(m_a->queue()), RecipientState::Deferred);
    Settings settings = (*m_a)->settings().value();
    m_a.reset();
    settings.route.port = m_port; // the settings' route would deliver; its own does not
    m_a = std::make_unique<System>(folder("a"), settings);
    QCOMPARE(m_a->queue().value(0).route, std::optional<OutgoingRoute>(route));
    QCOMPARE(m_a->act(QueueAction::TryNow, {receipt->queueId}), 1);
    QTRY_COMPARE(m_a->queue().value(0).recipients.value(0).attempts(), 2);
    QTRY_COMPARE(firstState(m_a->queue()), RecipientState::Deferred);
    QCOMPARE(m_a->act(QueueAction::Reroute, {receipt->queueId}), 1);
    QTRY_COMPARE(m_b->rows(QStringLiteral("bob"), inbox).size(), 1);
}

void TestMailSystem::givenUpByHandIsReported()
{
    openBoth();
    const qint64 inAnHour = QDateTime::currentMSecsSinceEpoch() + 3600 * 1000;
    const auto receipt = m_a->submit(draftTo(QStringLiteral("alice@a.example"),
                                         QStringLiteral("bob@b.example"), QStringLiteral("never mind")),
        inAnHour);
    QVERIFY(receipt);
    QCOMPARE(m_a->act(QueueAction::Expire, {receipt->queueId}), 1);
    QTRY_COMPARE(m_a->rows(alice, inbox).size(), 1);
    QVERIFY(m_a->source(m_a->rows(alice, inbox).first().id).contains("\nStatus: 5.4.7\n"));
    QTRY_VERIFY(m_a->queue().isEmpty());
    QVERIFY(m_b->rows(QStringLiteral("bob"), inbox).isEmpty());
}

// Another server keeps the mailboxes: accepted here, through the queue, over there.
void TestMailSystem::localMailIsHandedOn()
{
    openBoth();
    Settings keeper = settingsFor(QStringLiteral("c.example"), {QStringLiteral("bob")});
    keeper.localDomains = {there};
    System c(folder("c"), keeper);
    QVERIFY(c.runs());
    Settings settings = (*m_b)->settings().value();
    settings.listener.handOn = OutgoingRoute();
    settings.listener.handOn->kind = OutgoingRoute::Kind::Smarthost;
    settings.listener.handOn->host = QStringLiteral("127.0.0.1");
    settings.listener.handOn->port = c.listen();
    settings.listener.bindings[0].port = m_port;
    QSignalSpy listening(&(*m_b)->listener(), &ListenerSwitch::changed);
    (*m_b)->settings().set(settings);
    QTRY_VERIFY(!listening.isEmpty()
        && listening.last().first().value<ListenerState>().kind == ListenerState::Kind::Listening);
    QVERIFY(m_a->submit(draftTo(
        QStringLiteral("alice@a.example"), QStringLiteral("bob@b.example"), QStringLiteral("onward"))));
    QTRY_COMPARE(c.rows(QStringLiteral("bob"), inbox).size(), 1);
    QVERIFY(m_b->rows(QStringLiteral("bob"), inbox).isEmpty());
    QTRY_VERIFY(m_b->queue().isEmpty());
    QVERIFY(c.source(c.rows(QStringLiteral("bob"), inbox).first().id).contains("by b.example"));
}

void TestMailSystem::hopLimitReachesTheListener()
{
    openBoth();
    Settings settings = (*m_b)->settings().value();
    settings.hopLimit = 3;
    QSignalSpy listening(&(*m_b)->listener(), &ListenerSwitch::changed);
    QSignalSpy received(&(*m_b)->mailboxes(), &Mailboxes::received);
    (*m_b)->settings().set(settings);
    const auto port = [&]() -> quint16 {
        const auto state
            = listening.isEmpty() ? ListenerState() : listening.last().first().value<ListenerState>();
        return state.bindings.isEmpty() ? quint16(0) : state.bindings.first().port;
    };
    QTRY_VERIFY(port() != 0 && port() != m_port);
    QTcpSocket client;
    QByteArray said;
    connect(&client, &QTcpSocket::readyRead, this, [&] { said += client.readAll(); });
    client.connectToHost(QHostAddress(QHostAddress::LocalHost), port());
    QTRY_VERIFY(said.contains("220"));
    client.write("EHLO x.example\r\nMAIL FROM:<>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n");
    QTRY_VERIFY(said.contains("354"));
    client.write(QByteArray("Received: by x\r\n").repeated(4) + "\r\n.\r\n");
    QTRY_VERIFY(said.contains("554 5.4.6")); // RFC 5321 6.3
    const auto events = [&] {
        QList<ReceptionEvent> all;
        for (const QList<QVariant> &one : received)
            all += one.first().value<QList<ReceptionEvent>>();
        return all;
    };
    QTRY_COMPARE(events().size(), 1);
    QCOMPARE(events().first().kind, ReceptionEvent::Kind::Refused);
    QVERIFY(events().first().reply.startsWith("554"));
}

void TestMailSystem::smarthostDownDefersAndRestartDelivers()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const quint16 dead = taken.serverPort();
    taken.close();
    openBoth(dead);
    const auto receipt = m_a->submit(
        draftTo(QStringLiteral("alice@a.example"), QStringLiteral("bob@b.example"), QStringLiteral("later")));
    QVERIFY(receipt);
    QTRY_COMPARE(firstState(m_a->queue()), RecipientState::Deferred);
    const QueueRecipient bob = m_a->queue().first().recipients.first();
    QCOMPARE(bob.attempts(), 1);
    QCOMPARE(bob.lastReport()->stage, smtp::DeliveryStage::Connect);
    QVERIFY(bob.nextAttemptAt > QDateTime::currentMSecsSinceEpoch());
    m_a.reset();
    Settings settings = settingsFor(here, {alice});
    settings.route.kind = OutgoingRoute::Kind::Smarthost;
    settings.route.host = QStringLiteral("127.0.0.1");
    settings.route.port = m_port;
    m_a = std::make_unique<System>(folder("a"), settings);
    QCOMPARE(m_a->queue().size(), 1);
    QCOMPARE(m_a->act(QueueAction::TryNow, {receipt->queueId}), 1);
    QTRY_COMPARE(m_b->rows(QStringLiteral("bob"), inbox).size(), 1);
    QTRY_VERIFY(m_a->queue().isEmpty());
}

void TestMailSystem::undoTakesItBack()
{
    openBoth();
    const qint64 inAnHour = QDateTime::currentMSecsSinceEpoch() + 3600 * 1000;
    const auto receipt
        = m_a->submit(draftTo(QStringLiteral("alice@a.example"),
                          QStringLiteral("bob@b.example, dave@a.example"), QStringLiteral("oops")),
            inAnHour);
    QVERIFY(receipt);
    QVERIFY(receipt->delivered.isEmpty());
    QTRY_COMPARE(m_a->rows(alice, sent).size(), 1);
    QCOMPARE(m_a->act(QueueAction::Remove, {receipt->queueId}), 1);
    QTRY_COMPARE(m_a->rows(alice, sent).size(), 0);
    QTRY_COMPARE(m_a->rows(alice, QStringLiteral("Trash")).size(), 1);
    QVERIFY(m_a->rows(QStringLiteral("dave"), inbox).isEmpty());
}

void TestMailSystem::heldLocalMailArrivesLater()
{
    openBoth();
    const qint64 soon = QDateTime::currentMSecsSinceEpoch() + 300;
    const auto receipt
        = m_a->submit(draftTo(QStringLiteral("alice@a.example"),
                          QStringLiteral("bob@b.example, dave@a.example"), QStringLiteral("soon")),
            soon);
    QVERIFY(receipt);
    QTRY_COMPARE(m_a->rows(QStringLiteral("dave"), inbox).size(), 1);
    QTRY_COMPARE(m_b->rows(QStringLiteral("bob"), inbox).size(), 1);
    QTRY_VERIFY(m_a->queue().isEmpty());
}

void TestMailSystem::unknownLocalRecipientIsAnError()
{
    openBoth();
    const auto receipt = m_a->submit(draftTo(QStringLiteral("alice@a.example"),
        QStringLiteral("ghost@a.example, bob@b.example"), QStringLiteral("boo")));
    QVERIFY(!receipt);
    QCOMPARE(receipt.error().code, ErrorCode::NoMailbox);
    QCOMPARE(receipt.error().subject, QStringLiteral("ghost@a.example"));
    QVERIFY(m_a->queue().isEmpty());
}

void TestMailSystem::draftsAreReplacedAndLeave()
{
    openBoth();
    const QString drafts = QStringLiteral("Drafts");
    Draft draft
        = draftTo(QStringLiteral("alice@a.example"), QStringLiteral("dave@a.example"), QStringLiteral("one"));
    const auto save = [&] { return test::awaited((*m_a)->drafts().save(draft)); };
    QVERIFY(save());
    draft.subject = QStringLiteral("two");
    const auto second = save();
    QVERIFY(second);
    QTRY_COMPARE(m_a->rows(alice, drafts).size(), 1);
    QTRY_COMPARE(m_a->rows(alice, drafts).first().subject, QStringLiteral("two"));
    auto loaded = test::awaited((*m_a)->drafts().load(second->id));
    QVERIFY(loaded);
    QCOMPARE(loaded->subject, draft.subject);
    QVERIFY(m_a->submit(*loaded));
    QTRY_COMPARE(m_a->rows(alice, drafts).size(), 0);
    QTRY_COMPARE(m_a->rows(QStringLiteral("dave"), inbox).size(), 1);
}

void TestMailSystem::composersComeBack()
{
    openBoth();
    const Draft draft = draftTo(
        QStringLiteral("alice@a.example"), QStringLiteral("half an addr"), QStringLiteral("unsent"));
    (*m_a)->drafts().keepComposer(draft);
    m_a.reset();
    m_a = std::make_unique<System>(folder("a"), settingsFor(here, {alice}));
    const auto kept = [&] { return test::awaited((*m_a)->drafts().keptComposers()); };
    QCOMPARE(kept().value_or(QList<KeptComposer>()), (QList<KeptComposer>{{draft, {}}}));
    (*m_a)->drafts().dropComposer(draft.id);
    QVERIFY(kept().value_or(QList<KeptComposer>{{draft, {}}}).isEmpty());
}

void TestMailSystem::savesUnderFreeNames_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QString>("there");
    QTest::addColumn<bool>("isLink");
    QTest::addColumn<QStringList>("saved");
    QTest::addColumn<bool>("isShare");
    const auto names = [](const QString &list) { return list.split(QLatin1Char('|')); };
    for (const bool isShare : {false, true}) {
        const char *where = isShare ? "T113 %s, on a share" : "T113 %s";
        const auto row = [&](const char *name) -> QTestData & {
            return QTest::newRow(QByteArray(where).replace("%s", name).constData());
        };
        row("a free name") << names(QStringLiteral("a.txt")) << QString() << false
                           << names(QStringLiteral("a.txt")) << isShare;
        row("the name is taken") << names(QStringLiteral("a.txt")) << QStringLiteral("a.txt") << false
                                 << names(QStringLiteral("a (2).txt")) << isShare;
        row("two of one name") << names(QStringLiteral("a.txt|a.txt")) << QStringLiteral("a.txt") << false
                               << names(QStringLiteral("a (2).txt|a (3).txt")) << isShare;
        row("no extension") << names(QStringLiteral("README")) << QStringLiteral("README") << false
                            << names(QStringLiteral("README (2)")) << isShare;
        row("a link that leads nowhere") << names(QStringLiteral("a.txt")) << QStringLiteral("a.txt") << true
                                         << names(QStringLiteral("a (2).txt")) << isShare;
    }
}

void TestMailSystem::savesUnderFreeNames()
{
    QFETCH(const QStringList, names);
    QFETCH(const QString, there);
    QFETCH(const bool, isLink);
    QFETCH(const QStringList, saved);
    QFETCH(const bool, isShare);
    System system(folder("a"), settingsFor(here, {alice}));
    const QByteArray message = "From: a@b.c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
                               "--b\n\ntext\n--b\nContent-Disposition: attachment; filename=a.txt\n\nnew\n"
                               "--b--\n";
    QVERIFY(test::awaited(system->mailboxes().keepMessages({alice, inbox}, {{message, {}}})));
    QTRY_COMPARE(system.rows(alice, inbox).size(), 1);
    const MessageId id = system.rows(alice, inbox).first().id;
    const QTemporaryDir target;
    const QString taken = target.filePath(there);
    if (isLink)
        QVERIFY(QFile::link(target.filePath(QStringLiteral("nowhere")), taken));
    else if (!there.isEmpty())
        QVERIFY(QFile(QStringLiteral("/dev/null")).copy(taken));
    QList<NamedPart> parts;
    for (const QString &name : names)
        parts.append({2, name});
    isOnAShare = isShare;
    const auto paths = test::awaited(system->mailboxes().saveParts(id, parts, target.path()));
    isOnAShare = false;
    QVERIFY(paths);
    QStringList base;
    for (const QString &path : *paths) {
        base.append(QFileInfo(path).fileName());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("new"));
    }
    QCOMPARE(base, saved);
    QVERIFY(!QFile::exists(target.filePath(QStringLiteral("nowhere"))));
    if (!there.isEmpty() && !isLink)
        QCOMPARE(QFileInfo(taken).size(), 0);
    QCOMPARE(QDir(target.path())
                 .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot)
                 .size(),
        saved.size() + (there.isEmpty() ? 0 : 1));
}

void TestMailSystem::listenerOnATakenPortFails()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    Settings settings = settingsFor(here, {alice});
    settings.listener.bindings[0].port = taken.serverPort();
    System system(folder("a"), settings);
    QSignalSpy changed(&system->listener(), &ListenerSwitch::changed);
    system->listener().start(settings.listener);
    QTRY_VERIFY(!changed.isEmpty());
    const auto state = changed.last().first().value<ListenerState>();
    QCOMPARE(state.kind, ListenerState::Kind::Failed);
    QCOMPARE(state.error.code, ErrorCode::InUse);
    QCOMPARE(state.error.subject, QStringLiteral("127.0.0.1:%1").arg(taken.serverPort()));
}

void TestMailSystem::captureMailboxIsMarkedUntilAUsers()
{
    const QString tests = QStringLiteral("tests");
    const QString mark = folder("a") + QStringLiteral("/mail/tests/captured-inbox");
    Settings settings = settingsFor(here, {alice});
    settings.listener.policy = RecipientPolicy::CatchAll;
    settings.listener.bindings[0].captureMailbox = tests;
    System system(folder("a"), settings);
    QVERIFY(system.listen() != 0);
    QTRY_VERIFY(QFile::exists(mark));
    settings.users.append({tests, {}});
    QVERIFY(test::awaited(system->settings().set(settings)));
    QTRY_VERIFY(!QFile::exists(mark));
    QVERIFY(QFile::exists(folder("a") + QStringLiteral("/mail/tests/cur")));
}

// Many messages through one queue into one listener: all of them arrive, once.
void TestMailSystem::loadIntoTheListener()
{
    openBoth();
    constexpr int count = 200;
    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "a.example"};
    envelope.recipients.append(smtp::EnvelopeRecipient{{"bob", "b.example"}, {}, {}});
    const auto answers = std::make_shared<int>(0);
    for (int i = 0; i < count; ++i) {
        const QByteArray message
            = "From: alice@a.example\nTo: bob@b.example\nSubject: " + QByteArray::number(i) + "\n\ntext\n";
        (*m_a)
            ->outbox()
            .submitMessage(envelope, message)
            .then(this, [answers](const Result<SubmitReceipt> &receipt) { *answers += receipt ? 1 : 0; });
    }
    QTRY_COMPARE_WITH_TIMEOUT(*answers, count, 30000);
    QTRY_COMPARE_WITH_TIMEOUT(m_b->rows(QStringLiteral("bob"), inbox).size(), count, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(m_a->queue().isEmpty(), 30000);
    QSet<QString> subjects;
    const QList<MessageRow> rows = m_b->rows(QStringLiteral("bob"), inbox);
    for (const MessageRow &row : rows)
        subjects.insert(row.subject);
    QCOMPARE(subjects.size(), count);
}

QTEST_GUILESS_MAIN(TestMailSystem)
#include "tst_mailsystem.moc"
