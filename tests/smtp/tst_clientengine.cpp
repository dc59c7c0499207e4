// The client's machine, walked: every state times every class of reply; then the engine joined in memory to
// our own server's engine, with random chunking.

#include "smtp/client/clientengine.h"
#include "smtp/server/serverconversation.h"

#include <QRandomGenerator>
#include <QTest>

#include <array>

using namespace glasspost::smtp;

namespace {

class BytesSource : public MessageSource
{
public:
    explicit BytesSource(QByteArray octets) : m_octets(std::move(octets)) { }
    /// Of octets past 7F; the letters in place of them are its 7-bit form.
    static std::shared_ptr<BytesSource> eightBit(QByteArray octets)
    {
        auto source = std::make_shared<BytesSource>(std::move(octets));
        source->m_eightBit = true;
        return source;
    }
    [[nodiscard]] qint64 wireSize() const override { return m_octets.size() + m_octets.count('\n'); }
    [[nodiscard]] bool hasEightBit() const override { return m_eightBit; }
    bool rewind() override
    {
        m_place = 0;
        return true;
    }
    QByteArray read(qint64 maximum) override
    {
        if (m_failAt >= 0 && m_place >= m_failAt)
            m_failed = true;
        const QByteArray part = m_failed ? QByteArray() : m_octets.mid(m_place, maximum);
        m_place += part.size();
        return part;
    }
    [[nodiscard]] bool failed() const override { return m_failed; }
    [[nodiscard]] MessageConverter toSevenBit() const override
    {
        return [octets = m_octets](const std::stop_token &) { return std::make_shared<BytesSource>(octets); };
    }
    void failAt(qint64 place) { m_failAt = place; }

private:
    QByteArray m_octets;
    bool m_eightBit = false;
    qint64 m_place = 0;
    qint64 m_failAt = -1;
    bool m_failed = false;
};

Envelope envelopeFor(const QList<QByteArray> &names)
{
    Envelope envelope;
    envelope.reversePath = {"alice", "example.net"};
    for (const QByteArray &name : names)
        envelope.recipients.append(EnvelopeRecipient{Mailbox{name, "example.org"}, {}, {}});
    return envelope;
}

/// What an engine told so far.
struct Told
{
    QList<DeliveryReport> reports;
    QList<QByteArray> said;
    bool over = false;

