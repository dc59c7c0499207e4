#pragma once

#include "smtp/client/clientsettings.h"
#include "smtp/client/deliveryreport.h"
#include "smtp/syntax/reply.h"

#include <QMetaType>

#include <array>

namespace glasspost::smtp {

/// Where a client session stands: which answer it waits for, or what it does. In the order a session takes.
enum class ClientState : quint8 {
    Idle, ///< nothing begun
    LookingUp, ///< the host's name is being resolved
    Connecting,
    Greeting,
    Ehlo,
    Helo,
    XClient, ///< naming another client as the one who speaks
    StartTls,
    Handshake,
    Auth,
    Ready, ///< between messages; nothing is awaited
    Converting, ///< the next message, to 7 bits; nothing is awaited of the server
    Mail,
    Rcpt,
    Data,
    Body, ///< the message is on its way
    Chunk, ///< it is so in chunks, each with a reply of its own (RFC 3030)
    EndOfData, ///< after the dot, or the last chunk
    Reset,
    Quit,
    Closed
};
inline constexpr std::array allClientStates{ClientState::Idle, ClientState::LookingUp,
    ClientState::Connecting, ClientState::Greeting, ClientState::Ehlo, ClientState::Helo,
    ClientState::XClient, ClientState::StartTls, ClientState::Handshake, ClientState::Auth,
    ClientState::Ready, ClientState::Converting, ClientState::Mail, ClientState::Rcpt, ClientState::Data,
    ClientState::Body, ClientState::Chunk, ClientState::EndOfData, ClientState::Reset, ClientState::Quit,
    ClientState::Closed};

/// A reply as the machine sees it: its first digit, and 421 apart (RFC 5321 3.8: at any moment).
enum class ReplyClass : quint8 { Positive, Intermediate, Transient, Permanent, ShuttingDown };
ReplyClass classOf(const Reply &reply);

/// What a reply of some class means in some state.
enum class Verdict : quint8 {
    Accept, ///< as hoped: on to the next step
    Continue, ///< 334: the exchange goes on
    FallBack, ///< the humbler way: HELO for EHLO, no TLS, another mechanism
    Decline, ///< said no: transient or permanent by its first digit
    Breach, ///< a reply that the protocol does not allow here: give the connection up
    Leave, ///< the server goes away: keep what is decided, close
    Ignore
};

/// One row of the machine.
struct ClientStep
{
    ClientState state;
    const char *verb; ///< the command whose reply is awaited; "" where none is
    std::chrono::milliseconds ClientTimeouts::*timeout; ///< RFC 5321 4.5.3.2; null: no time runs
    DeliveryStage stage; ///< for reports
    const char *words; ///< for people, in English: "waiting for the greeting"
    Verdict positive, intermediate, transient, permanent, shuttingDown;
};

const ClientStep &stepOf(ClientState state);
Verdict verdictFor(ClientState state, ReplyClass replyClass);

} // namespace glasspost::smtp

Q_DECLARE_METATYPE(glasspost::smtp::ClientState)
