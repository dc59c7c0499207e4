#pragma once

#include <QByteArray>
#include <QHostAddress>

namespace glasspost::smtp {

/// The server that a session talks to.
struct Peer
{
    QByteArray host; ///< the path of a Unix socket when there is no address
    QHostAddress address;
    quint16 port = 0;
    QByteArray sessionId;

    /// What is sent there does not leave this machine.
    [[nodiscard]] bool isThisMachine() const
    {
        return address.isNull() ? host.startsWith('/') : address.isLoopback();
    }
};

/// What the connection is worth to a password, or to a message that asks for TLS (RFC 8689).
enum class ChannelProtection { Clear, Encrypted, Verified };

} // namespace glasspost::smtp
