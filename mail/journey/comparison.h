#pragma once

#include "smtp/session/sessiontrace.h"

#include <QByteArray>
#include <QList>

#include <array>

namespace glasspost::mail {

/// In what two deliveries, or two sessions, can differ.
enum class Difference : quint8 {
    Host, // what was found out of a session has a row for each
    Address,
    Port,
    Choice, ///< why that host
    Demand, ///< what the DNS asks of TLS there
    TlsVersion,
    Cipher,
    Resumption, ///< of an earlier TLS session
    Certificate, ///< any of the chain
    Verification, ///< whether the certificate was verified, and why not
    Mechanism, ///< of the sign-in
    User,
    MissingSession, ///< one of both has it
    MissingStage,
    Order, ///< said before or after something else
    Recipient,
    Command, ///< its words or parameters
    Extension, ///< in the reply to EHLO
    Refusal, ///< a recipient was accepted there, and not here
    ReplyCode, ///< or its enhanced status code, or one had none
    ReplyText,
    Event, ///< what happened without being said: look-up answers, addresses that did not answer
    Octets, ///< of the message
    Time
};
inline constexpr std::array allDifferences{Difference::Host, Difference::Address, Difference::Port,
    Difference::Choice, Difference::Demand, Difference::TlsVersion, Difference::Cipher,
    Difference::Resumption, Difference::Certificate, Difference::Verification, Difference::Mechanism,
    Difference::User, Difference::MissingSession, Difference::MissingStage, Difference::Order,
    Difference::Recipient, Difference::Command, Difference::Extension, Difference::Refusal,
    Difference::ReplyCode, Difference::ReplyText, Difference::Event, Difference::Octets, Difference::Time};
/// The word for it, for scripts: "tls-version", "missing-stage".
[[nodiscard]] QByteArray differenceName(Difference difference);

/// A session that is compared.
struct ComparedSession
{
    smtp::SessionTrace trace;
    /// Made of its transcript alone, which has no look-up, no certificates and no reason for its host: these
    /// are not compared.
    bool isFromTranscript = false;

    friend bool operator==(const ComparedSession &, const ComparedSession &) = default;
};

/// One side of a comparison: the sessions of one attempt to deliver a message, or one session alone.
struct ComparedDelivery
{
    QList<ComparedSession> sessions; ///< in their order
    bool isDamaged = false; ///< something of the record cannot be read

    friend bool operator==(const ComparedDelivery &, const ComparedDelivery &) = default;
};

/// What one side has in a row. Times are microseconds since the Unix epoch.
struct ComparedCell
{
    bool isThere = false;
    QByteArray sessionId;
    QByteArray value; ///< of a fact, of a session its host
    bool isKnown = true; ///< of a fact; what is not known is no difference
    qint64 from = 0; ///< of a stage or session
    qint64 to = 0;
    smtp::TracedStage stage; ///< of a stage
    QList<QByteArray> extensions; ///< of a reply to EHLO: the lines that the other side does not have

    [[nodiscard]] qint64 took() const { return to - from; }
    friend bool operator==(const ComparedCell &, const ComparedCell &) = default;
};

struct ComparisonRow
{
    enum class Kind { Session, Fact, Stage };
    Kind kind = Kind::Stage;
    Difference fact = Difference::Host; ///< of a fact: which
    ComparedCell left;
    ComparedCell right;
    QList<Difference> differences;

    friend bool operator==(const ComparisonRow &, const ComparisonRow &) = default;
};

/// A heading for each session or pair of sessions, then its facts, then its stages. A plain value.
struct Comparison
{
    QList<ComparisonRow> rows;
    qint64 leftOut = 0; ///< stages and notes of both that are not kept, or too many to be compared
    bool isDamaged = false;

    [[nodiscard]] int differences() const; ///< rows that have one
    friend bool operator==(const Comparison &, const Comparison &) = default;
};

inline constexpr int mostComparedStages = 20'000; ///< of a session

/// Sessions with the same host belong together, others in their order; within them stages of the same kind,
/// verb and recipient, whatever their number. Stages between messages are no part of it. Pure.
[[nodiscard]] Comparison compared(const ComparedDelivery &left, const ComparedDelivery &right);

/// A stage took longer than the other in a way that a person would want to know: by at least 100 ms, and half
/// as long again.
[[nodiscard]] bool isMuchSlower(qint64 took, qint64 other);

} // namespace glasspost::mail
