#include "mail/pop3/pop3table.h"

#include "smtp/syntax/enumtable.h"

#include <cstddef>

namespace glasspost::mail {

namespace {

struct Pop3Tables
{
    using enum Pop3State;
    using Next = std::optional<Pop3State>;
    static constexpr Next no = std::nullopt;
    static constexpr std::size_t columns = std::size_t(Transaction) + 1;

    struct Row
    {
        Pop3Verb verb;
        std::array<Next, columns> next; ///< one for each state that reads commands, in the enum's order
    };
    struct Step
    {
        Pop3Trigger trigger;
        Pop3State from;
        Pop3State to;
    };

    // clang-format off
    static constexpr std::array commands{
        //                      Authorization  UserGiven      Transaction
        Row{Pop3Verb::User,    {{UserGiven,     UserGiven,     no}}},
        Row{Pop3Verb::Pass,    {{no,            Checking,      no}}},
        Row{Pop3Verb::Auth,    {{Responding,    Responding,    no}}},
        Row{Pop3Verb::Stls,    {{Handshake,     Handshake,     no}}},
        Row{Pop3Verb::Capa,    {{Authorization, UserGiven,     Transaction}}},
        Row{Pop3Verb::Stat,    {{no,            no,            Transaction}}},
        Row{Pop3Verb::List,    {{no,            no,            Transaction}}},
        Row{Pop3Verb::Retr,    {{no,            no,            Fetching}}},
        Row{Pop3Verb::Dele,    {{no,            no,            Transaction}}},
        Row{Pop3Verb::Noop,    {{no,            no,            Transaction}}},
        Row{Pop3Verb::Rset,    {{no,            no,            Transaction}}},
        Row{Pop3Verb::Top,     {{no,            no,            Fetching}}},
        Row{Pop3Verb::Uidl,    {{no,            no,            Transaction}}},
        Row{Pop3Verb::Quit,    {{Closed,        Closed,        Updating}}},
        Row{Pop3Verb::Unknown, {{no,            no,            no}}},
    };
    // clang-format on

    /// All else. Ended leads from everywhere to Closed.
    static constexpr std::array steps{
        Step{Pop3Trigger::Challenged, Responding, Responding},
        Step{Pop3Trigger::Challenged, Checking, Responding},
        Step{Pop3Trigger::KeysAsked, Responding, Checking},
        Step{Pop3Trigger::KeysAsked, Checking, Checking},
        Step{Pop3Trigger::SignedIn, Responding, Opening},
        Step{Pop3Trigger::SignedIn, Checking, Opening},
        Step{Pop3Trigger::SignInFailed, Responding, Authorization},
        Step{Pop3Trigger::SignInFailed, Checking, Authorization},
        Step{Pop3Trigger::Secured, Handshake, Authorization},
        Step{Pop3Trigger::Opened, Opening, Transaction},
        Step{Pop3Trigger::NotOpened, Opening, Authorization},
        Step{Pop3Trigger::Fetched, Fetching, Sending},
        Step{Pop3Trigger::NotFetched, Fetching, Transaction},
        Step{Pop3Trigger::Sent, Sending, Transaction},
    };
};
static_assert(smtp::isInEnumOrder(Pop3Tables::commands, pop3VerbCount, &Pop3Tables::Row::verb));

} // namespace

std::optional<Pop3State> stateAfter(Pop3State state, Pop3Verb verb)
{
    if (!readsCommands(state))
        return std::nullopt;
    return Pop3Tables::commands[std::size_t(verb)].next[std::size_t(state)];
}

std::optional<Pop3State> stateAfter(Pop3State state, Pop3Trigger trigger)
{
    if (trigger == Pop3Trigger::Ended)
        return Pop3State::Closed;
    for (const Pop3Tables::Step &step : Pop3Tables::steps) {
        if (step.trigger == trigger && step.from == state)
            return step.to;
    }
    return std::nullopt;
}

} // namespace glasspost::mail
