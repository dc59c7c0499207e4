#pragma once

#include "smtp/client/clientstates.h"
#include "smtp/client/deliveryreport.h"
#include "smtp/client/messagesource.h"
#include "smtp/session/saslclient.h"
#include "smtp/session/transcript.h"

#include <memory>
#include <variant>

namespace glasspost::smtp {

/// What the client engine asks of its owner, or tells it, in order.
struct StateEntered
{
    ClientState from;
    ClientState to; ///< differs from from
};
/// A line for the transcript, credentials blotted out; Speaker::Event: something happened.
struct LineSpoken
{
    Speaker speaker;
    QByteArray bytes;
};
/// A reply came to the command, or to nothing; both without secrets.
struct Answered
{
    ClientState state; ///< which awaited it
    QByteArray command;
    Reply reply;
};
/// The message went out, whole or as far as it came.
struct DataSpoken
{
    QByteArray head;
    qint64 size;
};
/// Start the TLS handshake now; octets that are already there in the clear go to receive() first.
struct TlsNeeded
{ };
/// Drop the connection, and open another one to the same address: the engine is Connecting again, and asks
/// for no TLS there.
struct ReconnectInClear
{ };
/// Work out sasl's response to the challenge on another thread, and give it to responded().
struct ResponseNeeded
{
    std::shared_ptr<SaslClient> sasl;
    QByteArray challenge;
};
/// Run convert on another thread, and give what it returns to converted().
struct ConversionNeeded
{
    MessageConverter convert;
};
struct SignedIn
{
    QByteArray user;
    QByteArray mechanism;
};
struct TransactionDone
{
    DeliveryReport report;
};
/// The last event: close the connection.
struct SessionOver
{
    SessionOutcome outcome;
    QByteArray ending;
};

using ClientEvent = std::variant<StateEntered, LineSpoken, Answered, DataSpoken, TlsNeeded, ReconnectInClear,
    ResponseNeeded, ConversionNeeded, SignedIn, TransactionDone, SessionOver>;

} // namespace glasspost::smtp
