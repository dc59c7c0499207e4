#include "mail/accept/reception.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

/// The engine's end: notes what was answered.
class Answers : public smtp::Responder
{
public:
    void reply(const smtp::Reply &said) override { replies.append(said); }
    void resumeData() override { ++resumed; }
    virtual ~Answers() = default;

    QList<smtp::Reply> replies;
    int resumed = 0;
};

Settings sampleSettings()
{
    Settings settings;
    settings.hostName = QStringLiteral("here.example");
    settings.users = {{QStringLiteral("alice"), {}}, {QStringLiteral("bob"), {}}};
    settings.aliases = {{QStringLiteral("old"), Alias::Kind::Forward, {QStringLiteral("new@far.example")}},
        {QStringLiteral("team"), Alias::Kind::List, {QStringLiteral("alice"), QStringLiteral("bob")}},
        {QStringLiteral("ring"), Alias::Kind::Alias, {QStringLiteral("ring")}}};
    return settings;
}

smtp::Mailbox path(const QByteArray &address)
{
    const qsizetype at = address.lastIndexOf('@');
    return at < 0 ? smtp::Mailbox{address, {}} : smtp::Mailbox{address.left(at), address.mid(at + 1)};
}

} // namespace

/// Reception over a real store, journal and queue; the test speaks as the engine does.
class TestReception : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void judgesRecipients_data();
    void judgesRecipients();
    void catchAllKeepsOneCopy();
    void severalLocalRecipientsShareOneFile();
    void remoteGoesToTheQueueInTheSameBreath();
    void largeMessagesGoThroughTheSpool();
    void abandonedSpoolLeavesNothing();
    void refusesLoops();
    void settingsChangedSinceRcpt_data();
    void settingsChangedSinceRcpt();
    void tellsWhatTheEngineRefused();
    void refusesOnAFullDisk();
    void sharesItsMemory_data();
    void sharesItsMemory();
    void keepsWhatOutlivesItsSession();
    void verifiesAndExpands();

private:
    void begin(RecipientPolicy policy, const char *peer = "127.0.0.1", const QByteArray &user = {});
    int rcpt(const QByteArray &address);
    QByteArray send(const QByteArray &message);
    void start(const QList<QByteArray> &recipients);
    [[nodiscard]] QStringList files(const QString &below) const;
    [[nodiscard]] QByteArray content(const QString &file) const;

    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<DataFolder> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Queue> m_queue;
    std::unique_ptr<Acceptor> m_acceptor;
    std::unique_ptr<Reception> m_reception;
    std::unique_ptr<Answers> m_answers;
    std::unique_ptr<smtp::TransactionHandler> m_session;
    QList<ReceptionEvent> m_events;
    smtp::Envelope m_envelope;
};

void TestReception::init()
{
    m_temporary = std::make_unique<QTemporaryDir>();
    m_folder = DataFolder::open(m_temporary->path()).value();
    m_journal = Journal::open(m_temporary->path()).value();
    m_store = Store::open(m_temporary->path(), *m_journal).value();
    m_queue = Queue::open(m_temporary->path(), *m_journal).value();
    m_events.clear();
}

void TestReception::cleanup()
{
    m_session.reset();
    m_reception.reset();
    m_acceptor.reset();
    m_queue.reset();
    m_store.reset();
    m_journal.reset();
    m_folder.reset();
}

void TestReception::begin(RecipientPolicy policy, const char *peer, const QByteArray &user)
{
    m_session.reset();
    m_reception.reset();
    m_acceptor = std::make_unique<Acceptor>(
        *m_store, *m_queue, AcceptanceRules{Router(sampleSettings()), policy, "here.example"});
    m_reception = std::make_unique<Reception>(*m_acceptor, *m_folder, m_store->spoolFolder());
    m_reception->setReserve(0);
    connect(m_reception.get(), &Reception::received, this,
        [this](const ReceptionEvent &event) { m_events.append(event); });
    m_answers = std::make_unique<Answers>();
    m_session = m_reception->create(*m_answers, "captured");
    smtp::SessionFacts facts;
    facts.id = "session1";
    facts.peerAddress = QHostAddress(QString::fromLatin1(peer));
    facts.peerName = "client.example";
    facts.esmtp = true;
    facts.user = user;
    m_session->connected(facts);
    m_session->identified(facts);
    m_envelope = {};
    m_envelope.reversePath = path("sender@far.example");
    m_session->mailFrom(facts, m_envelope);
}

