#pragma once

#include "mail/queue/certificatequestion.h"
#include "mail/queue/deliveryservice.h"
#include "mail/queue/deliverysettings.h"
#include "smtp/client/deliveryreport.h"
#include "smtp/dns/exchangerlookup.h"
#include "smtp/session/transcript.h"
#include "smtp/syntax/envelope.h"

#include <QHash>
#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace glasspost::mail {

/// Finds exchangers for a route: it may name a nameserver of its own.
using LookupFactory = std::function<std::shared_ptr<smtp::ExchangerLookup>(const OutgoingRoute &)>;

/// Carries messages away: straight to the exchangers of each recipient's domain, in the order of RFC
/// 5321 5.1, or through the smarthost. One attempt a delivery; trying again later is the queue's. Connections
/// are kept for the next message to the same place. A look-up that finds nothing leaves a transcript too.
/// Lives on one thread with an event loop; the sink outlives it. Needs no queue: "glasspost send" uses it
/// alone.
class DeliveryAgent : public DeliveryService
{
    Q_OBJECT
public:
    DeliveryAgent(DeliverySettings settings, LookupFactory lookups, smtp::TranscriptSink &transcripts,
        QObject *parent = nullptr);
    /// Breaks off what still runs, without a signal.
    ~DeliveryAgent() override;

    /// For deliveries and connections that begin from now on.
    void configure(DeliverySettings settings, LookupFactory lookups);
    quint64 deliver(const smtp::Envelope &envelope, SourceFactory message,
        const std::optional<OutgoingRoute> &route = std::nullopt) override;
    [[nodiscard]] std::optional<Account> accountAwaitingPassword(
        const std::optional<OutgoingRoute> &route) const override;
    /// QUIT to every server as soon as nothing is under way there; left() when the last connection is closed,
    /// never from inside this call.
    void leave();
    /// Every delivery ends at once: Deferred, or Unknown after the dot.
    void abort(const QByteArray &reason);
    void close(const QByteArray &reason) override;
    [[nodiscard]] bool isIdle() const; ///< no delivery whose end has not been told
    void noted(quint64 part) override;

Q_SIGNALS:
    void left();
    /// A certificate ended a session: for a person to decide about.
    void certificateRefused(const glasspost::mail::CertificateQuestion &question);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::mail
