#include "smtp/client/clientsession.h"

#include "smtp/client/clientengine.h"
#include "smtp/client/tlsfacts.h"

#include <QElapsedTimer>
#include <QHostInfo>
#include <QPointer>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTimer>

#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qint64 writeWatermark = 128 * 1024; // octets in the socket above which no more are made
constexpr qint64 blockSize = 64 * 1024;
constexpr qint64 readSize = 64 * 1024;

qint64 microsecondsNow()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch())
        .count();
}

QByteArray addressText(const QHostAddress &address, quint16 port)
{
    const QByteArray text = address.toString().toLatin1();
    const bool six = address.protocol() == QAbstractSocket::IPv6Protocol;
    return (six ? '[' + text + ']' : text) + ':' + QByteArray::number(port);
}

/// A host as a person writes it: name, address, or address literal (RFC 5321 4.1.3).
QString hostText(const QByteArray &host)
{
    QByteArray text = host;
    if (text.startsWith('[') && text.endsWith(']'))
        text = text.sliced(1, text.size() - 2);
    return QString::fromUtf8(text.toLower().startsWith("ipv6:") ? text.sliced(5) : text);
}

} // namespace

/// Socket and timer around the engine. After every call of the engine comes pump(), which carries its output
/// and its events away; pump() never runs inside itself.
class ClientSession::Private
{
public:
    Private(ClientSession *session, ClientSettings given, TranscriptSink &sink);

    void begin(const Endpoint &where);
    void lookedUp(const QHostInfo &info);
    void connectNext();
    void onConnected();
    void onReadyRead();
    void onDisconnected(const QByteArray &reason);
    void onError(QAbstractSocket::SocketError error);
    void onEncrypted();
    void onSslErrors(const QList<QSslError> &errors);
    void onTimeout();
    void pump();
    void record(Speaker speaker, const QByteArray &bytes);
    void record(TranscriptEntry entry);
    void note(const QByteArray &text) { record(Speaker::Event, text); }

    ClientSession *q;
    ClientSettings settings;
    TranscriptSink &transcripts;
    ClientEngine engine;
    SessionFacts facts;
    Endpoint endpoint;
    QSslSocket socket;
    QTimer timer;
    QElapsedTimer connectTime;
    QList<QHostAddress> addresses; ///< still to try
    QList<QSslError> sslErrors;
    enum class Pumping { No, Yes, Again } pumping = Pumping::No;

private:
    bool step();
    bool writeOutput();
    void startTls();
    void addressFailed(const QByteArray &reason);
    void tlsFailed(EnhancedStatusCode status, const QByteArray &reason);
    void retryInClear(const QByteArray &reason);
    void readAll();
    void finish(const SessionOver &over);
    [[nodiscard]] bool acceptsCertificate() const;

    void handle(const StateEntered &event);
    void handle(const LineSpoken &event) { record(event.speaker, event.bytes); }
    void handle(const DataSpoken &event);
    void handle(const TlsNeeded &) { startTls(); }
    void handle(const SignedIn &event);
    void handle(const TransactionDone &event);
    void handle(const SessionOver &event) { finish(event); }
};

ClientSession::Private::Private(ClientSession *session, ClientSettings given, TranscriptSink &sink)
    : q(session), settings(std::move(given)), transcripts(sink), engine(settings)
{
    timer.setSingleShot(true);
    facts.role = SessionRole::Client;
    connect(&timer, &QTimer::timeout, q, [this] { onTimeout(); });
    connect(&socket, &QSslSocket::connected, q, [this] { onConnected(); });
    connect(&socket, &QSslSocket::readyRead, q, [this] { onReadyRead(); });
    connect(&socket, &QSslSocket::errorOccurred, q, [this](auto error) { onError(error); });
    connect(&socket, &QSslSocket::disconnected, q,
        [this] { onDisconnected("the server closed the connection"); });
    connect(&socket, &QSslSocket::encrypted, q, [this] { onEncrypted(); });
    connect(&socket, &QSslSocket::encryptedBytesWritten, q, [this] { pump(); });
    connect(&socket, &QSslSocket::bytesWritten, q, [this] { pump(); });
    connect(&socket, &QSslSocket::sslErrors, q, [this](const auto &errors) { onSslErrors(errors); });
    socket.setReadBufferSize(4 * readSize); // C12: memory stays flat whatever the server sends
}

