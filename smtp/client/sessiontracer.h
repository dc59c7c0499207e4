#pragma once

#include "smtp/client/clientevent.h"
#include "smtp/client/tlsfacts.h"
#include "smtp/session/sessiontrace.h"

namespace glasspost::smtp {

/// Makes the trace of a session out of what its engine tells: where a stage ends the next one begins. Without
/// a clock: times are microseconds since the Unix epoch. What is kept of a piece is bounded.
class SessionTracer
{
public:
    void setOrigin(const TraceOrigin &origin) { m_origin = origin; } ///< before begin()
    void begin(const QByteArray &sessionId, const QByteArray &host, qint64 at);
    void entered(const StateEntered &event, qint64 at);
    void answered(const Answered &event, qint64 at);
    void noted(const QByteArray &text, qint64 at);
    void dataSent(qint64 octets);
    void connected(const QHostAddress &address, quint16 port);
    void tlsShown(const TlsFacts &facts);
    void signedIn(const SignedIn &event);
    /// The session is over: so is the stage that it was in.
    void end(qint64 at);

    /// What came since the last time, where a stage has ended. One that goes on is for the next.
    std::optional<SessionTrace> take();

private:
    void open(TraceStage stage, qint64 at);
    void close(qint64 at);

    TraceOrigin m_origin;
    SessionTrace m_trace; ///< since the last piece
    std::optional<TracedStage> m_current;
    /// Begun where a reply ended the one before, and perhaps none of its kind: the state that follows tells.
    bool m_isFresh = false;
    int m_message = 0;
    qsizetype m_notes = 0; ///< of this piece
};

} // namespace glasspost::smtp
