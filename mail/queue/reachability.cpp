#include "mail/queue/reachability.h"

#include <QHostAddress>

namespace glasspost::mail {

namespace {

bool isLoopback(const QString &host)
{
    return host.compare(QLatin1String("localhost"), Qt::CaseInsensitive) == 0 // RFC 6761 6.3
        || QHostAddress(host).isLoopback();
}

// RFC 5321 4.1.3: "[127.0.0.1]", "[IPv6:::1]".
QString literalOf(const QByteArray &domain)
{
    if (!domain.startsWith('[') || !domain.endsWith(']'))
        return {};
    const QString text = QString::fromLatin1(domain.mid(1).chopped(1));
    return text.startsWith(QLatin1String("IPv6:"), Qt::CaseInsensitive) ? text.mid(5) : text;
}

} // namespace

bool needsNetwork(const OutgoingRoute &route, const QByteArray &domain)
{
    if (route.kind == OutgoingRoute::Kind::Smarthost)
        return !route.host.startsWith(u'/') && !isLoopback(route.host);
    return !isLoopback(literalOf(domain));
}

} // namespace glasspost::mail
