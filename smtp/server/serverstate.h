#pragma once

#include <QFlags>
#include <QtGlobal>

#include <array>

namespace glasspost::smtp {

/// Where a server session stands. RFC 5321 4.1.4 orders the commands; each command is allowed in a set of
/// these.
enum class ServerState : quint16 {
    Opening = 0x001, ///< connected; the owner has not said whether to greet
    TurnedAway = 0x002, ///< greeted with 554: QUIT alone is served (RFC 5321 3.1)
    Greeted = 0x004, ///< 220 was said
    Identified = 0x008, ///< EHLO or HELO was accepted; no transaction
    MailGiven = 0x010, ///< MAIL was accepted, no recipient yet
    RcptGiven = 0x020, ///< one recipient or more
    Data = 0x040, ///< 354 was said: octets are the message's
    Auth = 0x080, ///< a SASL exchange is under way: lines are responses
    Handshake = 0x100, ///< STARTTLS was accepted, or the binding speaks TLS from the start
    Chunk = 0x200, ///< octets of a BDAT are read
    Chunks = 0x400, ///< between two BDATs of a message
    ChunksFailed = 0x800, ///< a chunk was refused: LAST, RSET or EHLO ends it (RFC 3030 2)
    Proxy = 0x1000, ///< a proxy's header comes before all else
    Closed = 0x2000
};
Q_DECLARE_FLAGS(ServerStates, ServerState)
Q_DECLARE_OPERATORS_FOR_FLAGS(ServerStates)

inline constexpr std::array allServerStates{ServerState::Opening, ServerState::TurnedAway,
    ServerState::Greeted, ServerState::Identified, ServerState::MailGiven, ServerState::RcptGiven,
    ServerState::Data, ServerState::Auth, ServerState::Handshake, ServerState::Chunk, ServerState::Chunks,
    ServerState::ChunksFailed, ServerState::Proxy, ServerState::Closed};

/// For the transcript and logs: "DATA", "AUTH", "a command".
const char *serverStateName(ServerState state);

} // namespace glasspost::smtp
