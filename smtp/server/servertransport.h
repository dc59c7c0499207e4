#pragma once

#include "smtp/server/serverstate.h"
#include "smtp/session/scramkeys.h"

#include <QByteArray>

#include <chrono>

namespace glasspost::smtp {

/// What a server engine asks of the connection under it. Implemented by the session over a socket, and by
/// tests in memory. None of the calls may call the engine back before it returns, but for receive() from
/// wantsInput().
class ServerTransport
{
public:
    /// Octets for the client: the replies of a whole pipelined group in one call.
    virtual void send(const QByteArray &octets) = 0;
    /// Everything sent goes out in the clear, then TLS begins; ends in tlsEstablished() or connectionLost().
    virtual void startHandshake() = 0;
    /// Everything sent goes out, then the connection is closed.
    virtual void close() = 0;
    /// delayOver() is to be called after that time; until then the engine says and reads nothing.
    virtual void startDelay(std::chrono::milliseconds time) = 0;
    /// keysDerived() is to be called with the keys, or with nothing when there are too many sign-ins at once.
    virtual void deriveKeys(const KeyRequest &request) = 0;
    /// The engine reads again after a time in which isReading() was false.
    virtual void wantsInput() = 0;
    /// Entered a state: time for the timers.
    virtual void stateEntered(ServerState from, ServerState to) = 0;

protected:
    ~ServerTransport() = default;
};

} // namespace glasspost::smtp
