// Both protocol engines, each against any octets, and against each other over a line that cuts where it
// likes.
#include "mail/queue/messagesources.h"
#include "smtp/client/clientengine.h"
#include "tests/fuzz/target.h"
#include "tests/fuzz/targets/serverend.h"

namespace glasspost::fuzz {

using namespace glasspost::smtp;

namespace {

ServerLog serve(QByteArrayView input, qsizetype chunk, Answering answering)
{
    ServerEnd server(answering);
    for (Choices left(input); !left.isEmpty();)
        server.receive(left.take(chunk));
    server.lose();
    return server.log();
}

void checkReplies(const QByteArray &sent)
{
    demand(sent.isEmpty() || sent.endsWith("\r\n"), "replies are whole lines");
    for (const QByteArray &line : sent.split('\n')) {
        if (line.isEmpty())
            continue;
        demand(line.endsWith('\r') && line.size() >= 5 && line.count('\r') == 1,
            "lines end in CRLF and hold no CR");
        demand(line.at(0) >= '2' && line.at(0) <= '5' && (line.at(3) == ' ' || line.at(3) == '-'),
            "RFC 5321 4.2");
        demand(line.size() <= 511, "RFC 5321 4.5.3.1.5: 512 octets a reply line");
    }
}

bool hasBareEnds(const QByteArray &octets)
{
    for (qsizetype i = 0; i < octets.size(); ++i) {
        if (octets.at(i) == '\r' && (i + 1 == octets.size() || octets.at(i + 1) != '\n'))
            return true;
        if (octets.at(i) == '\n' && (i == 0 || octets.at(i - 1) != '\r'))
            return true;
    }
    return false;
}

/// A client engine with one or two messages to send.
class ClientEnd
{
public:
    ClientEnd(const ClientSettings &settings, const QList<QByteArray> &messages, qsizetype recipients)
        : m_engine(settings), m_recipients(recipients)
    {
        Envelope envelope;
        envelope.reversePath = {"alice", "client.test"};
        for (qsizetype i = 0; i < recipients; ++i)
            envelope.recipients
                += EnvelopeRecipient{{"user" + QByteArray::number(i), "example.test"}, {}, {}};
        envelope.body = BodyType::EightBitMime;
        m_engine.connecting({});
        m_engine.connectionOpened({}, {});
        for (const QByteArray &message : messages)
            m_engine.send(envelope, mail::bytesSource(message), {});
        m_engine.quit({});
        takeEvents();
    }

    void receive(QByteArrayView octets)
    {
        if (!m_over)
            m_engine.receive(octets, {});
        takeEvents();
    }
    void lose(bool timedOut)
    {
        const auto timeout = m_engine.nextTimeout();
        if (!m_over && timedOut && timeout)
            m_engine.timeoutPassed({0, *timeout});
        else if (!m_over && !timedOut)
            m_engine.connectionLost("gone", {});
        takeEvents();
    }
    QByteArray takeOutput(qsizetype maximum)
    {
        const QByteArray octets = m_engine.takeOutput(maximum, {});
        takeEvents();
        return octets;
    }
    [[nodiscard]] bool isOver() const { return m_over; }
    [[nodiscard]] const QList<DeliveryReport> &reports() const { return m_reports; }

private:
    void takeEvents()
    {
        for (QList<ClientEvent> events = m_engine.takeEvents(); !events.isEmpty();
             events = m_engine.takeEvents()) {
            for (const ClientEvent &event : events) {
                demand(!m_over, "the end is the last event");
                take(event);
            }
        }
    }
    void take(const ClientEvent &event)
    {
        if (const auto *entered = std::get_if<StateEntered>(&event))
            reached(stateText(entered->to, m_under));
        if (std::holds_alternative<TlsNeeded>(event)) {
            m_under |= Under::Tls;
            m_engine.encrypted(ClientEngine::Certificate::Verified, {}, {}); // else nobody signs in
        }
        if (const auto *needed = std::get_if<ResponseNeeded>(&event))
            m_engine.responded(needed->sasl->respond(needed->challenge), {});
        if (const auto *needed = std::get_if<ConversionNeeded>(&event))
            m_engine.converted(needed->convert({}), {});
        m_under.setFlag(
            Under::User, m_under.testFlag(Under::User) || std::holds_alternative<SignedIn>(event));
        if (std::holds_alternative<SessionOver>(event))
            m_over = true;
        if (const auto *done = std::get_if<TransactionDone>(&event)) {
            demand(done->report.recipients.size() == m_recipients, "a report has every recipient");
            for (const RecipientReport &report : done->report.recipients)
                demand(!report.status.isNull(), "a report has a status");
            m_reports += done->report;
        }
    }

