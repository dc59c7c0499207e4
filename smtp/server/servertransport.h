#pragma once

#include "smtp/server/serverstate.h"
#include "smtp/session/scramkeys.h"

#include <QByteArray>

namespace glasspost::smtp {

/// The connection under a server conversation: a session's socket, or a test's memory.
class ServerTransport
{
public:
    /// Octets for the client: the replies of a whole pipelined group in one call.
    virtual void send(const QByteArray &octets) = 0;
    /// Everything sent goes out in the clear, then TLS begins; ends in tlsEstablished() or end().
    virtual void startHandshake() = 0;
    /// Everything sent goes out, then the connection is closed.
    virtual void close() = 0;
    /// keysDerived() is to be called with the keys, or with nothing when there are too many sign-ins at once.
    virtual void deriveKeys(const KeyRequest &request) = 0;
    /// The engine has come to rest, maybe after an answer that came late: isReading() and nextTimeout() may
    /// be others than before.
    virtual void rested() = 0;
    /// For who watches the states go by.
    virtual void stateEntered(ServerState) { }

protected:
    ~ServerTransport() = default;
};

} // namespace glasspost::smtp