void ClientSession::Private::record(TranscriptEntry entry)
{
    entry.at = microsecondsNow();
    transcripts.recorded(facts.id, std::move(entry));
}

void ClientSession::Private::record(Speaker speaker, const QByteArray &bytes)
{
    TranscriptEntry entry;
    entry.speaker = speaker;
    entry.bytes = bytes;
    record(std::move(entry));
}

void ClientSession::Private::begin(const Endpoint &where)
{
    endpoint = where;
    facts.id = newSessionId();
    facts.startedAt = microsecondsNow();
    facts.peerName = where.host;
    facts.peerPort = where.port;
    transcripts.opened(facts);
    engine.setPeer({where.host, where.address, where.port, facts.id});
    const QHostAddress literal(hostText(where.host));
    if (!where.address.isNull())
        addresses = {where.address};
    else if (!literal.isNull())
        addresses = {literal};
    if (!addresses.isEmpty())
        return connectNext();
    engine.lookingUp();
    note("looking up " + where.host);
    QHostInfo::lookupHost(hostText(where.host), q, [this](const QHostInfo &info) { lookedUp(info); });
    pump();
}

void ClientSession::Private::lookedUp(const QHostInfo &info)
{
    if (engine.state() != ClientState::LookingUp)
        return;
    addresses = info.addresses();
    if (addresses.isEmpty()) {
        const bool unknown = info.error() == QHostInfo::HostNotFound;
        const QByteArray reason = unknown
            ? "no such host: " + endpoint.host
            : "look-up of " + endpoint.host + " failed: " + info.errorString().toUtf8();
        Outcome outcome = outcomeOf(DeliveryStage::Lookup, {4, 4, 3}, reason);
        if (unknown) // a smarthost's name: a person has to mend it, and the message must wait for that
            outcome.status = {4, 4, 4};
        engine.connectionFailed(outcome);
        return pump();
    }
    QList<QByteArray> texts;
    for (const QHostAddress &address : std::as_const(addresses))
        texts.append(address.toString().toLatin1());
    note(endpoint.host + " has " + texts.join(", "));
    connectNext();
}

void ClientSession::Private::connectNext()
{
    endpoint.address = addresses.takeFirst();
    facts.peerAddress = endpoint.address;
    engine.setPeer({endpoint.host, endpoint.address, endpoint.port, facts.id});
    engine.connecting();
    note("connecting to " + addressText(endpoint.address, endpoint.port));
    pump();
    connectTime.start();
    socket.connectToHost(endpoint.address, endpoint.port);
}

void ClientSession::Private::addressFailed(const QByteArray &reason)
{
    const QByteArray line = addressText(endpoint.address, endpoint.port) + ": " + reason;
    if (!addresses.isEmpty()) { // C1: the next address
        note(line);
        socket.abort();
        return connectNext();
    }
    engine.connectionFailed(outcomeOf(DeliveryStage::Connect, {4, 4, 1}, line));
    pump();
}

void ClientSession::Private::onConnected()
{
    if (engine.state() != ClientState::Connecting)
        return;
    socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    socket.setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    facts.localAddress = socket.localAddress();
    facts.localPort = socket.localPort();
    note("connected in " + QByteArray::number(connectTime.elapsed()) + " ms");
    transcripts.changed(facts);
    engine.connectionOpened();
    pump();
}

void ClientSession::Private::readAll()
{
    while (engine.state() != ClientState::Closed && socket.isOpen()) {
        const QByteArray octets = socket.read(readSize);
        if (octets.isEmpty())
            return;
        engine.receive(octets);
        pump();
    }
}

void ClientSession::Private::onReadyRead()
{
    // In the handshake the socket holds TLS's own octets, and what it decrypts belongs behind encrypted().
    if (engine.state() != ClientState::Handshake)
        readAll();
}

void ClientSession::Private::onDisconnected(const QByteArray &reason)
{
    readAll(); // a last reply may stand before the end (C34)
    if (engine.state() == ClientState::Handshake)
        return tlsFailed({4, 7, 5}, reason);
    engine.connectionLost(reason);
    pump();
}

