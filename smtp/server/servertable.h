#pragma once

#include "smtp/server/serverstate.h"
#include "smtp/syntax/command.h"

#include <optional>

namespace glasspost::smtp {

// The whole order of a session (RFC 5321 4.1.4), as data: nothing else decides in which state a command is
// allowed, nor where a session goes. What lasts longer than a state is no part of it: a second STARTTLS and a
// second AUTH, which get 503 as well, are refused by the rules of serverrules.cpp.

/// What a command finds in a state.
struct CommandOrder
{
    enum class Kind : quint8 {
        Allowed, ///< once it is accepted, the session is in next
        OutOfOrder, ///< 503
        NoService ///< 503, whatever was said
    };
    Kind kind = Kind::OutOfOrder;
    ServerState next = ServerState::Closed;

    friend bool operator==(const CommandOrder &, const CommandOrder &) = default;
};

/// Of states that do not read commands: OutOfOrder.
CommandOrder orderOf(ServerState state, Verb verb);
/// The state after an accepted command; nothing where the command is not allowed.
std::optional<ServerState> stateAfter(ServerState state, Verb verb);

/// What moves a session on besides a command that was accepted.
enum class ServerTrigger : quint8 {
    ProxyAwaited, ///< a proxy has to name the client first
    TlsAwaited, ///< the binding speaks TLS from the start (RFC 8314 3.3)
    ClientKnown, ///< the owner is asked whether to greet
    Admitted, ///< 220
    Rejected, ///< 554
    StartTlsDone,
    SignInOver, ///< accepted or not
    MessageOver, ///< kept or not
    ChunkSkipped, ///< a BDAT that is refused: its octets are read all the same
    Ended
};
inline constexpr int serverTriggerCount = static_cast<int>(ServerTrigger::Ended) + 1;

/// Nothing where the trigger cannot come.
std::optional<ServerState> stateAfter(ServerState state, ServerTrigger trigger);

/// What became of a chunk whose octets are read (RFC 3030 2).
enum class ChunkEnd : quint8 {
    Taken,
    LastTaken,
    Failed, ///< refused by the owner, or for its octets
    LastFailed,
    Skipped, ///< the command was refused
    LastSkipped
};
inline constexpr int chunkEndCount = static_cast<int>(ChunkEnd::LastSkipped) + 1;

/// By the state in which the BDAT was said; nothing where it cannot end so.
std::optional<ServerState> stateAfter(ServerState saidIn, ChunkEnd end);

} // namespace glasspost::smtp
