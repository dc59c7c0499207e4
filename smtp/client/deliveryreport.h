#pragma once

#include "smtp/syntax/capabilities.h"
#include "smtp/syntax/envelope.h"
#include "smtp/syntax/reply.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QMetaType>

namespace glasspost::smtp {

/// How far a delivery had come when its result was known.
enum class DeliveryStage : quint8 {
    Local, ///< before any connection: the message, the address or the settings forbid it
    Lookup,
    Connect,
    Greeting,
    Hello,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Body,
    EndOfData
};

enum class DeliveryResult : quint8 {
    Delivered, ///< the server took it over: 250 after the dot
    Deferred, ///< not now; try again
    Refused, ///< for good
    Unknown ///< connection lost after the dot: may have been taken, trying again may make a duplicate
};

/// What became of one recipient, with every fact that the queue, a bounce and the window will want.
struct RecipientReport
{
    Mailbox recipient;
    DeliveryResult result = DeliveryResult::Deferred;
    DeliveryStage stage = DeliveryStage::Local;
    Reply reply; ///< the deciding one; null when no server said it
    QByteArray command; ///< the line it answered, "RCPT TO:<bob@example.org>"
    EnhancedStatusCode status; ///< the reply's, or ours (4.4.1 no answer from host ...); never null
    QByteArray reason; ///< without a reply: what happened, in one English line ("connection refused")
    QByteArray remoteHost; ///< name of the exchanger or smarthost, empty when none was reached
    QHostAddress remoteAddress;
    quint16 remotePort = 0;
    qint64 at = 0; ///< microseconds since the Unix epoch, UTC
    QByteArray sessionId; ///< of the deciding session; empty when there was none
    /// What the server offers: whoever took the message over with DSN reports on it itself, the others' are
    /// ours to report as relayed (RFC 3461 5.2.2, RFC 2852 4.1.4).
    CapabilityFlags offered = {};

    friend bool operator==(const RecipientReport &, const RecipientReport &) = default;
};

/// What became of one message in one attempt: one entry for each recipient of its envelope, in that order.
struct DeliveryReport
{
    QList<RecipientReport> recipients;

    [[nodiscard]] bool allDelivered() const;
    [[nodiscard]] bool has(DeliveryResult result) const;
};

} // namespace glasspost::smtp

Q_DECLARE_METATYPE(glasspost::smtp::DeliveryReport)
