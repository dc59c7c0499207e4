#include "app/http/httpaccess.h"

#include "smtp/syntax/hostport.h"

namespace glasspost::app {

namespace {

/// A person who follows a link from another site to a page here sees it; nothing reaches the other site.
bool isNavigation(const HttpCredentials &credentials)
{
    return credentials.method == "GET" && credentials.fetchMode == "navigate"
        && credentials.fetchDest == "document";
}

bool isCrossSite(const HttpCredentials &credentials)
{
    if (!credentials.origin.isEmpty()
        && credentials.origin.toLower() != "http://" + credentials.host.toLower())
        return true;
    const bool isOfOthers = credentials.fetchSite == "cross-site" || credentials.fetchSite == "same-site";
    return isOfOthers && !isNavigation(credentials);
}

/// In constant time, which does not show how much of it is right.
bool isSame(const QByteArray &given, const QByteArray &wanted)
{
    int difference = given.size() == wanted.size() ? 0 : 1;
    for (qsizetype i = 0; i < given.size(); ++i)
        difference |= given.at(i) ^ wanted.at(i % wanted.size());
    return difference == 0;
}

} // namespace

std::optional<HttpResponse> HttpAccess::refusalOf(const HttpCredentials &credentials, bool needsToken) const
{
    const auto parts = smtp::splitHostPort(QString::fromLatin1(credentials.host));
    if (!parts || !isOurName(parts->host.toLatin1()))
        return refusal(421, QStringLiteral("This server does not have that name"));
    if (isCrossSite(credentials))
        return refusal(403, QStringLiteral("Requests from other sites are not answered"));
    if (!needsToken || m_token.isEmpty() || hasToken(credentials.authorization))
        return std::nullopt;
    HttpResponse response = refusal(401, QStringLiteral("Unauthorised."));
    response.fields.emplaceBack("WWW-Authenticate", "Basic realm=\"Glasspost\"");
    return response;
}

bool HttpAccess::isOurName(const QByteArray &host) const
{
    const QByteArray name = host.toLower();
    if (name == "localhost" || name.endsWith(".localhost")) // RFC 6761 6.3
        return true;
    // No name, so nobody can let it point elsewhere.
    QHostAddress address;
    if (!address.setAddress(QString::fromLatin1(name)))
        return false;
    const bool isAny = m_boundTo == QHostAddress::Any || m_boundTo == QHostAddress::AnyIPv4
        || m_boundTo == QHostAddress::AnyIPv6;
    return isAny || address.isLoopback() || address == m_boundTo;
}

bool HttpAccess::hasToken(const QByteArray &authorization) const
{
    if (authorization.left(7).toLower() == "bearer ") // RFC 6750 2.1
        return isSame(authorization.mid(7).trimmed(), m_token);
    if (authorization.left(6).toLower() != "basic ") // RFC 7617: whatever the name, the token as password
        return false;
    const QByteArray pair = QByteArray::fromBase64(authorization.mid(6).trimmed());
    return isSame(pair.mid(pair.indexOf(':') + 1), m_token);
}

} // namespace glasspost::app
