#pragma once

#include <QtGlobal>

#include <array>

namespace glasspost::smtp {

/// Where a server session stands (RFC 5321 4.1.4). servertable.h says what leads from one to the next.
enum class ServerState : quint8 {
    Opening, ///< connected; the owner has not said whether to greet
    Proxy, ///< a proxy's header comes before all else
    Handshake, ///< STARTTLS was accepted, or the binding speaks TLS from the start
    // Those in which commands are read, from here ...
    Rejecting, ///< greeted with 554: QUIT alone is served (RFC 5321 3.1)
    Greeted, ///< 220 was said
    Identified, ///< EHLO or HELO was accepted; no transaction
    MailGiven, ///< MAIL was accepted, no recipient yet
    RcptGiven, ///< one recipient or more
    Chunks, ///< between two BDATs of a message
    ChunksFailed, ///< a chunk was refused: LAST, RSET or EHLO ends it (RFC 3030 2)
    // ... to here.
    Auth, ///< a SASL exchange is under way: lines are responses
    Data, ///< 354 was said: octets are the message's
    Chunk, ///< octets of a BDAT are read
    Closed
};

inline constexpr std::array allServerStates{ServerState::Opening, ServerState::Proxy, ServerState::Handshake,
    ServerState::Rejecting, ServerState::Greeted, ServerState::Identified, ServerState::MailGiven,
    ServerState::RcptGiven, ServerState::Chunks, ServerState::ChunksFailed, ServerState::Auth,
    ServerState::Data, ServerState::Chunk, ServerState::Closed};

constexpr bool readsCommands(ServerState state)
{
    return state >= ServerState::Rejecting && state <= ServerState::ChunksFailed;
}

/// For the transcript and logs: "DATA", "AUTH", "a command".
const char *serverStateName(ServerState state);

} // namespace glasspost::smtp
