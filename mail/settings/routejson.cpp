#include "mail/settings/routejson.h"

#include <QJsonArray>
#include <QJsonObject>

namespace glasspost::mail {

namespace {

template <typename Enum> Enum enumFrom(const QJsonValue &value, Enum last, Enum missing)
{
    const int number = value.toInt(int(missing));
    return number < 0 || number > int(last) ? missing : Enum(number);
}

} // namespace

QJsonValue toJson(const std::optional<OutgoingRoute> &route)
{
    if (!route)
        return QJsonValue::Null;
    return QJsonObject{{QStringLiteral("kind"), int(route->kind)}, {QStringLiteral("host"), route->host},
        {QStringLiteral("port"), route->port}, {QStringLiteral("tls"), int(route->tls)},
        {QStringLiteral("verify"), route->verifyCertificate}, {QStringLiteral("user"), route->user},
        {QStringLiteral("nameserver"), route->nameserver.toString()},
        {QStringLiteral("protocol"), int(route->protocol)},
        {QStringLiteral("authority"), route->authorityFile},
        {QStringLiteral("fingerprint"), route->fingerprint},
        {QStringLiteral("certificate"), route->certificateFile}, {QStringLiteral("key"), route->keyFile},
        {QStringLiteral("passedOver"), int(route->passedOver)},
        {QStringLiteral("nameserverPort"), route->nameserverPort},
        {QStringLiteral("trustAnchor"), route->trustAnchorFile}, {QStringLiteral("dane"), int(route->dane)},
        {QStringLiteral("mtaSts"), int(route->mtaSts)}, {QStringLiteral("mtaStsPort"), route->mtaStsPort},
        {QStringLiteral("private"), route->allowPrivateAddresses},
        {QStringLiteral("mechanisms"), QJsonArray::fromStringList(route->mechanisms)},
        {QStringLiteral("authInClear"), int(route->authInClear)}};
}

std::optional<OutgoingRoute> routeFromJson(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    OutgoingRoute route;
    route.kind = enumFrom(value[u"kind"], OutgoingRoute::Kind::Smarthost, route.kind);
    route.host = value[u"host"].toString();
    route.port = quint16(value[u"port"].toInt(route.port));
    route.tls = enumFrom(value[u"tls"], smtp::TlsMode::Implicit, route.tls);
    route.verifyCertificate = value[u"verify"].toBool();
    route.user = value[u"user"].toString();
    route.nameserver = QHostAddress(value[u"nameserver"].toString());
    route.protocol = enumFrom(value[u"protocol"], smtp::ClientProtocol::Lmtp, route.protocol);
    route.authorityFile = value[u"authority"].toString();
    route.fingerprint = value[u"fingerprint"].toString();
    route.certificateFile = value[u"certificate"].toString();
    route.keyFile = value[u"key"].toString();
    route.passedOver = smtp::CapabilityFlags(value[u"passedOver"].toInt());
    route.nameserverPort = quint16(value[u"nameserverPort"].toInt(route.nameserverPort));
    route.trustAnchorFile = value[u"trustAnchor"].toString();
    route.dane = enumFrom(value[u"dane"], smtp::TlsPolicyUse::On, route.dane);
    route.mtaSts = enumFrom(value[u"mtaSts"], smtp::TlsPolicyUse::On, route.mtaSts);
    route.mtaStsPort = quint16(value[u"mtaStsPort"].toInt(route.mtaStsPort));
    route.allowPrivateAddresses = value[u"private"].toBool(true);
    for (const auto mechanism : value[u"mechanisms"].toArray())
        route.mechanisms.append(mechanism.toString());
    route.authInClear = enumFrom(value[u"authInClear"], smtp::ClearAuth::Anywhere, route.authInClear);
    return route;
}

} // namespace glasspost::mail