/// The code of the answer; 0 is the engine's own positive one.
int TestReception::rcpt(const QByteArray &address)
{
    const smtp::EnvelopeRecipient recipient{path(address), {}, {}};
    m_session->rcptTo(m_envelope, recipient);
    const smtp::Reply reply = m_answers->replies.constLast();
    if (reply.isNull() || reply.isPositive())
        m_envelope.recipients.append(recipient);
    return reply.code;
}

void TestReception::start(const QList<QByteArray> &recipients)
{
    for (const QByteArray &recipient : recipients)
        rcpt(recipient);
    m_session->dataBegin(m_envelope);
}

/// The answer to the end of data.
QByteArray TestReception::send(const QByteArray &message)
{
    const qsizetype before = m_answers->replies.size();
    for (qsizetype at = 0; at < message.size(); at += 60001)
        m_session->dataChunk(QByteArrayView(message).sliced(at, qMin<qsizetype>(60001, message.size() - at)));
    m_session->dataEnd();
    (void)QTest::qWaitFor([&] { return m_answers->replies.size() > before; }, 10000);
    return m_answers->replies.size() == before + 1 ? m_answers->replies.constLast().toBytes()
                                                   : QByteArray("none");
}

QStringList TestReception::files(const QString &below) const
{
    QStringList found;
    QDirIterator iterator(
        m_temporary->filePath(below), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (iterator.hasNext()) {
        const QString file = iterator.next();
        if (file.contains(QLatin1String("/new/")) || file.contains(QLatin1String("/cur/"))
            || below != QLatin1String("mail"))
            found += file;
    }
    return found;
}

QByteArray TestReception::content(const QString &name) const
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestReception::judgesRecipients_data()
{
    QTest::addColumn<QByteArray>("recipient");
    QTest::addColumn<int>("fromOutside");
    QTest::addColumn<int>("fromLoopback");
    QTest::newRow("local") << QByteArray("alice@here.example") << 0 << 0;
    QTest::newRow("S27 postmaster") << QByteArray("postmaster") << 0 << 0;
    QTest::newRow("list") << QByteArray("team@here.example") << 0 << 0;
    QTest::newRow("forwarded") << QByteArray("old@here.example") << 251 << 251;
    QTest::newRow("F28 unknown") << QByteArray("zoe@here.example") << 550 << 550;
    QTest::newRow("loop") << QByteArray("ring@here.example") << 550 << 550;
    QTest::newRow("F29 S41 relay") << QByteArray("a@far.example") << 550 << 0;
    QTest::newRow("F29 S41 percent") << QByteArray("a%far.example@here.example") << 550 << 550;
    QTest::newRow("F29 S41 bang") << QByteArray("far.example!a@here.example") << 550 << 550;
    QTest::newRow("F29 S41 quoted") << QByteArray("\"a@far.example\"@here.example") << 550 << 550;
}

void TestReception::judgesRecipients()
{
    QFETCH(QByteArray, recipient);
    QFETCH(int, fromOutside);
    QFETCH(int, fromLoopback);
    begin(RecipientPolicy::Mailboxes, "192.0.2.7");
    QCOMPARE(rcpt(recipient), fromOutside);
    begin(RecipientPolicy::Mailboxes, "192.0.2.7", "alice");
    QCOMPARE(rcpt(recipient), fromLoopback);
    begin(RecipientPolicy::Mailboxes, "::1");
    QCOMPARE(rcpt(recipient), fromLoopback);
    begin(RecipientPolicy::CatchAll, "192.0.2.7");
    QCOMPARE(rcpt(recipient), 0);
}

void TestReception::catchAllKeepsOneCopy()
{
    begin(RecipientPolicy::CatchAll);
    start({"a@far.example", "zoe@here.example"});
    QVERIFY(send("Subject: x\r\n\r\nbody\r\n").startsWith("250 2.0.0 Ok: kept as "));
    QTRY_COMPARE(m_events.size(), 1);
    QCOMPARE(m_events.first().kind, ReceptionEvent::Kind::Stored);
    QCOMPARE(m_events.first().to, (QList<QByteArray>{"a@far.example", "zoe@here.example"}));
    QCOMPARE(files(QStringLiteral("mail")).size(), 1);
    const QByteArray kept = content(m_events.first().file);
    QVERIFY2(kept.startsWith(
                 "Return-Path: <sender@far.example>\nDelivered-To: a@far.example\nDelivered-To: "
                 "zoe@here.example\nReceived: from client.example ([127.0.0.1])\n\tby here.example with "
                 "ESMTP id session1;\n\t"),
        kept.constData());
    QVERIFY(kept.endsWith("\nSubject: x\n\nbody\n"));
    QVERIFY(m_queue->entries().isEmpty());
}

void TestReception::severalLocalRecipientsShareOneFile()
{
    begin(RecipientPolicy::Mailboxes);
    start({"team@here.example", "alice@here.example"});
    QVERIFY(send("Subject: x\r\n\r\nbody\r\n").startsWith("250"));
    QTRY_COMPARE(m_events.size(), 1);
    const QStringList kept = files(QStringLiteral("mail"));
    QCOMPARE(kept.size(), 2);
    QCOMPARE(content(kept.first()), content(kept.last()));
    QVERIFY(!content(kept.first()).contains("for <"));
}

void TestReception::remoteGoesToTheQueueInTheSameBreath()
{
    begin(RecipientPolicy::Mailboxes);
    start({"bob@here.example", "a@far.example", "b@far.example"});
    QVERIFY(send("Subject: x\r\nMessage-ID: <1@x>\r\n\r\n.dot\r\n").startsWith("250"));
    QTRY_COMPARE(m_events.size(), 1);
    QCOMPARE(m_queue->entries().size(), 1);
    const QueueEntry entry = m_queue->entries().first();
    QCOMPARE(entry.recipients.size(), 2);
    QCOMPARE(entry.originSessionId, QByteArray("session1"));
    QCOMPARE(entry.messageIdField, QByteArray("1@x"));
    QTRY_VERIFY(QFile::exists(m_queue->messageFile(entry.id)));
    const QByteArray queued = content(m_queue->messageFile(entry.id));
    QVERIFY(queued.startsWith("Received: from "));
    QVERIFY(queued.endsWith("\n\n.dot\n"));
    QVERIFY(!queued.contains("Return-Path"));

    begin(RecipientPolicy::Mailboxes);
    start({"a@far.example"});
    QVERIFY(send("Subject: y\r\n\r\n").startsWith("250"));
    QCOMPARE(m_queue->entries().size(), 2);
}

void TestReception::largeMessagesGoThroughTheSpool()
{
    QByteArray body;
    for (int i = 0; body.size() < 3000000; ++i)
        body += "line " + QByteArray::number(i) + "\r\n";
    begin(RecipientPolicy::Mailboxes);
    start({"alice@here.example", "bob@here.example", "a@far.example"});
    QVERIFY(send("Subject: big\r\n\r\n" + body).startsWith("250"));
    QTRY_COMPARE(m_events.size(), 1);
    const QByteArray lf = QByteArray(body).replace("\r\n", "\n");
    const QStringList kept = files(QStringLiteral("mail"));
    QCOMPARE(kept.size(), 2);
    for (const QString &file : kept)
        QVERIFY(
            content(file).startsWith("Return-Path: ") && content(file).endsWith("\nSubject: big\n\n" + lf));
    const QString queued = m_queue->messageFile(m_queue->entries().first().id);
    QTRY_VERIFY(QFile::exists(queued));
    QVERIFY(content(queued).startsWith("Received: ") && content(queued).endsWith("\nSubject: big\n\n" + lf));
    QTRY_VERIFY(files(QStringLiteral("spool")).isEmpty());
}

void TestReception::abandonedSpoolLeavesNothing()
{
    const QByteArray chunk = QByteArray("x").repeated(700) + "\r\n";
    begin(RecipientPolicy::CatchAll);
    start({"a@b"});
    smtp::DataFlow flow = smtp::DataFlow::Continue;
    int chunks = 0;
    // The disk's thread may be as quick as we are; then nothing needs to pause.
    for (; chunks < 6000 && flow == smtp::DataFlow::Continue; ++chunks)
        flow = m_session->dataChunk(chunk);
    if (flow == smtp::DataFlow::Pause)
        QTRY_COMPARE(m_answers->resumed, 1);
    m_session->reset();
    QTRY_VERIFY(files(QStringLiteral("spool")).isEmpty());

    start({"a@b"});
    for (int i = 0; i < 1000; ++i)
        m_session->dataChunk(chunk);
    m_session->dataEnd();
    m_session.reset(); // gone while the file is being synced
    QTRY_VERIFY(files(QStringLiteral("spool")).isEmpty());
    QVERIFY(files(QStringLiteral("mail")).isEmpty());
}

void TestReception::refusesLoops()
{
    begin(RecipientPolicy::Mailboxes);
    start({"alice@here.example"});
    QVERIFY(send("Delivered-To: alice@here.example\r\n\r\n").startsWith("554 5.4.6"));
    QCOMPARE(m_events.size(), 1);
    QCOMPARE(m_events.first().kind, ReceptionEvent::Kind::Refused);
    QVERIFY(files(QStringLiteral("mail")).isEmpty());
}

void TestReception::settingsChangedSinceRcpt_data()
{
    QTest::addColumn<QByteArray>("recipient");
    QTest::addColumn<QString>("domain");
    QTest::newRow("the user is gone") << QByteArray("bob@here.example") << QStringLiteral("here.example");
    QTest::newRow("the domain is no longer ours")
        << QByteArray("alice@here.example") << QStringLiteral("elsewhere.example");
}

void TestReception::settingsChangedSinceRcpt()
{
    QFETCH(QByteArray, recipient);
    QFETCH(QString, domain);
    begin(RecipientPolicy::Mailboxes, "192.0.2.7");
    QCOMPARE(rcpt(recipient), 0);
    Settings settings = sampleSettings();
    settings.hostName = domain;
    settings.users.removeLast();
    m_acceptor->setRules({Router(settings), RecipientPolicy::Mailboxes, "here.example"});
    m_session->dataBegin(m_envelope);
    QCOMPARE(m_answers->replies.constLast().toBytes().left(9), QByteArray("451 4.3.0"));
    QCOMPARE(m_events.size(), 1);
    QCOMPARE(m_events.first().kind, ReceptionEvent::Kind::Refused);
}

void TestReception::tellsWhatTheEngineRefused()
{
    begin(RecipientPolicy::CatchAll);
    start({"a@b.example"});
    m_session->dataChunk(QByteArrayView("Subject: x\r\n\r\n"));
    m_session->refused(m_envelope, {552, {5, 3, 4}, {"Message larger than 10"}});
    m_session->reset();
    QCOMPARE(m_events.size(), 1);
    QCOMPARE(m_events.first().kind, ReceptionEvent::Kind::Refused);
    QCOMPARE(m_events.first().to, QList<QByteArray>{"a@b.example"});
    QVERIFY(m_events.first().reply.startsWith("552 5.3.4"));
}

void TestReception::refusesOnAFullDisk()
{
    begin(RecipientPolicy::CatchAll);
    QVERIFY(m_answers->replies.constLast().isNull());
    m_reception->setReserve(std::numeric_limits<qint64>::max() / 4);
    m_session->mailFrom({}, m_envelope);
    QCOMPARE(m_answers->replies.constLast().toBytes().left(9), QByteArray("452 4.3.1")); // S44
    begin(RecipientPolicy::CatchAll);
    m_envelope.declaredSize = std::numeric_limits<qint64>::max() / 4;
    m_session->mailFrom({}, m_envelope);
    QCOMPARE(m_answers->replies.constLast().code, 452);
}

void TestReception::sharesItsMemory_data()
{
    QTest::addColumn<qint64>("budget");
    QTest::addColumn<bool>("isShort");
    QTest::newRow("T118 enough") << qint64(64) * 1024 * 1024 << false;
    QTest::newRow("T118 too little for all") << qint64(1024) * 1024 << true;
}

/// Forty sessions with a message each that would fit in memory, and long envelopes: all messages are kept.
void TestReception::sharesItsMemory()
{
    QFETCH(qint64, budget);
    QFETCH(bool, isShort);
    begin(RecipientPolicy::CatchAll);
    m_reception->setMemoryBudget(budget);
    constexpr int sessions = 40;
    const QByteArray body = "Subject: x\r\n\r\n" + QByteArray(70, 'x').append("\r\n").repeated(2800);
    std::vector<std::unique_ptr<Answers>> answers;
    std::vector<std::unique_ptr<smtp::TransactionHandler>> handlers;
    qint64 most = 0;
    int refused = 0;
    for (int i = 0; i < sessions; ++i) {
        answers.push_back(std::make_unique<Answers>());
        handlers.push_back(m_reception->create(*answers.back(), "captured"));
        smtp::SessionFacts facts;
        facts.id = "s" + QByteArray::number(i);
        facts.peerAddress = QHostAddress(QStringLiteral("192.0.2.1"));
        handlers.back()->connected(facts);
        smtp::Envelope envelope;
        envelope.reversePath = path("a@far.example");
        for (int j = 0; j < 100; ++j) {
            const smtp::EnvelopeRecipient recipient{
                path("bob@here.example"), {}, "rfc822;" + QByteArray(500, 'o')};
            handlers.back()->rcptTo(envelope, recipient);
            if (answers.back()->replies.last().isTransient())
                ++refused;
            else
                envelope.recipients.append(recipient);
        }
        QVERIFY(!envelope.recipients.isEmpty());
        handlers.back()->dataBegin(envelope);
        for (qsizetype at = 0; at < body.size(); at += 65536) {
            const int resumed = answers.back()->resumed;
            const auto flow = handlers.back()->dataChunk(body.mid(at, 65536));
            most = std::max(most, m_reception->heldInMemory());
            if (flow == smtp::DataFlow::Pause)
                QTRY_COMPARE(answers.back()->resumed, resumed + 1);
        }
    }
    QCOMPARE(refused > 0, isShort);
    QCOMPARE(most > budget, isShort);
    QVERIFY2(most < budget + 256 * 1024, qPrintable(QString::number(most)));
    QCOMPARE(files(QStringLiteral("spool")).size() > 10, isShort);
    for (int i = 0; i < sessions; ++i) {
        handlers[size_t(i)]->dataEnd();
        QTRY_VERIFY(answers[size_t(i)]->replies.last().isPositive());
        QCOMPARE(answers[size_t(i)]->replies.last().code, 250);
        handlers[size_t(i)]->reset();
    }
    handlers.clear();
    QCOMPARE(m_reception->heldInMemory(), 0);
    QTRY_COMPARE(files(QStringLiteral("mail/captured")).size(), sessions);
}

void TestReception::keepsWhatOutlivesItsSession()
{
    begin(RecipientPolicy::Mailboxes);
    start({"alice@here.example", "a@far.example"});
    m_session->dataChunk(QByteArrayView("Subject: x\r\n\r\n"));
    m_session->dataEnd();
    m_session.reset(); // S90: dropped after the dot
    QTRY_COMPARE(m_queue->entries().size(), 1);
    QTRY_COMPARE(files(QStringLiteral("mail")).size(), 1);
}

void TestReception::verifiesAndExpands()
{
    begin(RecipientPolicy::Mailboxes);
    m_session->verify({}, "alice");
    QCOMPARE(m_answers->replies.constLast().toBytes(), QByteArray("250 2.1.5 <alice@here.example>"));
    m_session->expand({}, "team");
    QCOMPARE(m_answers->replies.constLast().lines,
        (QList<QByteArray>{"<alice@here.example>", "<bob@here.example>"}));
    m_session->expand({}, "none");
    QCOMPARE(m_answers->replies.constLast().code, 550);
}

QTEST_GUILESS_MAIN(TestReception)
#include "tst_reception.moc"
