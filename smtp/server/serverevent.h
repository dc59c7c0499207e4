#pragma once

#include "smtp/server/serverstate.h"
#include "smtp/session/scramkeys.h"
#include "smtp/session/transcript.h"
#include "smtp/syntax/envelope.h"
#include "smtp/syntax/reply.h"

#include <QByteArray>
#include <QByteArrayView>

#include <variant>

namespace glasspost::smtp {

// What the server engine tells its owner, in order. A question is the last event until it is answered: those
// of TransactionHandler by ServerEngine::reply(), OctetsReceived by octetsTaken(), KeysNeeded by
// keysDerived().

struct ConnectionAsked
{
    SessionFacts facts;
};
struct MailAsked
{
    SessionFacts facts;
    Envelope envelope;
};
/// For ServerEngine::envelope(): a copy with each of a thousand recipients would be too many.
struct RcptAsked
{
    EnvelopeRecipient recipient;
};
struct DataAsked
{
    Envelope envelope;
};
/// Not a copy: the octets are those of receive(), or the engine's own until it is called again.
struct OctetsReceived
{
    QByteArrayView octets;
};
struct MessageEnded
{ };
struct VerifyAsked
{
    SessionFacts facts;
    QByteArray text;
};
struct ExpandAsked
{
    SessionFacts facts;
    QByteArray list;
};
/// The keys of a password are to be derived on another thread.
struct KeysNeeded
{
    KeyRequest request;
};

struct ClientIdentified
{
    SessionFacts facts;
};
struct DepartureTolerated
{
    QByteArray words;
};
struct MessageRefused
{
    Envelope envelope;
    Reply reply;
};
struct TransactionReset
{ };

struct SessionStarted
{
    SessionFacts facts;
};
struct LineRecorded
{
    TranscriptEntry entry;
};
struct FactsChanged
{
    SessionFacts facts;
};
struct ServerStateEntered
{
    ServerState from;
    ServerState to;
};
/// Write the output in the clear, then start the TLS handshake; ends in tlsEstablished() or end().
struct HandshakeNeeded
{ };
/// The last event: write the output, then close the connection.
struct SessionClosed
{
    SessionFacts facts;
};

using ServerEvent = std::variant<ConnectionAsked, MailAsked, RcptAsked, DataAsked, OctetsReceived,
    MessageEnded, VerifyAsked, ExpandAsked, KeysNeeded, ClientIdentified, DepartureTolerated, MessageRefused,
    TransactionReset, SessionStarted, LineRecorded, FactsChanged, ServerStateEntered, HandshakeNeeded,
    SessionClosed>;

} // namespace glasspost::smtp
