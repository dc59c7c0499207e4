#pragma once

#include "app/http/httpmessage.h"

#include <optional>

namespace glasspost::app {

/// One row of the interface: what is asked for, and who answers.
struct HttpRoute
{
    QByteArray method;
    QByteArray pattern; ///< "/view/{}.html": {} matches a segment, or its beginning
    HttpHandler handler;
    qint64 bodyLimit = 1024 * 1024; ///< octets
    bool isOpen = false; ///< answered without a token: whether the server lives is no secret
};

/// The route of a request, or the answer that there is none: 404, or 405 where other methods have one.
class HttpRoutes
{
public:
    explicit HttpRoutes(QList<HttpRoute> routes) : m_routes(std::move(routes)) { }

    struct Found
    {
        const HttpRoute *route = nullptr;
        QStringList captured;
    };
    [[nodiscard]] tl::expected<Found, HttpResponse> find(
        const QByteArray &method, const QStringList &path) const;

private:
    QList<HttpRoute> m_routes;
};

/// The decoded segments of the path of a request's target, "/a/b%20c?d" say; nothing where it is none.
/// Several slashes in front count as one: clients join a base that ends in one with a path.
std::optional<QStringList> pathOf(const QByteArray &target);
/// Takes an inbox off the front of a path: NAME of "/inbox/NAME/api/v1/messages"; empty where there is none.
QString takeInbox(QStringList &path);
QUrlQuery queryOf(const QByteArray &target);

} // namespace glasspost::app
