#include "smtp/client/clientstates.h"

#include "smtp/syntax/enumtable.h"

namespace glasspost::smtp {

namespace {

using T = ClientTimeouts;
using S = ClientState;
using D = DeliveryStage;
using enum Verdict;

// The whole machine. A reply where none is awaited is a breach (C32), but a 421 there is a server that goes
// away. 3xx is right after DATA and AUTH only, 2xx everywhere else (C15). Names of the columns:
// clientstates.h.
constexpr std::array steps{
    // state, verb, time-out, stage, words, 2xx, 3xx, 4xx, 5xx, 421
    ClientStep{S::Idle, "", nullptr, D::Local, "idle", Breach, Breach, Breach, Breach, Breach},
    ClientStep{S::LookingUp, "", &T::connect, D::Lookup, "looking the host up", Breach, Breach, Breach,
        Breach, Breach},
    ClientStep{
        S::Connecting, "", &T::connect, D::Connect, "connecting", Breach, Breach, Breach, Breach, Breach},
    ClientStep{S::Greeting, "", &T::greeting, D::Greeting, "waiting for the greeting", Accept, Breach,
        Decline, Decline, Leave},
    ClientStep{S::Ehlo, "EHLO", &T::hello, D::Hello, "introducing ourselves", Accept, Breach, Decline,
        FallBack, Leave},
    ClientStep{S::Helo, "HELO", &T::hello, D::Hello, "introducing ourselves with HELO", Accept, Breach,
        Decline, Decline, Leave},
    ClientStep{S::XClient, "XCLIENT", &T::hello, D::Hello, "naming the original client", Accept, Breach,
        Decline, Decline, Leave},
    ClientStep{S::StartTls, "STARTTLS", &T::hello, D::StartTls, "asking for TLS", Accept, FallBack, FallBack,
        FallBack, Leave},
    ClientStep{S::Handshake, "", &T::handshake, D::StartTls, "making the TLS connection", Breach, Breach,
        Breach, Breach, Breach},
    ClientStep{S::Auth, "AUTH", &T::auth, D::Auth, "signing in", Accept, Continue, Decline, FallBack, Leave},
    ClientStep{S::Ready, "", nullptr, D::Mail, "ready", Breach, Breach, Breach, Breach, Leave},
    ClientStep{S::Converting, "", nullptr, D::Mail, "converting the message to 7 bits", Breach, Breach,
        Breach, Breach, Leave},
    ClientStep{
        S::Mail, "MAIL", &T::mail, D::Mail, "naming the sender", Accept, Breach, Decline, Decline, Leave},
    ClientStep{
        S::Rcpt, "RCPT", &T::rcpt, D::Rcpt, "naming the recipients", Accept, Breach, Decline, Decline, Leave},
    ClientStep{S::Data, "DATA", &T::dataInitiation, D::Data, "asking to send the message", Breach, Accept,
        Decline, Decline, Leave},
    ClientStep{
        S::Body, "", &T::dataBlock, D::Body, "sending the message", Breach, Breach, Decline, Decline, Leave},
    ClientStep{S::Chunk, "BDAT", &T::dataBlock, D::Body, "sending the message in chunks", Accept, Breach,
        Decline, Decline, Leave},
    ClientStep{S::EndOfData, ".", &T::dataTermination, D::EndOfData, "waiting for the message to be accepted",
        Accept, Breach, Decline, Decline, Leave},
    ClientStep{S::Reset, "RSET", &T::mail, D::Mail, "resetting", Accept, Breach, Decline, Decline, Leave},
    ClientStep{
        S::Quit, "QUIT", &T::quit, D::EndOfData, "saying good-bye", Accept, Accept, Accept, Accept, Leave},
    ClientStep{S::Closed, "", nullptr, D::Local, "closed", Ignore, Ignore, Ignore, Ignore, Ignore},
};

static_assert(isInEnumOrder(steps, allClientStates.size(), &ClientStep::state));
static_assert(isInEnumOrder(allClientStates, steps.size(), std::identity()));

} // namespace

ReplyClass classOf(const Reply &reply)
{
    if (reply.code == 421)
        return ReplyClass::ShuttingDown;
    if (reply.isPositive())
        return ReplyClass::Positive;
    if (reply.isIntermediate())
        return ReplyClass::Intermediate;
    return reply.isTransient() ? ReplyClass::Transient : ReplyClass::Permanent;
}

const ClientStep &stepOf(ClientState state)
{
    return steps[std::size_t(state)];
}

Verdict verdictFor(ClientState state, ReplyClass replyClass)
{
    const ClientStep &step = stepOf(state);
    switch (replyClass) {
    case ReplyClass::Positive:
        return step.positive;
    case ReplyClass::Intermediate:
        return step.intermediate;
    case ReplyClass::Transient:
        return step.transient;
    case ReplyClass::Permanent:
        return step.permanent;
    case ReplyClass::ShuttingDown:
        return step.shuttingDown;
    }
    return Breach;
}

} // namespace glasspost::smtp
