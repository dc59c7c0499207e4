// How a session comes to a connection: look-up, then the race of the addresses.

#include "smtp/client/clientsessionprivate.h"
#include "smtp/client/proxyannouncement.h"
#include "smtp/client/unixconnection.h"
#include "smtp/syntax/addressliteral.h"
#include "smtp/syntax/hostport.h"

#include <unistd.h>

namespace glasspost::smtp {

void ClientSession::Private::begin(const Endpoint &where)
{
    endpoint = where;
    if (!where.socketPath.isEmpty())
        endpoint.port = 0; // a Unix socket has none
    facts.id = newSessionId();
    facts.startedAt = microsecondsNow();
    facts.peerName = where.host;
    facts.peerPort = endpoint.port;
    tracer.begin(facts.id, facts.peerName, facts.startedAt);
    transcripts.opened(facts);
    engine.setPeer({where.host, where.address, endpoint.port, facts.id});
    if (!where.socketPath.isEmpty())
        return connectToSocket();
    const QHostAddress literal = writtenAddress(where.host);
    if (!where.address.isNull())
        addresses = QList<QHostAddress>{where.address} + where.alternatives;
    else if (!literal.isNull())
        addresses = {literal};
    if (!addresses.isEmpty())
        return raceAddresses();
    engine.lookingUp(Moment::now());
    note("looking up " + where.host);
    QHostInfo::lookupHost(
        QString::fromUtf8(where.host), q, [this](const QHostInfo &info) { lookedUp(info); });
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
        engine.connectionFailed(outcome, Moment::now());
        return pump();
    }
    QList<QByteArray> texts;
    for (const QHostAddress &address : std::as_const(addresses))
        texts.append(address.toString().toLatin1());
    note(endpoint.host + " has " + texts.join(", "));
    raceAddresses();
}

/// QLocalSocket speaks no TLS, and a Unix socket connects at once: the one socket takes it over.
void ClientSession::Private::connectToSocket()
{
    engine.connecting(Moment::now());
    note("connecting to " + endpoint.socketPath);
    pump();
    connectTime.start();
    const auto descriptor = connectToUnixSocket(endpoint.socketPath);
    QByteArray fault = descriptor ? QByteArray() : descriptor.error();
    if (descriptor && !socket.setSocketDescriptor(*descriptor)) {
        fault = socket.errorString().toUtf8();
        ::close(int(*descriptor));
    }
    QTimer::singleShot(0, q, [this, fault] {
        if (fault.isEmpty())
            return onConnected();
        engine.connectionFailed(
            outcomeOf(DeliveryStage::Connect, {4, 4, 1}, endpoint.socketPath + ": " + fault), Moment::now());
        pump();
    });
}

void ClientSession::Private::raceAddresses()
{
    addresses = racingOrder(addresses);
    endpoint.address = addresses.constFirst();
    engine.setPeer({endpoint.host, endpoint.address, endpoint.port, facts.id});
    engine.connecting(Moment::now());
    pump();
    connectTime.start();
    race.start(addresses, endpoint.port, settings.timeouts.nextAddress);
}

void ClientSession::Private::raceWon(qintptr descriptor, const QHostAddress &address)
{
    endpoint.address = address;
    facts.peerAddress = address;
    engine.setPeer({endpoint.host, address, endpoint.port, facts.id});
    if (!socket.setSocketDescriptor(descriptor)) {
        ::close(int(descriptor));
        return connectFailed(address, socket.errorString().toUtf8());
    }
    onConnected();
}

void ClientSession::Private::connectFailed(const QHostAddress &address, const QByteArray &reason)
{
    engine.setPeer({endpoint.host, address, endpoint.port, facts.id});
    engine.connectionFailed(outcomeOf(DeliveryStage::Connect, {4, 4, 1},
                                hostPort(address, endpoint.port).toLatin1() + ": " + reason),
        Moment::now());
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
    tracer.connected(facts.peerAddress, facts.peerPort);
    note("connected in " + QByteArray::number(connectTime.elapsed()) + " ms");
    transcripts.changed(facts);
    announceClient();
    engine.connectionOpened(facts.localAddress, Moment::now());
    pump();
}

/// In the clear, before everything else: who asks for it has a proxy's trust at the other end.
void ClientSession::Private::announceClient()
{
    ProxyAnnouncement announcement = settings.proxy;
    if (announcement.source.isNull()) {
        announcement.source = facts.localAddress;
        announcement.sourcePort = facts.localPort;
    }
    const QByteArray header = proxyHeader(announcement, endpoint.address, endpoint.port);
    if (header.isEmpty())
        return;
    handOver(header);
    const bool isText = announcement.version == ProxyAnnouncement::Version::V1;
    record(Speaker::Client, isText ? header.chopped(2) : "PROXY v2 " + header.toHex());
}

} // namespace glasspost::smtp
