#pragma once

#include "mail/queue/messagesources.h"
#include "mail/settings/settings.h"
#include "smtp/client/clientsettings.h"
#include "smtp/client/deliveryreport.h"
#include "smtp/dns/exchangerlookup.h"
#include "smtp/session/transcript.h"
#include "smtp/syntax/envelope.h"

#include <QObject>

#include <chrono>
#include <memory>

namespace glasspost::mail {

/// How messages are carried away.
struct DeliverySettings
{
    OutgoingRoute route;
    QByteArray heloName;
    QByteArray password; ///< of route.user
    bool allowPlainWithoutTls = false; ///< the person said so for this smarthost
    QList<QSslCertificate> authorities; ///< beside the system's
    smtp::ClientTimeouts timeouts;
    /// When a connection takes its next message: WhenNoted waits until noted() says that the results of the
    /// last one are written down, so that a crash repeats at most one message a connection.
    enum class NextMessage { AtOnce, WhenNoted } nextMessage = NextMessage::AtOnce;
    SendingLimits limits;
    std::chrono::milliseconds idle
        = std::chrono::seconds(2); ///< a connection waits so long for the next message
};

/// Carries messages away: straight to the exchangers of each recipient's domain, in the order of RFC
/// 5321 5.1, or through the smarthost. One attempt a delivery; trying again later is the queue's. Connections
/// are kept for the next message to the same place. A look-up that finds nothing leaves a transcript too.
/// Lives on one thread with an event loop; the sink outlives it. Needs no queue: "glasspost send" uses it
/// alone.
class DeliveryAgent : public QObject
{
    Q_OBJECT
public:
    DeliveryAgent(DeliverySettings settings, std::shared_ptr<smtp::ExchangerLookup> lookup,
        smtp::TranscriptSink &transcripts, QObject *parent = nullptr);
    /// Breaks off what still runs, without a signal.
    ~DeliveryAgent() override;

    /// For deliveries and connections that begin from now on.
    void configure(DeliverySettings settings, std::shared_ptr<smtp::ExchangerLookup> lookup);
    /// The number names the delivery in the signals, which come later, never from inside this call.
    quint64 deliver(const smtp::Envelope &envelope, SourceFactory message);
    /// Every delivery ends at once: Deferred, or Unknown after the dot.
    void abort(const QByteArray &reason);
    /// As abort(), but what is past the dot waits for the server's reply; becameIdle() comes when there is no
    /// such message any more (from inside this call, too).
    void close(const QByteArray &reason);
    [[nodiscard]] bool isIdle() const; ///< no delivery whose end has not been told
    /// That part's results cannot be lost any more.
    void noted(quint64 part);

Q_SIGNALS:
    void sessionOpened(quint64 delivery, const QByteArray &sessionId);
    /// Recipients of which the result is known, as soon as it is: one destination's, or some of it. The
    /// number is for noted().
    void partFinished(quint64 delivery, const glasspost::smtp::DeliveryReport &report, quint64 part);
    /// All of them, in the envelope's order; once, last.
    void finished(quint64 delivery, const glasspost::smtp::DeliveryReport &report);
    void becameIdle(); ///< after the last finished()

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::mail
