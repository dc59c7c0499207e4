#pragma once

#include "smtp/syntax/reply.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QMetaType>

#include <array>
#include <optional>

namespace glasspost::smtp {

enum class SessionRole : quint8 { Server, Client }; ///< which end of the session is ours

/// What a session does, or waits for, at a time.
enum class TraceStage : quint8 {
    Lookup, ///< the names of the host, or the exchangers of the domain, in the DNS
    Connect,
    Greeting,
    Hello, ///< EHLO, LHLO, HELO, XCLIENT
    StartTls, ///< the command
    Handshake,
    Auth,
    Between, ///< nothing of any message: the results of the last one are being written down
    Convert, ///< the message, to 7 bits
    Mail,
    Rcpt,
    Data, ///< the command
    Body, ///< its octets leave; a chunk with its reply (RFC 3030)
    EndOfData, ///< after the dot
    Reset,
    Quit,
    ClientTurn ///< of a session as server: it is answered, and has not spoken again
};
inline constexpr std::array allTraceStages{TraceStage::Lookup, TraceStage::Connect, TraceStage::Greeting,
    TraceStage::Hello, TraceStage::StartTls, TraceStage::Handshake, TraceStage::Auth, TraceStage::Between,
    TraceStage::Convert, TraceStage::Mail, TraceStage::Rcpt, TraceStage::Data, TraceStage::Body,
    TraceStage::EndOfData, TraceStage::Reset, TraceStage::Quit, TraceStage::ClientTurn};

/// What is known of where a stage's time went.
enum class TimeSpent : quint8 {
    Waiting, ///< for the other end, a nameserver or the network
    Working, ///< on this computer
    /// Either, and nobody can tell how much: the octets leave at the pace of this computer, the network and
    /// the server's window, a chunk with the wait for its reply; between messages there may be nothing to do.
    Either
};
[[nodiscard]] constexpr TimeSpent timeSpentIn(TraceStage stage, SessionRole role = SessionRole::Client)
{
    if (stage == TraceStage::Body || stage == TraceStage::Between)
        return TimeSpent::Either;
    if (role == SessionRole::Client)
        return stage == TraceStage::Convert ? TimeSpent::Working : TimeSpent::Waiting;
    if (stage == TraceStage::ClientTurn)
        return TimeSpent::Waiting;
    // Both ends take turns in these: what a proxy or a challenge waits for, and the handshake.
    const bool isShared
        = stage == TraceStage::Connect || stage == TraceStage::Handshake || stage == TraceStage::Auth;
    return isShared ? TimeSpent::Either : TimeSpent::Working; // a command is there, its reply is not
}

/// A fact, as the transcript's events have it: "MX example.org: 10 mx1.example.org (DNSSEC: secure)".
struct TraceNote
{
    qint64 at = 0; ///< microseconds since the Unix epoch, UTC
    QByteArray text;

    friend bool operator==(const TraceNote &, const TraceNote &) = default;
};

/// One stage. A stage ends where the next one begins, so that all of them make up the session. With
/// pipelining a command may have left in an earlier stage: then this is the time that its reply took longer.
struct TracedStage
{
    TraceStage stage = TraceStage::Connect;
    qint64 from = 0; ///< microseconds since the Unix epoch, UTC
    qint64 to = 0;
    int message = 0; ///< of which message of the session, from 1; 0: of the session
    QByteArray command; ///< without secrets; empty: there was none
    Reply reply; ///< null: none came
    qint64 octets = 0; ///< Body: of the message
    QList<TraceNote> notes;

    friend bool operator==(const TracedStage &, const TracedStage &) = default;
};

struct TracedCertificate
{
    QByteArray subject;
    QByteArray issuer;
    qint64 goodUntil = 0; ///< seconds since the Unix epoch
    QByteArray sha256; ///< "c0:ff:ee:..."

    friend bool operator==(const TracedCertificate &, const TracedCertificate &) = default;
};

struct TracedTls
{
    QByteArray summary; ///< "TLSv1.3 TLS_AES_256_GCM_SHA384"; empty when the handshake did not complete
    bool isResumed = false;
    QList<TracedCertificate> chain; ///< the server's own first
    QList<QByteArray> errors; ///< why the certificate was not verified; empty: it was
    QByteArray fault; ///< why the session was closed because of it; empty: it went on

    friend bool operator==(const TracedTls &, const TracedTls &) = default;
};

/// How the host of a session came to be it.
struct TraceOrigin
{
    qint64 lookedUpAt = 0; ///< microseconds since the Unix epoch: the look-up began; 0: it was known
    QList<TraceNote> notes; ///< of the look-up
    QByteArray choice; ///< "2 of 3 hosts, preference 20, since mx1.example.org: connection refused"
    QByteArray demand; ///< what the DNS asks of TLS: "DANE", "DANE without usable records", "MTA-STS"

    friend bool operator==(const TraceOrigin &, const TraceOrigin &) = default;
};

/// What was found out on a session's way, and how long each stage took. Told in pieces, each of what came
/// since the last one, so that nothing waits for the end of a long session. A plain value.
struct SessionTrace
{
    QByteArray sessionId;
    qint64 startedAt = 0; ///< of the session, microseconds since the Unix epoch; a look-up comes before it
    int piece = 0; ///< which one, from 0
    QByteArray host;
    QHostAddress address; ///< null: no connection
    quint16 port = 0;
    QByteArray choice; ///< as of TraceOrigin
    QByteArray demand;
    std::optional<TracedTls> tls;
    QByteArray mechanism; ///< of the sign-in that succeeded
    QByteArray user;
    QList<TracedStage> stages;
    qint64 leftOut = 0; ///< stages and notes beyond what is kept
    SessionRole role = SessionRole::Client; ///< Server: made of a transcript, and kept nowhere

    friend bool operator==(const SessionTrace &, const SessionTrace &) = default;
};

/// The whole of the session so far and the piece that follows it.
[[nodiscard]] SessionTrace joined(SessionTrace whole, const SessionTrace &piece);

} // namespace glasspost::smtp

Q_DECLARE_METATYPE(glasspost::smtp::SessionTrace)