void ClientSession::Private::onError(QAbstractSocket::SocketError error)
{
    const ClientState state = engine.state();
    if (state == ClientState::Connecting)
        return addressFailed(socket.errorString().toUtf8());
    if (error == QAbstractSocket::RemoteHostClosedError || state == ClientState::Closed)
        return; // disconnected() follows
    if (state == ClientState::Handshake)
        return tlsFailed({4, 7, 5}, socket.errorString().toUtf8());
    onDisconnected(socket.errorString().toUtf8());
}

void ClientSession::Private::onTimeout()
{
    if (engine.state() == ClientState::Connecting && !addresses.isEmpty())
        return addressFailed("time-out");
    if (engine.state() == ClientState::Handshake && settings.tls == TlsMode::Implicit)
        return tlsFailed({4, 4, 2}, "the server is silent; does it speak TLS on this port?"); // C63
    if (engine.state() == ClientState::Handshake && settings.tls == TlsMode::Opportunistic)
        return tlsFailed({4, 4, 2}, "time-out in the handshake");
    engine.timedOut();
    pump();
}

void ClientSession::Private::startTls()
{
    if (socket.bytesAvailable() > 0) // C45
        return engine.receive(socket.readAll());
    QSslConfiguration configuration = socket.sslConfiguration();
    if (!settings.authorities.isEmpty())
        configuration.addCaCertificates(settings.authorities);
    // Errors come to onSslErrors whatever the settings, for the transcript; acceptsCertificate() decides.
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    socket.setSslConfiguration(configuration);
    socket.setPeerVerifyName(QString::fromUtf8(endpoint.host));
    socket.startClientEncryption();
}

bool ClientSession::Private::acceptsCertificate() const
{
    if (!settings.pinnedFingerprint.isEmpty())
        return isSameFingerprint(settings.pinnedFingerprint, peerFingerprint(socket));
    return !settings.verifyCertificate || sslErrors.isEmpty();
}

void ClientSession::Private::onSslErrors(const QList<QSslError> &errors)
{
    sslErrors = errors;
    if (acceptsCertificate())
        return socket.ignoreSslErrors();
    const bool pinned = !settings.pinnedFingerprint.isEmpty();
    for (const QByteArray &line : tlsLines(socket, errors))
        note(line);
    tlsFailed({4, 7, 5},
        pinned ? QByteArray("the certificate is not the pinned one")
               : "the certificate does not fit: " + errorLine(errors)); // C46
}

void ClientSession::Private::onEncrypted()
{
    if (engine.state() != ClientState::Handshake)
        return;
    for (const QByteArray &line : tlsLines(socket, sslErrors))
        note(line);
    if (!acceptsCertificate())
        return tlsFailed({4, 7, 5}, "the certificate is not the pinned one");
    facts.tls = tlsSummary(socket);
    transcripts.changed(facts);
    engine.encrypted();
    pump();
    readAll();
}

/// C47: a server whose TLS is broken still gets its mail where TLS was only wished for.
void ClientSession::Private::retryInClear(const QByteArray &reason)
{
    settings.tls = TlsMode::None;
    engine.reconnectingInClear(reason);
    sslErrors.clear();
    // What the old connection still has to say of its end is not about the new one.
    socket.blockSignals(true);
    socket.abort();
    QTimer::singleShot(0, q, [this] {
        socket.blockSignals(false);
        if (engine.state() != ClientState::Connecting)
            return;
        connectTime.start();
        socket.connectToHost(endpoint.address, endpoint.port);
    });
    pump();
}

void ClientSession::Private::tlsFailed(EnhancedStatusCode status, const QByteArray &reason)
{
    const bool careless = !settings.verifyCertificate && settings.pinnedFingerprint.isEmpty();
    if (settings.tls == TlsMode::Opportunistic && careless)
        return retryInClear("no TLS with " + endpoint.host + ": " + reason);
    engine.connectionFailed(
        outcomeOf(DeliveryStage::StartTls, status, "no TLS with " + endpoint.host + ": " + reason));
    pump();
}

