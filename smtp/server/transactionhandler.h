#pragma once

#include "smtp/session/transcript.h"
#include "smtp/syntax/envelope.h"
#include "smtp/syntax/reply.h"

#include <QByteArray>
#include <QByteArrayView>

#include <memory>

namespace glasspost::smtp {

/// Answers the question that a TransactionHandler was asked last. The engine says nothing and reads nothing
/// more until the answer is there, so that the handler may give it at once or from a later event.
class Responder
{
public:
    virtual ~Responder() = default;
    /// The reply to the question asked last, exactly one for each question. Its class decides: 2xx (or 3xx
    /// for data) goes on, 4xx and 5xx refuse. A null Reply asks for the engine's own default positive reply.
    /// 421 also ends the session after it was sent.
    virtual void reply(const Reply &reply) = 0;
    /// Ends a pause that dataChunk asked for.
    virtual void resumeData() = 0;
};

enum class DataFlow { Continue, Pause };

/// What a listener's owner implements for one session: may this one in, who is it for, where does it go. Made
/// by a TransactionHandlerFactory when the connection is accepted and destroyed with the session, on the
/// session's thread. Every question is answered once through the Responder, at once or later; none may block.
/// The engine has checked syntax, order, size and limits before it asks.
class TransactionHandler
{
public:
    virtual ~TransactionHandler() = default;

    /// Connection accepted; a null reply greets with 220, 554 or 421 turns it away.
    virtual void connected(const SessionFacts &session) = 0;
    /// HELO or EHLO came with this name; facts hold it. No answer is asked.
    virtual void identified(const SessionFacts &session) = 0;
    /// MAIL: parameters are in the envelope, recipients still empty.
    virtual void mailFrom(const SessionFacts &session, const Envelope &envelope) = 0;
    /// RCPT.
    virtual void rcptTo(const Envelope &envelope, const EnvelopeRecipient &recipient) = 0;
    /// DATA (or the first BDAT): recipients are those accepted. A null reply says 354.
    virtual void dataBegin(const Envelope &envelope) = 0;
    /// Octets of the message, dot-stuffing taken off, line ends CRLF as on the wire. After Pause the engine
    /// hands over nothing more, and the session reads nothing more, until resumeData().
    virtual DataFlow dataChunk(QByteArrayView octets) = 0;
    /// A departure in the message's own octets, in the words of Envelope::tolerated; told before dataChunk
    /// hands them over. No answer is asked.
    virtual void tolerated(const QByteArray &) { }
    /// The message is complete and within every limit. A positive reply is a promise to keep it (RFC
    /// 5321 6.1).
    virtual void dataEnd() = 0;
    /// The engine turned a message away by itself, with this reply: its declared size, or its octets (too
    /// large, bare line ends, too many hops). The envelope is as far as it had come. For who keeps count; no
    /// answer is asked, and reset() follows where a transaction was open.
    virtual void refused(const Envelope &, const Reply &) { }
    /// The transaction is over without a message: RSET, a new EHLO, STARTTLS, or a message that the engine
    /// refused. Whatever dataChunk handed over is void. Also called after dataEnd was answered. No answer is
    /// asked.
    virtual void reset() = 0;
    /// The session has ended, orderly or not; a transaction still open is void. No answer is asked.
    virtual void closed(const SessionFacts &session) = 0;

    /// VRFY and EXPN (RFC 5321 3.5). A null reply gives the engine's 252 or 502.
    virtual void verify(const SessionFacts &session, const QByteArray &text) = 0;
    virtual void expand(const SessionFacts &session, const QByteArray &list) = 0;
};

class TransactionHandlerFactory
{
public:
    virtual ~TransactionHandlerFactory() = default;
    /// The responder outlives the handler. bindingName is the name of the binding the client came through.
    virtual std::unique_ptr<TransactionHandler> create(Responder &responder, const QByteArray &bindingName)
        = 0;
};

} // namespace glasspost::smtp
