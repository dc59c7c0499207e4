#pragma once

#include "smtp/client/mailcommands.h"
#include "smtp/client/messagesource.h"
#include "smtp/client/outcome.h"
#include "smtp/client/peer.h"

#include <QList>

#include <memory>
#include <optional>

namespace glasspost::smtp {

/// How far one recipient has come.
enum class RecipientProgress : quint8 {
    Waiting, ///< for a round of its own
    Asked, ///< RCPT was said in this round
    Accepted, ///< 2xx to RCPT in this round
    Postponed, ///< "too many recipients": once more when this round's message is through
    Decided
};

/// What one session has to offer to a message.
struct SessionOffer
{
    Capabilities offered;
    ChannelProtection protection = ChannelProtection::Clear;
    QByteArray submitter; ///< AUTH= of MAIL, empty when we did not sign in
};

/// One message for its recipients, each with a state of its own, over as many rounds of MAIL, RCPT, DATA as
/// the server's limits ask for (RFC 5321 4.5.3.1.10). Knows no socket, no clock and no order of commands: now
/// is in microseconds since the Unix epoch, UTC, and goes into the report.
class Transaction
{
public:
    Transaction(const Envelope &envelope, std::shared_ptr<MessageSource> message, const Peer &peer);

    /// Whether the server may not get the message's octets as they are (RFC 6152, RFC 3030 4, C41): it is
    /// to be converted before prepare().
    [[nodiscard]] bool needsSevenBit(const Capabilities &offered) const;
    void setSevenBit(const ConvertedMessage &sevenBit) { m_sevenBit = sevenBit; }
    /// Everything that can be decided before MAIL: unsafe paths, SMTPUTF8, 8BITMIME, BINARYMIME, SIZE,
    /// REQUIRETLS, DELIVERBY, FUTURERELEASE (RFC 5321 4.1.1.2, RFC 6531 3.2, RFC 6152, RFC 3030, RFC 1870 6,
    /// RFC 8689 4.2.1, RFC 2852, RFC 4865).
    void prepare(const SessionOffer &offer, qint64 now);
    /// The recipients of the next round, as many as the server's LIMITS allow (RFC 9422). They are Asked now.
    QList<qsizetype> beginRound(const Capabilities &offered);

    [[nodiscard]] QByteArray mailLine(const Capabilities &offered) const;
    [[nodiscard]] QByteArray rcptLine(qsizetype recipient, const Capabilities &offered) const;
    [[nodiscard]] MessageSource &message() const
    {
        return m_sevenBit.value_or(nullptr) ? **m_sevenBit : *m_message;
    }
    /// The octets go as they are, in chunks.
    [[nodiscard]] bool isBinary() const { return m_parameters.body == BodyType::BinaryMime; }
    /// Those whose RCPT was accepted in this round, in the order they were asked.
    [[nodiscard]] QList<qsizetype> accepted() const;

    void accept(qsizetype recipient);
    void postpone(qsizetype recipient, const Outcome &outcome, qint64 now);
    void decide(qsizetype recipient, const Outcome &outcome, qint64 now);
    /// Those whose RCPT was accepted in this round.
    void decideAccepted(const Outcome &outcome, qint64 now);
    /// All that are not decided, Postponed ones with the reply that postponed them.
    void decideRest(const Outcome &outcome, qint64 now);
    /// Postponed ones may be asked again.
    void resumePostponed();

    [[nodiscard]] bool has(RecipientProgress progress) const;
    [[nodiscard]] bool isDecided() const;
    [[nodiscard]] const DeliveryReport &report() const { return m_report; }

private:
    [[nodiscard]] bool goesBinary(const Capabilities &offered) const;
    [[nodiscard]] bool mustNotGoAsItIs(const Capabilities &offered) const;
    void preparePaths(const Capabilities &offered, qint64 now);
    void prepareMessage(const Capabilities &offered, qint64 now);
    void prepareTls(const SessionOffer &offer, qint64 now);
    void prepareTimes(const Capabilities &offered, qint64 now);
    [[nodiscard]] std::optional<Outcome> deliverByRefusal(const Capabilities &offered) const;

    Envelope m_envelope;
    std::shared_ptr<MessageSource> m_message;
    ConvertedMessage m_sevenBit = nullptr; ///< null: not needed
    Peer m_peer;
    Mailbox m_reversePath; ///< as on the wire
    QList<Mailbox> m_forwardPaths;
    MailParameters m_parameters;
    CapabilityFlags m_offered;
    QList<RecipientProgress> m_progress;
    DeliveryReport m_report;
};

} // namespace glasspost::smtp
