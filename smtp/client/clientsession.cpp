#include "smtp/client/clientsession.h"

#include "smtp/client/clientsessionprivate.h"
#include "smtp/session/longworkpool.h"

#include <QDeadlineTimer>
#include <QPointer>
#include <QPromise>
#include <QThreadPool>

#include <algorithm>
#include <functional>
#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qint64 writeWatermark = 128 * 1024; // octets in the socket above which no more are made
constexpr qint64 blockSize = 64 * 1024;
constexpr qint64 readSize = 64 * 1024;
constexpr std::chrono::milliseconds longestTurn{10}; // of a session, while others wait

/// The result of work(), which runs on a thread of the pool. A session that ends meanwhile waits for
/// nothing: what has begun ends by itself, and nobody hears of it.
template <typename Value> QFuture<Value> runIn(QThreadPool &pool, std::function<Value()> work)
{
    const auto promise = std::make_shared<QPromise<Value>>();
    pool.start([promise, work = std::move(work)] {
        promise->start();
        if (!promise->isCanceled())
            promise->addResult(work());
        promise->finish();
    });
    return promise->future();
}

} // namespace

ClientSession::Private::Private(ClientSession *session, ClientSettings given, TranscriptSink &sink)
    : q(session), settings(std::move(given)), transcripts(sink), engine(settings)
{
    timer.setSingleShot(true);
    facts.role = SessionRole::Client;
    connect(&timer, &QTimer::timeout, q, [this] { timerFired(); });
    nextTurn.setSingleShot(true);
    nextTurn.setInterval(1); // one of 0 would come before the others' turns
    connect(&nextTurn, &QTimer::timeout, q, [this] { pump(); });
    connect(&response, &QFutureWatcherBase::finished, q, [this] {
        if (response.isCanceled())
            return;
        engine.responded(response.result(), Moment::now());
        pump();
    });
    connect(&sevenBit, &QFutureWatcherBase::finished, q, [this] {
        if (sevenBit.isCanceled())
            return;
        engine.converted(sevenBit.result(), Moment::now());
        pump();
    });
    connect(&race, &AddressRace::noted, q, [this](const QByteArray &line) { note(line); });
    connect(&race, &AddressRace::won, q,
        [this](qintptr descriptor, const QHostAddress &address) { raceWon(descriptor, address); });
    connect(&race, &AddressRace::lost, q,
        [this](const QHostAddress &address, const QByteArray &reason) { connectFailed(address, reason); });
    connect(&socket, &QSslSocket::connected, q, [this] { onConnected(); });
    connect(&socket, &QSslSocket::readyRead, q, [this] { onReadyRead(); });
    connect(&socket, &QSslSocket::errorOccurred, q, [this](auto error) { onError(error); });
    connect(&socket, &QSslSocket::disconnected, q,
        [this] { onDisconnected("the server closed the connection"); });
    connect(&socket, &QSslSocket::encrypted, q, [this] { onEncrypted(); });
    connect(&socket, &QSslSocket::encryptedBytesWritten, q, [this] { pump(); });
    connect(&socket, &QSslSocket::bytesWritten, q, [this] { pump(); });
    connect(&socket, &QSslSocket::sslErrors, q, [this](const auto &errors) { onSslErrors(errors); });
    connect(&socket, &QSslSocket::newSessionTicketReceived, q, [this] { keepTlsSession(); });
    socket.setReadBufferSize(4 * readSize); // C12: memory stays flat whatever the server sends
}

void ClientSession::Private::handOver(const QByteArray &octets)
{
    handedOver += octets.size();
    socket.write(octets);
}

