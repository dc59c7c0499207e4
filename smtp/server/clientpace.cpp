#include "smtp/server/clientpace.h"

#include <algorithm>

namespace glasspost::smtp {

void ClientPace::begin(Time now)
{
    m_lastOctet = m_lastMessage = now;
    unitBegan(now);
}

void ClientPace::octetsCame(qint64 count, Time now)
{
    m_lastOctet = now;
    m_unitOctets += count;
}

void ClientPace::unitBegan(Time now)
{
    m_unit = now;
    m_unitOctets = 0;
}

void ClientPace::setTurn(bool isClients, Time now)
{
    if (!isClients) {
        m_ownersTurn = m_ownersTurn.value_or(now);
    } else if (m_ownersTurn) {
        const auto passed = now - *m_ownersTurn;
        m_lastOctet = std::min(now, m_lastOctet + passed);
        m_unit = std::min(now, m_unit + passed);
        m_ownersTurn.reset();
    }
}

/// RFC 5321 4.5.3.2 asks for patience, a slow-loris for an end: an octet now and then is not enough.
ClientPace::Time ClientPace::unitDeadline() const
{
    if (m_limits.minimumRate <= 0)
        return Time::max();
    return m_unit + m_limits.idle + std::chrono::milliseconds(m_unitOctets * 1000 / m_limits.minimumRate);
}

std::optional<ServerEnding> ClientPace::fault(Time now) const
{
    if (m_ownersTurn)
        return {};
    if (now >= m_lastOctet + m_limits.idle)
        return ServerEnding::IdleTimeout;
    if (now >= unitDeadline())
        return ServerEnding::TooSlow;
    if (now >= m_lastMessage + m_limits.withoutMessage)
        return ServerEnding::NoMessage;
    return {};
}

std::optional<ClientPace::Time> ClientPace::deadline() const
{
    if (m_ownersTurn)
        return {};
    return std::min({m_lastOctet + m_limits.idle, unitDeadline(), m_lastMessage + m_limits.withoutMessage});
}

} // namespace glasspost::smtp
