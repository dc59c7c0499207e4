#pragma once

#include "app/http/httpmessage.h"

#include <QHostAddress>

#include <optional>

namespace glasspost::app {

/// The fields of a request that decide whether it may be answered.
struct HttpCredentials
{
    QByteArray method;
    QByteArray host;
    QByteArray origin;
    QByteArray fetchSite, fetchMode, fetchDest; ///< Sec-Fetch-Site and so on, as browsers send them
    QByteArray authorization;
};

/// Who may ask. A web page of somebody else can make a browser on this machine send requests here: by a name
/// of its own that it lets point to this machine (DNS rebinding), which Host shows, or across sites, which
/// Origin and Sec-Fetch-Site show. Neither is answered.
class HttpAccess
{
public:
    /// token: empty when none is asked for.
    HttpAccess(const QHostAddress &boundTo, QByteArray token) : m_boundTo(boundTo), m_token(std::move(token))
    { }

    /// The answer to who may not ask: 421 or 403, and 401 without the token where one is needed.
    [[nodiscard]] std::optional<HttpResponse> refusalOf(
        const HttpCredentials &credentials, bool needsToken) const;

private:
    [[nodiscard]] bool isOurName(const QByteArray &host) const;
    [[nodiscard]] bool hasToken(const QByteArray &authorization) const;

    QHostAddress m_boundTo;
    QByteArray m_token;
};

} // namespace glasspost::app
