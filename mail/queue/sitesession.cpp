#include "mail/queue/sitesession.h"

#include "mail/queue/routeidentity.h"

namespace glasspost::mail {

namespace {

// RFC 7672 2.2, RFC 8461 5.
void obey(const smtp::TlsDemand &demand, smtp::ClientSettings &settings)
{
    if (demand.kind == smtp::TlsDemand::Kind::None)
        return;
    if (settings.tls != smtp::TlsMode::Implicit)
        settings.tls = smtp::TlsMode::Required;
    if (demand.kind == smtp::TlsDemand::Kind::MtaSts)
        settings.verifyCertificate = true;
    if (demand.kind == smtp::TlsDemand::Kind::Dane)
        settings.dane = {demand.records, demand.names};
}

} // namespace

tl::expected<smtp::ClientSettings, QByteArray> sessionSettings(
    const Site &site, const DeliverySettings &settings, const smtp::TlsDemand &demand, smtp::TlsMode tls)
{
    const OutgoingRoute &route = site.route;
    smtp::ClientSettings session;
    if (const auto read = readRouteIdentity(route, session); !read)
        return tl::unexpected(read.error());
    session.protocol = route.protocol;
    session.passedOver = route.passedOver;
    session.pinnedFingerprint = route.fingerprint.toLatin1();
    session.proxy = settings.proxy;
    session.xclient = settings.xclient;
    session.heloName = settings.heloName;
    session.tls = tls;
    session.verifyCertificate = route.verifyCertificate;
    session.timeouts = settings.timeouts;
    obey(demand, session);
    session.refuseOwnName = route.kind == OutgoingRoute::Kind::Direct; // C61
    if (route.kind == OutgoingRoute::Kind::Smarthost) {
        session.credentials.user = route.user.toUtf8();
        session.credentials.token = settings.token;
        for (const QString &mechanism : route.mechanisms)
            session.credentials.mechanisms.append(mechanism.toUpper().toLatin1());
        session.credentials.password = settings.passwords.value(Account::of(route));
        session.credentials.inClear = route.authInClear;
    }
    return session;
}

bool mayGoWithoutTls(const OutgoingRoute &route, const smtp::TlsDemand &demand)
{
    return demand.kind == smtp::TlsDemand::Kind::None && route.tls == smtp::TlsMode::Opportunistic
        && !route.verifyCertificate && route.fingerprint.isEmpty()
        && (route.user.isEmpty() || route.authInClear != smtp::ClearAuth::Never);
}

QByteArray demandWords(smtp::TlsDemand::Kind kind)
{
    switch (kind) {
    case smtp::TlsDemand::Kind::None:
        break;
    case smtp::TlsDemand::Kind::Dane:
    case smtp::TlsDemand::Kind::DaneUnverified:
        return " (DANE requires TLS)";
    case smtp::TlsDemand::Kind::MtaSts:
        return " (MTA-STS requires TLS)";
    }
    return {};
}

} // namespace glasspost::mail