    ClientEngine m_engine;
    qsizetype m_recipients;
    UnderFlags m_under;
    bool m_over = false;
    QList<DeliveryReport> m_reports;
};

QByteArray onTheWire(QByteArray message)
{
    message.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
    if (!message.isEmpty() && !message.endsWith("\r\n"))
        message += "\r\n";
    return message;
}

} // namespace

void serverEngine(QByteArrayView input)
{
    const ServerLog log = serve(input, qsizetype(1) << 30, Answering::AtOnce);
    checkReplies(log.sent);
    for (const QByteArray &message : log.messages)
        demand(!hasBareEnds(message), "no bare CR or LF is kept");
    demand(log == serve(input, 1, Answering::AtOnce), "a session does not hang on how its octets came");
    demand(log == serve(input, qsizetype(1) << 30, Answering::Later), "nor on when the owner answers");
    demand(log == serve(input, 3, Answering::Later), "nor on both");
}

/// The first octet chooses the binding; then come pieces, each behind an octet that says how long it is.
/// Between two pieces a handshake that is waited for succeeds.
void serverStates(QByteArrayView input)
{
    Choices choices(input);
    const unsigned flags = choices.octet();
    Binding binding;
    binding.tls = flags & 1 ? TlsMode::Required : TlsMode::Opportunistic;
    if (flags & 2)
        binding.tls = TlsMode::Implicit;
    binding.requireAuth = flags & 4;
    binding.proxyHeaders = flags & 8 ? ProxyHeaders::Expected : ProxyHeaders::None;
    ServerEnd server(flags & 16 ? Answering::Later : Answering::AtOnce, Offering::Everything, binding);
    while (!choices.isEmpty()) {
        server.finishHandshake();
        const unsigned size = choices.octet();
        server.receive(choices.take(size));
    }
    server.lose();
    const ServerLog &log = server.log();
    checkReplies(log.sent);
    for (qsizetype i = 0; i < log.messages.size(); ++i)
        demand(log.envelopes.at(i).body == BodyType::BinaryMime || !hasBareEnds(log.messages.at(i)),
            "bare CR and LF are kept of binary messages alone");
    demand(log.messages.isEmpty() || !binding.requireAuth || log.sent.contains("235 2.7.0")
            || log.sent.count("220 ") > 1,
        "where sign-in is asked nothing is kept without one (or an XCLIENT that says so)");
}

void clientEngine(QByteArrayView input)
{
    Choices choices(input);
    const unsigned flags = choices.octet();
    ClientSettings settings;
    settings.heloName = "client.test";
    if (!(flags & 1))
        settings.passedOver = Capability::Pipelining;
    settings.tls = flags & 2 ? TlsMode::Opportunistic : TlsMode::None;
    if (flags & 4)
        settings.credentials = {"bob", "secret", (flags & 8) != 0 ? ClearAuth::Anywhere : ClearAuth::Never};
    const unsigned more = choices.octet();
    if (more & 1)
        settings.protocol = ClientProtocol::Lmtp;
    if (more & 2)
        settings.xclient = {"ADDR=192.0.2.1"};
    if (more & 4)
        settings.credentials.token = "token";
    settings.chunkSize = 1 + more / 8;
    ClientEnd client(settings, {"Subject: 1\n\n.one\n", "Subject: 2\r\n\r\n\xe4\r\n"}, 1 + (flags >> 4) % 3);
    QByteArray said = client.takeOutput(100);
    while (!choices.isEmpty() && !client.isOver()) {
        client.receive(choices.take(1 + choices.octet()));
        said += client.takeOutput(100);
    }
    client.lose(flags & 128);
    demand(client.isOver(), "a lost connection ends the session");
    demand(client.reports().size() == 2, "each message has one report");
    demand(!hasBareEnds(said), "no bare CR or LF is said");
}

void dialogue(QByteArrayView input)
{
    Choices choices(input);
    const unsigned flags = choices.octet();
    QByteArray cuts = choices.take(16).toByteArray();
    if (cuts.isEmpty())
        cuts = QByteArray(1, '\x10');
    QByteArray message = choices.rest().toByteArray();
    message.replace('\0', ' '); // with a NUL it leaves in base64, to a server without BINARYMIME
    ClientSettings settings;
    settings.heloName = "client.test";
    if (!(flags & 1))
        settings.passedOver = Capability::Pipelining;
    settings.tls = TlsMode::None;
    ClientEnd client(settings, {message, "Subject: second\n\nx\n"}, 1 + flags / 2 % 3);
    ServerEnd server(flags & 64 ? Answering::Later : Answering::AtOnce);
    QByteArray toClient, toServer;
    qsizetype turn = 0;
    for (int idle = 0; idle < 3 && !client.isOver();) {
        const auto size = 1 + qsizetype(uchar(cuts.at(turn++ % cuts.size())));
        toServer += client.takeOutput(size);
        toClient += server.takeNew();
        idle = toServer.isEmpty() && toClient.isEmpty() ? idle + 1 : 0;
        server.receive(toServer.left(size));
        toServer.remove(0, size);
        client.receive(toClient.left(size));
        toClient.remove(0, size);
    }
    demand(client.isOver(), "the two of them come to an end");
    demand(client.reports().size() == 2, "each message has one report");
    QList<QByteArray> delivered;
    for (const DeliveryReport &report : client.reports()) {
        if (report.allDelivered())
            delivered += delivered.isEmpty() && &report == &client.reports().first()
                ? onTheWire(message)
                : "Subject: second\r\n\r\nx\r\n";
        else
            demand(!report.has(DeliveryResult::Delivered), "this server takes all or none");
    }
    demand(server.log().messages == delivered, "what was reported delivered is what was kept, to the octet");
}

} // namespace glasspost::fuzz
