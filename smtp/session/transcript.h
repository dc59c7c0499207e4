#pragma once

#include "smtp/session/sessiontrace.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QMetaType>

namespace glasspost::smtp {

enum class Speaker : quint8 {
    Client,
    Server,
    Event
}; ///< Event: neither end spoke; look-up, connect, TLS, time-out

/// One thing that was said or that happened. Times are microseconds since the Unix epoch, UTC.
/// A line stands without its CRLF, byte-true, with credentials already blotted out (by state, before it gets
/// here). The message between DATA and the dot is one entry with isData: its first octets as they were on the
/// wire, and in dataSize how many there were in all; bytes.size() < dataSize says that the rest is not kept
/// here.
struct TranscriptEntry
{
    qint64 at = 0;
    Speaker speaker = Speaker::Event;
    bool isData = false;
    QByteArray bytes;
    qint64 dataSize = 0;

    friend bool operator==(const TranscriptEntry &, const TranscriptEntry &) = default;
};

/// How a session stands, or ended.
enum class SessionOutcome : quint8 {
    Open,
    Completed, ///< an orderly end, at least one message accepted or nothing asked
    Refused, ///< an orderly end, but what was asked was refused
    Broken ///< ended without QUIT: lost connection, time-out, protocol error
};

/// The facts of one session, alive or past.
struct SessionFacts
{
    QByteArray
        id; ///< unique on this machine; stands in Received and links messages and reports to the transcript
    SessionRole role = SessionRole::Server;
    SessionOutcome outcome = SessionOutcome::Open;
    qint64 startedAt = 0; ///< microseconds since the Unix epoch, UTC
    qint64 endedAt = 0; ///< 0 while open
    QHostAddress peerAddress;
    quint16 peerPort = 0;
    QHostAddress localAddress;
    quint16 localPort = 0;
    QByteArray peerName; ///< server role: what the client said in HELO; client role: the host that was meant
    bool esmtp = false; ///< server role: the client said EHLO, not HELO
    QByteArray tls; ///< "TLSv1.3 TLS_AES_256_GCM_SHA384", empty when in the clear
    QByteArray user; ///< who signed in, empty when nobody did
    bool isUserUnchecked = false; ///< any name with any password was taken: user is what the client said
    int messages = 0; ///< accepted in this session
    qint64 octets = 0; ///< of these messages
    /// Recipients that got 5yz or 4yz, as a reply to RCPT or to the message.
    int refusedRecipients = 0;
    int deferredRecipients = 0;
    QByteArray ending; ///< why it ended, as a line: "QUIT", "time-out in DATA", "550 5.1.1 No such user"

    friend bool operator==(const SessionFacts &, const SessionFacts &) = default;
};

/// Where sessions write what is said. Called on the sessions' thread, often: an implementation must only note
/// and return. Outlives every session that was given it.
class TranscriptSink
{
public:
    virtual ~TranscriptSink() = default;
    virtual void opened(const SessionFacts &session) = 0;
    virtual void recorded(const QByteArray &sessionId, TranscriptEntry entry) = 0;
    /// The facts changed (TLS, HELO name, sign-in, a message accepted) while the session goes on.
    virtual void changed(const SessionFacts &session) = 0;
    virtual void closed(const SessionFacts &session) = 0;
    /// A piece of what a session of ours as client found out and how long it took; the last before closed().
    virtual void traced(const SessionTrace &) { }
};

/// A new session id: sortable by time, unique across processes, letters and digits alone.
QByteArray newSessionId();

} // namespace glasspost::smtp

Q_DECLARE_METATYPE(glasspost::smtp::TranscriptEntry)
Q_DECLARE_METATYPE(glasspost::smtp::SessionFacts)
