#pragma once

#include "mail/store/storevalues.h"
#include "smtp/client/deliveryreport.h"
#include "smtp/syntax/envelope.h"

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QString>

namespace glasspost::mail {

enum class RecipientState : quint8 { Waiting, Delivering, Delivered, Deferred, Failed, Expired, Held };

/// One recipient of one queued message.
struct QueueRecipient
{
    smtp::EnvelopeRecipient recipient;
    RecipientState state = RecipientState::Waiting;
    int attempts = 0;
    qint64 nextAttemptAt = 0; ///< milliseconds since the Unix epoch; 0: as soon as may be
    smtp::RecipientReport lastReport; ///< of the last attempt; at == 0 before the first
    bool bounced = false; ///< the sender was told

    friend bool operator==(const QueueRecipient &, const QueueRecipient &) = default;
};

/// One message in the outgoing queue, as files and window know it.
struct QueueEntry
{
    QByteArray id;
    smtp::Envelope envelope; ///< as accepted; the recipients' states stand beside it
    QList<QueueRecipient> recipients;
    qint64 queuedAt = 0; ///< milliseconds since the Unix epoch
    qint64 notBefore = 0; ///< milliseconds since the Unix epoch: undo time, send at
    qint64 size = 0; ///< octets
    QString subject; ///< for the window
    QByteArray messageIdField;
    QByteArray originSessionId; ///< the session that brought it in; empty when composed here
    QList<QByteArray> attemptSessionIds; ///< sessions that tried to carry it away, oldest first
    MessageId sentCopy; ///< null when it was not composed here
    /// Milliseconds since the first attempt when seenAt (milliseconds since the Unix epoch) was, without the
    /// time in which a person had it wait: running time by the monotonic clock, gaps between two runs by the
    /// wall clock but a day at most each, so that no jump of the clock makes an entry old (C67).
    qint64 age = 0;
    qint64 seenAt = 0;
    bool held = false;

    [[nodiscard]] bool isDone() const; ///< every recipient ended: delivered, failed or expired
    [[nodiscard]] bool isUntouched() const; ///< nothing of it was tried yet
    friend bool operator==(const QueueEntry &, const QueueEntry &) = default;
};

enum class QueueAction { TryNow, Hold, Release, Remove };

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::QueueEntry)
