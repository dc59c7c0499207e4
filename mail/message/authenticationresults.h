#pragma once

#include "mail/message/headerfields.h"

#include <QList>
#include <QString>

namespace glasspost::mail {

/// What one server says of one method of authentication: a "method=result" of an Authentication-Results field
/// (RFC 8601 2.2). Nothing of it was verified here.
struct AuthenticationVerdict
{
    /// RFC 8601 5 and 7.1: anybody can write such a field. What stands above every Received field was put
    /// there by the server that received the message last, since no sender writes above it.
    enum class Standing {
        Receiver, ///< above every Received field
        OnRoute, ///< below one by a server of that name: it may be that server's
        Claimed ///< by a server that no Received field above it names
    };

    QString method; ///< "spf", "dkim", "dmarc", in lower case
    QString result; ///< "pass", "fail", "none", in lower case
    QString identity; ///< what was checked: a domain or an address; empty when not given
    QString property; ///< where that was found: "header.d", "smtp.mailfrom"
    QString reason; ///< the server's; may be empty
    QString server; ///< its authserv-id
    Standing standing = Standing::Claimed;

    friend bool operator==(const AuthenticationVerdict &, const AuthenticationVerdict &) = default;
};

/// Those of every Authentication-Results field, from the top; at most 50, of 16 KiB of each field.
QList<AuthenticationVerdict> authenticationVerdicts(const RawHeader &header);

} // namespace glasspost::mail
