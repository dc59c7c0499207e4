#pragma once

#include "mail/message/headerfields.h"

#include <QList>
#include <QString>

#include <optional>

namespace glasspost::mail {

/// One Received field (RFC 5321 4.4, RFC 5322 3.6.7): a server that took the message, as it tells itself.
/// Whoever had the message later may have written it, so all of it is a claim.
struct ReceivedHop
{
    QString from; ///< the name that the client gave itself
    QString peer; ///< what the server saw of it, the comment behind the name: "mail.example [192.0.2.1]"
    QString by;
    QString with; ///< the protocol, "ESMTPS"
    QString id;
    QString recipient; ///< after "for", without angle brackets
    bool isEncrypted = false; ///< by the protocol's name (RFC 3848, RFC 6531 4.3), or a comment names TLS
    qint64 at = 0; ///< seconds since the Unix epoch; 0 when there is no readable date
    std::optional<qint64> delay; ///< seconds since the hop before, below 0 where the clocks disagree; none
                                 ///< when one of the two has no date

    friend bool operator==(const ReceivedHop &, const ReceivedHop &) = default;
};

/// One field by itself, at most 8 KiB of it; without a delay.
ReceivedHop receivedHop(const RawField &field);
/// The way of the message in the order in which it went: the last Received field first; at most the 100
/// newest.
QList<ReceivedHop> receivedRoute(const RawHeader &header);

} // namespace glasspost::mail
