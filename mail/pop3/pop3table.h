#pragma once

#include "mail/pop3/pop3command.h"

#include <array>
#include <optional>

namespace glasspost::mail {

/// Where a session stands (RFC 1939 3).
enum class Pop3State : quint8 {
    // Those in which commands are read, from here ...
    Authorization,
    UserGiven, ///< USER was accepted
    Transaction,
    // ... to here.
    Responding, ///< a SASL exchange: the next line is the client's response
    Checking, ///< the password is looked at
    Handshake, ///< STLS was accepted
    Opening, ///< signed in; the owner looks for the messages
    Fetching, ///< the owner looks for the one message
    Sending, ///< its octets
    Updating, ///< QUIT: the owner removes what was marked (RFC 1939 6)
    Closed
};
inline constexpr std::array allPop3States{Pop3State::Authorization, Pop3State::UserGiven,
    Pop3State::Transaction, Pop3State::Responding, Pop3State::Checking, Pop3State::Handshake,
    Pop3State::Opening, Pop3State::Fetching, Pop3State::Sending, Pop3State::Updating, Pop3State::Closed};

constexpr bool readsCommands(Pop3State state)
{
    return state <= Pop3State::Transaction;
}

/// What moves a session on besides a command.
enum class Pop3Trigger : quint8 {
    Challenged, ///< the SASL exchange goes on
    KeysAsked, ///< the password's keys are being derived
    SignedIn,
    SignInFailed,
    Secured, ///< the handshake is over
    Opened,
    NotOpened,
    Fetched,
    NotFetched,
    Sent,
    Ended
};
inline constexpr int pop3TriggerCount = static_cast<int>(Pop3Trigger::Ended) + 1;

// The whole order of a session, as data: nothing else decides which command may follow which, nor where a
// session goes.

/// The state after a command that is accepted; nothing where it is out of order.
std::optional<Pop3State> stateAfter(Pop3State state, Pop3Verb verb);
/// Nothing where the trigger cannot come.
std::optional<Pop3State> stateAfter(Pop3State state, Pop3Trigger trigger);

} // namespace glasspost::mail
