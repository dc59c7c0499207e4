#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"
#include "smtp/syntax/proxyheader.h"
#include "smtp/syntax/xclient.h"

#include <algorithm>

// Who the client really is, as somebody between says: the PROXY protocol and XCLIENT. Both are believed from
// trusted addresses alone.

namespace glasspost::smtp {

namespace {

QByteArray endOf(const QHostAddress &address, quint16 port)
{
    return address.toString().toLatin1() + " port " + QByteArray::number(port);
}

} // namespace

bool ServerEngine::isTrusted() const
{
    return std::any_of(m_settings.trustedPeers.begin(), m_settings.trustedPeers.end(),
        [this](const AddressRange &range) { return range.contains(m_socketPeer); });
}

/// The client as it is known by now: the one that a proxy speaks for, say.
bool ServerEngine::isAllowed() const
{
    const QList<AddressRange> &ranges = m_settings.allowedClients;
    return ranges.isEmpty() || !m_listenAddress.unixPath.isEmpty()
        || std::any_of(ranges.begin(), ranges.end(),
            [this](const AddressRange &range) { return range.contains(m_facts.peerAddress); });
}

void ServerEngine::askConnected()
{
    if (isAllowed())
        ask(Pending::Connected, ConnectionAsked{m_facts});
    else // RFC 5321 3.1
        answerConnected(makeReply(554, {5, 7, 1}, "Client host rejected: Access denied"));
}

/// A binding for a proxy serves nobody else: its octets could not be told from a client's.
void ServerEngine::awaitProxy()
{
    if (isTrusted()) {
        advance(ServerTrigger::ProxyAwaited);
        return;
    }
    note("not a trusted proxy");
    const Reply refusal = makeReply(554, {5, 7, 1}, "This port serves only its proxy");
    if (m_listenAddress.tls == TlsMode::Implicit)
        closeSession(SessionOutcome::Broken, refusal.toBytes());
    else
        sayAndClose(refusal);
}

void ServerEngine::takeProxyHeader(QByteArrayView &input)
{
    m_proxyOctets.append(input);
    input = {};
    const ProxySpan span = findProxyHeader(m_proxyOctets);
    if (span.status == ProxySpan::Status::Incomplete)
        return;
    const bool isComplete = span.status == ProxySpan::Status::Complete;
    const auto header = isComplete ? parseProxyHeader(QByteArrayView(m_proxyOctets).first(span.size))
                                   : std::optional<ProxyHeader>();
    if (!header) {
        note("a malformed PROXY header");
        closeSession(SessionOutcome::Broken, "a malformed PROXY header");
        return;
    }
    const QByteArray version = "PROXY version " + QByteArray::number(header->version);
    if (header->kind == ProxyHeader::Kind::Local) {
        note(version + ": the proxy speaks for itself");
    } else if (header->kind == ProxyHeader::Kind::Unknown) {
        // Anybody: neither loopback nor trusted, whatever the proxy is.
        note(version + ": from a client whose address the proxy does not know");
        m_facts.peerAddress = {};
        m_facts.peerPort = 0;
        m_socketPeer = {};
        factsChanged();
    } else {
        m_facts.peerAddress = header->source;
        m_facts.peerPort = header->sourcePort;
        m_facts.localAddress = header->destination;
        m_facts.localPort = header->destinationPort;
        note(version + ": from " + endOf(header->source, header->sourcePort) + " to "
            + endOf(header->destination, header->destinationPort));
        m_socketPeer = header->source; // who is behind the proxy is not trusted for the proxy's sake
        factsChanged();
    }
    input = QByteArrayView(m_proxyOctets).sliced(span.size);
    open();
}

void ServerEngine::xclient(QByteArrayView argument)
{
    if (!isTrusted()) {
        say(makeReply(550, {5, 7, 0}, "XCLIENT is for trusted clients"));
        return;
    }
    const auto attributes = argument.isEmpty() ? std::nullopt : parseXclient(argument);
    if (!attributes) {
        say(makeReply(
            501, {5, 5, 4}, QByteArray("Syntax: XCLIENT attribute=value ... of ") + xclientAttributeNames));
        return;
    }
    m_facts.peerAddress = attributes->address.value_or(m_facts.peerAddress);
    m_facts.peerPort = attributes->port.value_or(m_facts.peerPort);
    m_facts.localAddress = attributes->destination.value_or(m_facts.localAddress);
    m_facts.localPort = attributes->destinationPort.value_or(m_facts.localPort);
    m_facts.esmtp = attributes->esmtp.value_or(false);
    m_facts.peerName = attributes->helo;
    m_facts.user = attributes->login;
    m_facts.isUserUnchecked = false;
    m_identity = attributes->login.isEmpty() ? ClientIdentity::Unknown : ClientIdentity::User;
    note("XCLIENT: from " + endOf(m_facts.peerAddress, m_facts.peerPort));
    factsChanged();
    // XCLIENT_README: the session begins again, with the greeting.
    accepted(Verb::Xclient);
    askConnected();
}

} // namespace glasspost::smtp
