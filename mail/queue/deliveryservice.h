#pragma once

#include "mail/queue/messagesources.h"
#include "mail/queue/site.h"
#include "smtp/client/deliveryreport.h"
#include "smtp/syntax/envelope.h"

#include <QObject>

#include <optional>

namespace glasspost::mail {

/// What the queue needs of whoever carries its messages: one attempt a delivery. DeliveryAgent is it; a test
/// has servers of its own making. On one thread.
class DeliveryService : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// The number names the delivery in the signals, which come later, never from inside this call. A message
    /// without a route of its own goes by the settings'.
    virtual quint64 deliver(const smtp::Envelope &envelope, SourceFactory message,
        const std::optional<OutgoingRoute> &route = std::nullopt)
        = 0;
    /// That part's results cannot be lost any more.
    virtual void noted(quint64 part) = 0;
    /// Whose password is missing for a message by that route: it can only wait. A refused sign-in made a
    /// password void, and an empty one must not be tried in its place.
    [[nodiscard]] virtual std::optional<Account> accountAwaitingPassword(
        const std::optional<OutgoingRoute> &route) const = 0;
    /// Every delivery ends: Deferred at once, but what is past the dot waits for the server's reply;
    /// becameIdle() comes when there is no such message any more (from inside this call, too).
    virtual void close(const QByteArray &reason) = 0;

Q_SIGNALS:
    void sessionOpened(quint64 delivery, const QByteArray &sessionId);
    /// Recipients of which the result is known, as soon as it is: one destination's, or some of it. The
    /// number is for noted().
    void partFinished(quint64 delivery, const glasspost::smtp::DeliveryReport &report, quint64 part);
    /// All of them, in the envelope's order; once, last.
    void finished(quint64 delivery, const glasspost::smtp::DeliveryReport &report);
    void becameIdle(); ///< after the last finished()
};

} // namespace glasspost::mail
