#include "app/http/httproutes.h"

#include <QUrl>

namespace glasspost::app {

namespace {

/// What matched the {} of pattern, in order; nothing when path does not match.
std::optional<QStringList> fit(const QByteArray &pattern, const QStringList &path)
{
    const QStringList wanted = QString::fromLatin1(pattern).mid(1).split(u'/');
    if (wanted.size() != path.size())
        return std::nullopt;
    QStringList captured;
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        const QString &segment = path.at(i);
        if (!wanted.at(i).startsWith(u"{}")) {
            if (segment != wanted.at(i))
                return std::nullopt;
            continue;
        }
        const QString ending = wanted.at(i).mid(2);
        if (segment.size() <= ending.size() || !segment.endsWith(ending))
            return std::nullopt;
        captured += segment.chopped(ending.size());
    }
    return captured;
}

} // namespace

tl::expected<HttpRoutes::Found, HttpResponse> HttpRoutes::find(
    const QByteArray &method, const QStringList &path) const
{
    QByteArrayList others;
    for (const HttpRoute &route : m_routes) {
        const auto captured = fit(route.pattern, path);
        if (!captured)
            continue;
        if (route.method == method || (route.method == "GET" && method == "HEAD"))
            return Found{&route, *captured};
        if (!others.contains(route.method))
            others += route.method;
    }
    if (others.isEmpty())
        return tl::unexpected(refusal(404, QStringLiteral("Not found")));
    HttpResponse response = refusal(405, QStringLiteral("Method Not Allowed"));
    response.fields.emplaceBack("Allow", others.join(", "));
    return tl::unexpected(response);
}

std::optional<QStringList> pathOf(const QByteArray &target)
{
    QByteArray path = target.left(target.indexOf('?') < 0 ? target.size() : target.indexOf('?'));
    if (!path.startsWith('/'))
        return std::nullopt;
    while (path.startsWith("//"))
        path.remove(0, 1);
    QStringList segments;
    for (const QByteArray &segment : path.mid(1).split('/'))
        segments += QUrl::fromPercentEncoding(segment);
    return segments;
}

QString takeInbox(QStringList &path)
{
    if (path.size() < 3 || path.constFirst() != u"inbox" || path.at(1).isEmpty())
        return {};
    const QString name = path.at(1);
    path.remove(0, 2);
    return name;
}

QUrlQuery queryOf(const QByteArray &target)
{
    const qsizetype mark = target.indexOf('?');
    return QUrlQuery(mark < 0 ? QString() : QString::fromUtf8(target.mid(mark + 1)));
}

} // namespace glasspost::app