    void take(ClientEngine &engine)
    {
        for (const ClientEvent &event : engine.takeEvents()) {
            if (const auto *done = std::get_if<TransactionDone>(&event))
                reports.append(done->report);
            else if (const auto *line = std::get_if<LineSpoken>(&event);
                     line && line->speaker == Speaker::Client)
                said.append(line->bytes);
            else if (std::holds_alternative<SessionOver>(event))
                over = true;
        }
    }
};

QByteArray drain(ClientEngine &engine)
{
    QByteArray all;
    while (true) {
        const QByteArray some = engine.takeOutput(1000, {});
        if (some.isEmpty())
            return all;
        all += some;
    }
}

ClientSettings plainSettings()
{
    ClientSettings settings;
    settings.heloName = "client.example.net";
    settings.tls = TlsMode::Opportunistic;
    settings.credentials = {"user", "secret", ClearAuth::Anywhere};
    return settings;
}

const char *helloFor(ClientState state)
{
    if (state == ClientState::XClient)
        return "250-mx\r\n250-XCLIENT ADDR\r\n250-STARTTLS\r\n250 AUTH PLAIN";
    return state == ClientState::Chunk ? "250-mx\r\n250-STARTTLS\r\n250-CHUNKING\r\n250 AUTH PLAIN"
                                       : "250-mx\r\n250-STARTTLS\r\n250 AUTH PLAIN";
}

/// Brings an engine to a state by the shortest way. False where no reply leads there.
bool bringTo(ClientEngine &engine, ClientState state)
{
    const auto hear = [&engine](const char *text) {
        drain(engine);
        engine.receive(QByteArray(text) + "\r\n", {});
    };
    const QList<std::pair<ClientState, const char *>> way{{ClientState::Greeting, "220 mx"},
        {ClientState::Ehlo, helloFor(state)}, {ClientState::StartTls, "454 no"},
        {ClientState::Auth, "235 ok"}, {ClientState::Mail, "250 ok"}, {ClientState::Rcpt, "250 ok"},
        {ClientState::Data, "354 go"}};
    if (state == ClientState::Idle)
        return true;
    if (state == ClientState::LookingUp || state == ClientState::Connecting) {
        state == ClientState::LookingUp ? engine.lookingUp({}) : engine.connecting({});
        return true;
    }
    engine.connectionOpened({}, {});
    if (state == ClientState::Helo || state == ClientState::Handshake) {
        hear("220 mx");
        hear(state == ClientState::Helo ? "500 no" : "250-mx\r\n250 STARTTLS");
        if (state == ClientState::Handshake)
            hear("220 go");
    }
    const bool needsMessage = state == ClientState::Mail || state == ClientState::Rcpt
        || state == ClientState::Data || state == ClientState::Body || state == ClientState::Chunk
        || state == ClientState::EndOfData || state == ClientState::Reset;
    if (needsMessage)
        engine.send(envelopeFor({"bob"}), std::make_shared<BytesSource>(QByteArray(5000, 'x')), {});
    if (state == ClientState::Converting)
        engine.send(envelopeFor({"bob"}), BytesSource::eightBit(QByteArray(5000, 'x')), {});
    for (const auto &[at, reply] : way) {
        if (engine.state() == state)
            break;
        if (engine.state() == at)
            hear(state == ClientState::Reset && at == ClientState::Rcpt ? "550 no" : reply);
    }
    if (state == ClientState::EndOfData)
        drain(engine);
    if (state == ClientState::Body || state == ClientState::Chunk)
        engine.takeOutput(1000, {});
    if (state == ClientState::Quit)
        engine.quit({});
    if (state == ClientState::Closed)
        engine.abort("enough", {});
    if (state != ClientState::Body && state != ClientState::Chunk)
        drain(engine);
    return true;
}

ClientState stateOf(ClientEngine &engine, ClientState wanted)
{
    if (wanted == ClientState::Body || wanted == ClientState::Chunk)
        return engine.state();
    drain(engine);
    return engine.state();
}

/// Takes every message and keeps it.
class Keeper : public TransactionHandler
{
public:
    Keeper(Responder &responder, QList<QByteArray> &kept) : m_responder(responder), m_kept(kept) { }
    void connected(const SessionFacts &) override { m_responder.reply({}); }
    void identified(const SessionFacts &) override { }
    void mailFrom(const SessionFacts &, const Envelope &) override { m_responder.reply({}); }
    void rcptTo(const Envelope &, const EnvelopeRecipient &recipient) override
    {
        if (recipient.forwardPath.localPart == "nobody")
            return m_responder.reply({550, {5, 1, 1}, {"no such user"}});
        m_responder.reply({});
    }
    void dataBegin(const Envelope &) override
    {
        m_message.clear();
        m_responder.reply({});
    }
    DataFlow dataChunk(QByteArrayView octets) override
    {
        m_message.append(octets);
        return DataFlow::Continue;
    }
    void dataEnd() override
    {
        m_kept.append(m_message);
        m_responder.reply({});
    }
    void reset() override { }
    void closed(const SessionFacts &) override { }
    void verify(const SessionFacts &, const QByteArray &) override { m_responder.reply({}); }
    void expand(const SessionFacts &, const QByteArray &) override { m_responder.reply({}); }

private:
    Responder &m_responder;
    QList<QByteArray> &m_kept;
    QByteArray m_message;
};

class Keepers : public TransactionHandlerFactory
{
public:
    std::unique_ptr<TransactionHandler> create(Responder &responder, const QByteArray &) override
    {
        return std::make_unique<Keeper>(responder, kept);
    }
    QList<QByteArray> kept;
};

class NoTranscript : public TranscriptSink
{
public:
    void opened(const SessionFacts &) override { }
    void recorded(const QByteArray &, TranscriptEntry) override { }
    void changed(const SessionFacts &) override { }
    void closed(const SessionFacts &) override { }
};

class MemoryTransport final : public ServerTransport
{
public:
    void send(const QByteArray &octets) override { out += octets; }
    void startHandshake() override { }
    void close() override { closed = true; }
    void deriveKeys(const KeyRequest &) override { QFAIL("nobody signs in here"); }
    void rested() override { }
    QByteArray out;
    bool closed = false;
};

/// A random piece off the front.
QByteArray takePiece(QByteArray &octets, QRandomGenerator &random)
{
    const auto length = 1 + qsizetype(random.bounded(quint32(std::min<qsizetype>(octets.size(), 700))));
    const QByteArray piece = octets.left(length);
    octets.remove(0, length);
    return piece;
}

QByteArray randomMessage(QRandomGenerator &random)
{
    static const QByteArray letters = "a.\n\r.b \n.";
    QByteArray message = "Subject: x\n\n";
    for (int i = 0; i < 3000; ++i)
        message += letters.at(random.bounded(int(letters.size())));
    return message;
}

/// What must arrive: every line end CRLF, a last one added.
QByteArray canonical(QByteArray octets)
{
    octets.replace("\r\n", "\n").replace('\r', '\n');
    if (!octets.endsWith('\n'))
        octets += '\n';
    return octets.replace("\n", "\r\n");
}

} // namespace

class ClientEngineTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyStateTimesEveryReply_data()
    {
        QTest::addColumn<ClientState>("state");
        QTest::addColumn<int>("code");
        for (const ClientState state : allClientStates) {
            for (const int code : {299, 399, 499, 599, 421, 150, 666}) {
                const QByteArray name = QByteArray(stepOf(state).words) + ", " + QByteArray::number(code);
                QTest::newRow(name.constData()) << state << code;
            }
        }
    }
    /// Whatever comes, the engine stays whole: a breach closes, everything else follows the table, and once
    /// the session is over every message has exactly one report with one result for each recipient.
    void everyStateTimesEveryReply()
    {
        QFETCH(ClientState, state);
        QFETCH(int, code);
        ClientSettings settings = plainSettings();
        if (state == ClientState::Helo) // with a sign-in there is no way there (C6)
            settings.credentials = {};
        if (state == ClientState::XClient)
            settings.xclient = {"ADDR=192.0.2.7"};
        settings.chunkSize = 1000;
        ClientEngine engine(settings);
        QVERIFY(bringTo(engine, state));
        QCOMPARE(int(stateOf(engine, state)), int(state));
        Told told;
        told.take(engine);
        told = {};
        const bool open = state != ClientState::Closed && state != ClientState::Idle;
        const bool hadMessage
            = open && engine.state() >= ClientState::Converting && engine.state() <= ClientState::EndOfData;
        engine.receive(QByteArray::number(code) + " text\r\n", {});
        told.take(engine);
        const bool knownClass = code / 100 >= 2 && code / 100 <= 5;
        const Verdict verdict
            = knownClass ? verdictFor(state, classOf(Reply{code, {}, {}})) : Verdict::Breach;
        if (state == ClientState::Closed) {
            QVERIFY(!told.over);
            return;
        }
        if (verdict == Verdict::Breach || verdict == Verdict::Leave || state == ClientState::Quit)
            QCOMPARE(int(engine.state()), int(ClientState::Closed));
        else if (state != ClientState::Body)
            QVERIFY(engine.state() != ClientState::Closed);
        engine.abort("the test is over", {});
        told.take(engine);
        QVERIFY(told.over);
        QCOMPARE(int(engine.state()), int(ClientState::Closed));
        if (hadMessage) {
            QCOMPARE(told.reports.size(), 1);
            QCOMPARE(told.reports.constFirst().recipients.size(), 1);
            QVERIFY(!told.reports.constFirst().recipients.constFirst().status.isNull());
        }
    }

    /// What comes of it when the session is over by then is nobody's business any more.
    void conversionComesTooLate()
    {
        ClientEngine engine(plainSettings());
        QVERIFY(bringTo(engine, ClientState::Converting));
        engine.connectionLost("gone", {});
        Told told;
        told.take(engine);
        QCOMPARE(told.reports.size(), 1);
        QCOMPARE(told.reports.constFirst().recipients.constFirst().result, DeliveryResult::Deferred);
        engine.converted(std::make_shared<BytesSource>("x\n"), {});
        told.take(engine);
        QCOMPARE(told.reports.size(), 1);
        QCOMPARE(int(engine.state()), int(ClientState::Closed));
    }

    void sendAfterTheEnd()
    {
        ClientEngine engine(plainSettings());
        engine.abort("gone", {});
        Told told;
        engine.send(envelopeFor({"bob", "carl"}), std::make_shared<BytesSource>("x\n"), {});
        told.take(engine);
        QCOMPARE(told.reports.size(), 1);
        QCOMPARE(told.reports.constFirst().recipients.size(), 2);
        QCOMPARE(
            int(told.reports.constFirst().recipients.constFirst().result), int(DeliveryResult::Deferred));
    }

    /// RFC 2033 5: a server on port 25 would be taken for an SMTP server.
    void lmtpNotOnPort25()
    {
        ClientSettings settings = plainSettings();
        settings.protocol = ClientProtocol::Lmtp;
        ClientEngine engine(settings);
        engine.setPeer({"mx.example.org", QHostAddress(QHostAddress::LocalHost), 25, "S"});
        engine.send(envelopeFor({"bob"}), std::make_shared<BytesSource>("x\n"), {});
        engine.connectionOpened({}, {});
        Told told;
        told.take(engine);
        QVERIFY(told.over);
        QVERIFY(told.said.isEmpty());
        const RecipientReport report = told.reports.constFirst().recipients.constFirst();
        QCOMPARE(int(report.result), int(DeliveryResult::Deferred));
        QCOMPARE(report.status.toBytes(), QByteArray("4.3.5"));
    }

    /// A message that cannot be read any more must not look whole to the server: no dot.
    void readFailure()
    {
        ClientEngine engine(plainSettings());
        QVERIFY(bringTo(engine, ClientState::Mail));
        Told told;
        engine.abort("next", {});
        ClientSettings settings = plainSettings();
        settings.credentials = {};
        settings.tls = TlsMode::None;
        ClientEngine second(settings);
        second.connectionOpened({}, {});
        auto source = std::make_shared<BytesSource>(QByteArray(5000, 'x'));
        source->failAt(2000);
        second.send(envelopeFor({"bob"}), source, {});
        QByteArray wire;
        for (const char *reply : {"220 mx", "250 mx", "250 ok", "250 ok", "354 go"}) {
            wire += drain(second);
            second.receive(QByteArray(reply) + "\r\n", {});
        }
        wire += drain(second);
        told.take(second);
        QVERIFY(!wire.contains("\r\n.\r\n"));
        QVERIFY(told.over);
        QCOMPARE(
            int(told.reports.constFirst().recipients.constFirst().result), int(DeliveryResult::Deferred));
    }

    void joinedWithOurServer_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 30; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void joinedWithOurServer()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        Keepers keepers;
        NoTranscript transcript;
        MemoryTransport transport;
        ServerSettings serverSettings;
        serverSettings.hostName = "mx.example.org";
        SessionFacts facts;
        facts.id = "S";
        ServerConversation server(
            serverSettings, Binding(), facts, {keepers, transcript, nullptr}, transport);
        ClientSettings settings;
        settings.heloName = "client.example.net";
        if (seed % 2 == 1)
            settings.passedOver = Capability::Pipelining;
        ClientEngine client(settings);
        Told told;
        QList<QByteArray> messages;
        server.start();
        client.connectionOpened({}, {});
        for (int i = 0; i < 3; ++i) {
            messages.append(randomMessage(random));
            client.send(envelopeFor({"bob", "nobody", "carl"}),
                std::make_shared<BytesSource>(messages.constLast()), {});
        }
        client.quit({});
        QByteArray toServer;
        for (int turns = 0; turns < 100000 && client.state() != ClientState::Closed; ++turns) {
            toServer += client.takeOutput(500, {});
            if (!toServer.isEmpty() && random.bounded(2) == 0)
                server.receive(takePiece(toServer, random));
            if (!transport.out.isEmpty() && random.bounded(2) == 0)
                client.receive(takePiece(transport.out, random), {});
            told.take(client);
        }
        QCOMPARE(int(client.state()), int(ClientState::Closed));
        QCOMPARE(told.reports.size(), 3);
        for (const DeliveryReport &report : told.reports) {
            QCOMPARE(int(report.recipients.at(0).result), int(DeliveryResult::Delivered));
            QCOMPARE(int(report.recipients.at(1).result), int(DeliveryResult::Refused));
            QCOMPARE(report.recipients.at(1).status.toBytes(), QByteArray("5.1.1"));
            QCOMPARE(int(report.recipients.at(2).result), int(DeliveryResult::Delivered));
        }
        QCOMPARE(keepers.kept.size(), 3);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(keepers.kept.at(i), canonical(messages.at(i)));
    }
};

QTEST_GUILESS_MAIN(ClientEngineTest)
#include "tst_clientengine.moc"
