#include "smtp/server/servertable.h"

#include "smtp/syntax/enumtable.h"

#include <array>
#include <cstddef>

namespace glasspost::smtp {

namespace {

using enum ServerState;

constexpr std::size_t columnCount = std::size_t(ChunksFailed) - std::size_t(Rejecting) + 1;

struct Cell
{
    CommandOrder order;
    constexpr Cell(CommandOrder::Kind kind) : order{kind, Closed} { }
    constexpr Cell(ServerState next) : order{CommandOrder::Kind::Allowed, next} { }
};

template <typename Key> struct Row
{
    Key key;
    std::array<Cell, columnCount> cells; ///< one for each state that reads commands, in the enum's order
};

constexpr auto no = CommandOrder::Kind::OutOfOrder;
constexpr auto shut = CommandOrder::Kind::NoService;

// clang-format off
/// A command that was accepted leads from the state above to the one in its row. MAIL, RCPT and DATA are accepted
/// by the owner's reply, the others by ours. DATA without a recipient gets 554, not 503 (RFC 5321 3.3).
constexpr std::array commands{
    //                          Rejecting  Greeted     Identified  MailGiven   RcptGiven   Chunks      ChunksFailed
    Row<Verb>{Verb::Ehlo,     {{shut,      Identified, Identified, Identified, Identified, Identified, Identified}}},
    Row<Verb>{Verb::Helo,     {{shut,      Identified, Identified, Identified, Identified, Identified, Identified}}},
    Row<Verb>{Verb::Mail,     {{shut,      no,         MailGiven,  no,         no,         no,         no}}},
    Row<Verb>{Verb::Rcpt,     {{shut,      no,         no,         RcptGiven,  RcptGiven,  no,         no}}},
    Row<Verb>{Verb::Data,     {{shut,      no,         no,         Data,       Data,       no,         no}}},
    Row<Verb>{Verb::Bdat,     {{shut,      no,         no,         no,         Chunk,      Chunk,      no}}},
    Row<Verb>{Verb::Rset,     {{shut,      Greeted,    Identified, Identified, Identified, Identified, Identified}}},
    Row<Verb>{Verb::Noop,     {{shut,      Greeted,    Identified, MailGiven,  RcptGiven,  Chunks,     ChunksFailed}}},
    Row<Verb>{Verb::Quit,     {{Closed,    Closed,     Closed,     Closed,     Closed,     Closed,     Closed}}},
    Row<Verb>{Verb::Vrfy,     {{shut,      Greeted,    Identified, MailGiven,  RcptGiven,  Chunks,     ChunksFailed}}},
    Row<Verb>{Verb::Expn,     {{shut,      Greeted,    Identified, MailGiven,  RcptGiven,  Chunks,     ChunksFailed}}},
    Row<Verb>{Verb::Help,     {{shut,      Greeted,    Identified, MailGiven,  RcptGiven,  Chunks,     ChunksFailed}}},
    Row<Verb>{Verb::StartTls, {{shut,      Handshake,  Handshake,  no,         no,         no,         no}}},
    Row<Verb>{Verb::Auth,     {{shut,      no,         Auth,       no,         no,         no,         no}}},
    Row<Verb>{Verb::Etrn,     {{shut,      no,         no,         no,         no,         no,         no}}},
    Row<Verb>{Verb::Turn,     {{shut,      no,         no,         no,         no,         no,         no}}},
    Row<Verb>{Verb::Send,     {{shut,      no,         no,         no,         no,         no,         no}}},
    Row<Verb>{Verb::Soml,     {{shut,      no,         no,         no,         no,         no,         no}}},
    Row<Verb>{Verb::Saml,     {{shut,      no,         no,         no,         no,         no,         no}}},
    Row<Verb>{Verb::Xclient,  {{shut,      Opening,    Opening,    no,         no,         no,         no}}},
    Row<Verb>{Verb::Unknown,  {{shut,      no,         no,         no,         no,         no,         no}}},
};

/// The same for a BDAT whose octets are through: from the state in which it was said.
constexpr std::array chunkEnds{
    //                                     Rejecting  Greeted  Identified  MailGiven  RcptGiven     Chunks        ChunksFailed
    Row<ChunkEnd>{ChunkEnd::Taken,       {{no,        no,      no,         no,        Chunks,       Chunks,       no}}},
    Row<ChunkEnd>{ChunkEnd::LastTaken,   {{no,        no,      no,         no,        Identified,   Identified,   no}}},
    Row<ChunkEnd>{ChunkEnd::Failed,      {{no,        no,      no,         no,        ChunksFailed, ChunksFailed, no}}},
    Row<ChunkEnd>{ChunkEnd::LastFailed,  {{no,        no,      no,         no,        Identified,   Identified,   no}}},
    Row<ChunkEnd>{ChunkEnd::Skipped,     {{Rejecting, Greeted, Identified, MailGiven, RcptGiven,    Chunks,       ChunksFailed}}},
    Row<ChunkEnd>{ChunkEnd::LastSkipped, {{Rejecting, Greeted, Identified, MailGiven, RcptGiven,    Chunks,       Identified}}},
};
// clang-format on

struct Transition
{
    ServerTrigger trigger;
    ServerState from;
    ServerState to;
};

/// All else. Ended leads from everywhere to Closed.
constexpr std::array transitions{
    Transition{ServerTrigger::ProxyAwaited, Opening, Proxy},
    Transition{ServerTrigger::TlsAwaited, Opening, Handshake},
    Transition{ServerTrigger::TlsAwaited, Proxy, Handshake},
    Transition{ServerTrigger::ClientKnown, Opening, Opening},
    Transition{ServerTrigger::ClientKnown, Proxy, Opening},
    Transition{ServerTrigger::ClientKnown, Handshake, Opening},
    Transition{ServerTrigger::Admitted, Opening, Greeted},
    Transition{ServerTrigger::Rejected, Opening, Rejecting},
    Transition{ServerTrigger::StartTlsDone, Handshake, Greeted},
    Transition{ServerTrigger::SignInOver, Auth, Identified},
    Transition{ServerTrigger::MessageOver, Data, Identified},
    Transition{ServerTrigger::ChunkSkipped, Rejecting, Chunk},
    Transition{ServerTrigger::ChunkSkipped, Greeted, Chunk},
    Transition{ServerTrigger::ChunkSkipped, Identified, Chunk},
    Transition{ServerTrigger::ChunkSkipped, MailGiven, Chunk},
    Transition{ServerTrigger::ChunkSkipped, RcptGiven, Chunk},
    Transition{ServerTrigger::ChunkSkipped, Chunks, Chunk},
    Transition{ServerTrigger::ChunkSkipped, ChunksFailed, Chunk},
};

static_assert(isInEnumOrder(commands, verbCount, &Row<Verb>::key));
static_assert(isInEnumOrder(chunkEnds, chunkEndCount, &Row<ChunkEnd>::key));

template <typename Rows, typename Key> CommandOrder look(const Rows &rows, Key key, ServerState state)
{
    if (!readsCommands(state))
        return {};
    return rows[std::size_t(key)].cells[std::size_t(state) - std::size_t(Rejecting)].order;
}

std::optional<ServerState> nextOf(const CommandOrder &order)
{
    return order.kind == CommandOrder::Kind::Allowed ? std::optional(order.next) : std::nullopt;
}

} // namespace

CommandOrder orderOf(ServerState state, Verb verb)
{
    return look(commands, verb, state);
}

std::optional<ServerState> stateAfter(ServerState state, Verb verb)
{
    return nextOf(orderOf(state, verb));
}

std::optional<ServerState> stateAfter(ServerState saidIn, ChunkEnd end)
{
    return nextOf(look(chunkEnds, end, saidIn));
}

std::optional<ServerState> stateAfter(ServerState state, ServerTrigger trigger)
{
    if (trigger == ServerTrigger::Ended)
        return Closed;
    for (const Transition &transition : transitions) {
        if (transition.trigger == trigger && transition.from == state)
            return transition.to;
    }
    return {};
}

} // namespace glasspost::smtp