bool ClientSession::Private::writeOutput()
{
    bool wrote = false;
    while (socket.bytesToWrite() + socket.encryptedBytesToWrite() < writeWatermark) {
        const QByteArray octets = engine.takeOutput(blockSize);
        if (octets.isEmpty())
            break;
        wrote = true;
        // RFC 5321 4.5.3.2.5: the time counts for each block, not for the message.
        if (engine.state() == ClientState::Body)
            timer.start(settings.timeouts.dataBlock);
        socket.write(octets);
    }
    return wrote;
}

/// Events first, then octets; true when there was something to do.
bool ClientSession::Private::step()
{
    const QList<ClientEvent> events = engine.takeEvents();
    for (const ClientEvent &event : events)
        std::visit([this](const auto &one) { handle(one); }, event);
    const bool wrote = socket.state() == QAbstractSocket::ConnectedState && writeOutput();
    return wrote || !events.isEmpty();
}

void ClientSession::Private::pump()
{
    if (pumping != Pumping::No) {
        pumping = Pumping::Again;
        return;
    }
    const QPointer<ClientSession> alive(q);
    pumping = Pumping::Yes;
    while (step() || pumping == Pumping::Again) {
        if (!alive)
            return;
        pumping = Pumping::Yes;
    }
    pumping = Pumping::No;
}

/// The one place where a state is entered: tell, and start its time.
void ClientSession::Private::handle(const StateEntered &event)
{
    const ClientStep &entered = stepOf(event.to);
    if (entered.timeout)
        timer.start(settings.timeouts.*entered.timeout);
    else
        timer.stop();
    if (event.from != event.to)
        Q_EMIT q->stateChanged(event.from, event.to);
}

void ClientSession::Private::handle(const DataSpoken &event)
{
    TranscriptEntry entry;
    entry.speaker = Speaker::Client;
    entry.isData = true;
    entry.bytes = event.head;
    entry.dataSize = event.size;
    record(std::move(entry));
}

void ClientSession::Private::handle(const SignedIn &event)
{
    facts.user = event.user;
    transcripts.changed(facts);
}

void ClientSession::Private::handle(const TransactionDone &event)
{
    if (event.report.has(DeliveryResult::Delivered)) {
        ++facts.messages;
        transcripts.changed(facts);
    }
    Q_EMIT q->transactionFinished(event.report);
}

void ClientSession::Private::finish(const SessionOver &over)
{
    timer.stop();
    const bool connected = socket.state() == QAbstractSocket::ConnectedState;
    if (connected && over.outcome != SessionOutcome::Broken)
        socket.disconnectFromHost();
    else if (socket.state() != QAbstractSocket::UnconnectedState)
        socket.abort();
    note("closed: " + over.ending);
    facts.outcome = over.outcome;
    facts.ending = over.ending;
    facts.endedAt = microsecondsNow();
    transcripts.closed(facts);
    Q_EMIT q->sessionFinished(facts);
}

ClientSession::ClientSession(ClientSettings settings, TranscriptSink &transcripts, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(this, std::move(settings), transcripts))
{ }

ClientSession::~ClientSession()
{
    d->socket.disconnect(this);
    d->timer.disconnect(this);
    if (!d->facts.id.isEmpty() && d->facts.endedAt == 0) {
        d->facts.outcome = SessionOutcome::Broken;
        d->facts.ending = "dropped";
        d->facts.endedAt = microsecondsNow();
        d->transcripts.closed(d->facts);
    }
}

void ClientSession::connectToServer(const Endpoint &endpoint)
{
    d->begin(endpoint);
}

void ClientSession::send(const Envelope &envelope, std::shared_ptr<MessageSource> message)
{
    d->engine.send(envelope, std::move(message));
    d->pump();
}

void ClientSession::quit()
{
    d->engine.quit();
    d->pump();
}

void ClientSession::abort(const QByteArray &reason)
{
    d->engine.abort(reason);
    d->pump();
}

ClientState ClientSession::state() const
{
    return d->engine.state();
}

const SessionFacts &ClientSession::facts() const
{
    return d->facts;
}

bool ClientSession::isReusable() const
{
    return d->engine.isReusable();
}

} // namespace glasspost::smtp
