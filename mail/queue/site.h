#pragma once

#include "mail/settings/settings.h"

#include <QByteArray>
#include <QHashFunctions>

namespace glasspost::mail {

/// Where mail goes over the same connections: a domain's exchangers, or a smarthost.
struct Site
{
    OutgoingRoute route;
    QByteArray domain; ///< in lower case; empty for the smarthost

    friend bool operator==(const Site &, const Site &) = default;
};

inline size_t qHash(const Site &site, size_t seed = 0)
{
    return qHashMulti(seed, site.domain, site.route.host, site.route.port, site.route.user);
}

/// Whose password a smarthost asks for.
struct Account
{
    QString host;
    QString user; ///< empty: nobody signs in

    static Account of(const OutgoingRoute &route)
    {
        return route.kind == OutgoingRoute::Kind::Smarthost ? Account{route.host, route.user} : Account();
    }
    friend bool operator==(const Account &, const Account &) = default;
};

inline size_t qHash(const Account &account, size_t seed = 0)
{
    return qHashMulti(seed, account.host, account.user);
}

} // namespace glasspost::mail
