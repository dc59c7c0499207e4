#pragma once

#include "smtp/server/serversettings.h"
#include "smtp/session/moment.h"

#include <optional>

namespace glasspost::smtp {

/// How a session came to its end when it was not by QUIT.
enum class ServerEnding {
    PeerClosed,
    ConnectionLost,
    IdleTimeout,
    TooSlow,
    NoMessage, ///< commands alone, for too long
    Shutdown,
    HandshakeFailed
};

/// How long a client takes: for the next octet, for a command or message (a unit), and without a message at
/// all. The time that the owner thinks is not the client's.
class ClientPace
{
public:
    using Time = Moment::Steady;

    /// limits outlive it.
    explicit ClientPace(const ServerLimits &limits) : m_limits(limits) { }

    void begin(Time now);
    void octetsCame(qint64 count, Time now);
    void unitBegan(Time now);
    void messageSeen(Time now) { m_lastMessage = now; }
    /// Whether it is the client's turn; to be told after everything that happens.
    void setTurn(bool isClients, Time now);

    /// What the client has failed in; nothing while it has not, or is not to say anything.
    [[nodiscard]] std::optional<ServerEnding> fault(Time now) const;
    /// When it will have, if it stays silent.
    [[nodiscard]] std::optional<Time> deadline() const;

private:
    [[nodiscard]] Time unitDeadline() const;

    const ServerLimits &m_limits;
    Time m_lastOctet;
    Time m_lastMessage; ///< or the session's begin
    Time m_unit;
    qint64 m_unitOctets = 0;
    std::optional<Time> m_ownersTurn; ///< since then it is
};

} // namespace glasspost::smtp
