#pragma once

#include "mail/queue/site.h"
#include "mail/settings/settings.h"
#include "smtp/client/clientsettings.h"

#include <QByteArray>
#include <QHash>
#include <QList>

#include <chrono>

namespace glasspost::mail {

/// How messages are carried away.
struct DeliverySettings
{
    OutgoingRoute route; ///< for what has none of its own
    QByteArray heloName;
    QHash<Account, QByteArray> passwords;
    QByteArray token; ///< of OAuth 2.0, for route.user
    QList<AcceptedCertificate> acceptedCertificates; ///< by a person, for good or once
    smtp::ProxyAnnouncement proxy; ///< to be taken for another client by a server that trusts us
    QList<QByteArray> xclient; ///< the same by XCLIENT, "ADDR=192.0.2.1"
    smtp::ClientTimeouts timeouts;
    /// When a connection takes its next message: WhenNoted waits until noted() says that the results of the
    /// last one are written down, so that a crash repeats at most one message a connection.
    enum class NextMessage { AtOnce, WhenNoted } nextMessage = NextMessage::AtOnce;
    SendingLimits limits;
    std::chrono::milliseconds idle
        = std::chrono::seconds(2); ///< a connection waits so long for the next message
};

} // namespace glasspost::mail