void ClientSession::Private::readAll()
{
    while (engine.state() != ClientState::Closed && socket.isOpen()) {
        const QByteArray octets = socket.read(readSize);
        if (octets.isEmpty())
            return;
        engine.receive(octets, Moment::now());
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
    engine.connectionLost(reason, Moment::now());
    pump();
}

void ClientSession::Private::onError(QAbstractSocket::SocketError error)
{
    const ClientState state = engine.state();
    if (state == ClientState::Connecting)
        return connectFailed(endpoint.address, socket.errorString().toUtf8());
    if (error == QAbstractSocket::RemoteHostClosedError || state == ClientState::Closed)
        return; // disconnected() follows
    if (state == ClientState::Handshake)
        return tlsFailed({4, 7, 5}, socket.errorString().toUtf8());
    onDisconnected(socket.errorString().toUtf8());
}

/// The timer is set only when a time-out comes sooner than it would fire, and looks then what is due.
void ClientSession::Private::armTimer()
{
    const auto next = engine.nextTimeout();
    if (!next)
        return timer.stop();
    if (timer.isActive() && timerEnds <= *next)
        return;
    using namespace std::chrono;
    timerEnds = *next;
    timer.start(std::max(1ms, ceil<milliseconds>(*next - steady_clock::now())));
}

void ClientSession::Private::timerFired()
{
    const Moment now = Moment::now();
    const auto due = engine.nextTimeout();
    if (!due || now.steady < *due)
        return armTimer();
    if (race.isRunning())
        race.stop("time-out");
    engine.timeoutPassed(now);
    pump();
}

bool ClientSession::Private::writeOutput()
{
    bool wrote = false;
    while (socket.bytesToWrite() + socket.encryptedBytesToWrite() < writeWatermark) {
        const QByteArray octets = engine.takeOutput(blockSize, Moment::now());
        if (octets.isEmpty())
            break;
        wrote = true;
        handOver(octets);
    }
    for (Held &one : held) {
        if (one.behind < 0)
            one.behind = handedOver;
    }
    if (wrote)
        socket.flush(); // at once: nothing that was said waits for an event loop that may end
    return wrote;
}

/// Events first, then octets; true when there was something to do.
bool ClientSession::Private::step()
{
    const QList<ClientEvent> events = engine.takeEvents();
    for (const ClientEvent &event : events)
        std::visit([this](const auto &one) { handle(one); }, event);
    const bool wrote = socket.state() == QAbstractSocket::ConnectedState && writeOutput();
    releaseHeld();
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
    const QDeadlineTimer end(longestTurn);
    while (step() || pumping == Pumping::Again) {
        if (!alive)
            return;
        pumping = Pumping::Yes;
        if (end.hasExpired()) {
            nextTurn.start();
            break;
        }
    }
    pumping = Pumping::No;
    armTimer();
}

void ClientSession::Private::handle(const StateEntered &event)
{
    tracer.entered(event, microsecondsNow());
    Q_EMIT q->stateChanged(event.from, event.to);
}

void ClientSession::Private::handle(const DataSpoken &event)
{
    tracer.dataSent(event.size);
    contentOctets += event.size;
    TranscriptEntry entry;
    entry.speaker = Speaker::Client;
    entry.isData = true;
    entry.bytes = event.head;
    entry.dataSize = event.size;
    record(std::move(entry));
}

void ClientSession::Private::handle(const ResponseNeeded &event)
{
    response.setFuture(runIn<std::optional<QByteArray>>(
        *QThreadPool::globalInstance(), [event] { return event.sasl->respond(event.challenge); }));
}

void ClientSession::Private::handle(const ConversionNeeded &event)
{
    sevenBit.setFuture(runIn<ConvertedMessage>(
        longWorkPool(), [convert = event.convert, stop = ending.get_token()] { return convert(stop); }));
}

void ClientSession::Private::handle(const SignedIn &event)
{
    facts.user = event.user;
    tracer.signedIn(event);
    transcripts.changed(facts);
    Q_EMIT q->signedIn(event.mechanism);
}

void ClientSession::Private::handle(const TransactionDone &event)
{
    const qint64 octets = std::exchange(contentOctets, 0);
    if (event.report.has(DeliveryResult::Delivered)) {
        ++facts.messages;
        facts.octets += octets;
    }
    for (const RecipientReport &recipient : event.report.recipients) {
        if (recipient.reply.isNull())
            continue; // no server said it
        facts.refusedRecipients += recipient.result == DeliveryResult::Refused ? 1 : 0;
        facts.deferredRecipients += recipient.result == DeliveryResult::Deferred ? 1 : 0;
    }
    transcripts.changed(facts);
    tellTrace();
    Q_EMIT q->transactionFinished(event.report);
}

void ClientSession::Private::finish(const SessionOver &over)
{
    ending.request_stop();
    if (race.isRunning())
        race.stop("given up");
    dropUnsaid();
    const bool connected = socket.state() == QAbstractSocket::ConnectedState;
    if (connected && over.outcome != SessionOutcome::Broken)
        socket.disconnectFromHost();
    else if (socket.state() != QAbstractSocket::UnconnectedState)
        socket.abort();
    tellEnd(over.outcome, over.ending);
    Q_EMIT q->sessionFinished(facts);
}

ClientSession::ClientSession(ClientSettings settings, TranscriptSink &transcripts, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(this, std::move(settings), transcripts))
{ }

ClientSession::~ClientSession()
{
    d->socket.disconnect(this);
    d->timer.disconnect(this);
    d->nextTurn.disconnect(this);
    d->race.disconnect(this);
    d->response.disconnect(this);
    d->response.cancel();
    d->sevenBit.disconnect(this);
    d->sevenBit.cancel();
    d->ending.request_stop();
    if (!d->facts.id.isEmpty() && d->facts.endedAt == 0) {
        d->dropUnsaid();
        d->tellEnd(SessionOutcome::Broken, "dropped");
    }
}

void ClientSession::setOrigin(const TraceOrigin &origin)
{
    d->tracer.setOrigin(origin);
}

void ClientSession::connectToServer(const Endpoint &endpoint)
{
    d->begin(endpoint);
}

void ClientSession::send(const Envelope &envelope, std::shared_ptr<MessageSource> message)
{
    d->engine.send(envelope, std::move(message), Moment::now());
    d->pump();
}

void ClientSession::quit()
{
    d->engine.quit(Moment::now());
    d->pump();
}

void ClientSession::abort(const QByteArray &reason)
{
    d->engine.abort(reason, Moment::now());
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

const Capabilities &ClientSession::capabilities() const
{
    return d->engine.capabilities();
}

const QByteArray &ClientSession::tlsSession() const
{
    return d->tlsSession;
}

bool ClientSession::isReusable() const
{
    return d->engine.isReusable();
}

} // namespace glasspost::smtp
