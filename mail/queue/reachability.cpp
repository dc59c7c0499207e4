#include "mail/queue/reachability.h"

#include "smtp/syntax/addressliteral.h"

#include <QHostAddress>

namespace glasspost::mail {

namespace {

bool isLoopback(const QString &host)
{
    return host.compare(QLatin1String("localhost"), Qt::CaseInsensitive) == 0 // RFC 6761 6.3
        || QHostAddress(host).isLoopback();
}

} // namespace

bool needsNetwork(const OutgoingRoute &route, const QByteArray &domain)
{
    if (route.kind == OutgoingRoute::Kind::Smarthost)
        return !route.host.startsWith(u'/') && !isLoopback(route.host);
    return !domain.startsWith('[') || !smtp::writtenAddress(domain).isLoopback();
}

} // namespace glasspost::mail
