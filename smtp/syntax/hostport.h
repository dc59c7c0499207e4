#pragma once

#include <QHostAddress>
#include <QString>

#include <optional>

namespace glasspost::smtp {

/// "192.0.2.1", "mx.example.org", and in brackets where the host has colons of its own: "[2001:db8::1]" (RFC
/// 3986 3.2.2).
inline QString hostInUrl(const QString &host)
{
    return host.contains(u':') ? u'[' + host + u']' : host;
}

/// "192.0.2.1:25", "mx.example.org:25", "[2001:db8::1]:25".
inline QString hostPort(const QString &host, quint16 port)
{
    return hostInUrl(host) + u':' + QString::number(port);
}

inline QString hostPort(const QHostAddress &address, quint16 port)
{
    return hostPort(address.toString(), port);
}

struct HostAndPort
{
    QString host; ///< without brackets
    std::optional<QString> port; ///< what stands after the colon, unchecked; nothing where there is no colon
};

/// Takes apart what hostPort() put together. Nothing when a bracket is not closed, and for an IPv6 address
/// without brackets: which colon is the port's?
inline std::optional<HostAndPort> splitHostPort(const QString &text)
{
    const bool isBracketed = text.startsWith(u'[');
    const qsizetype end = text.indexOf(isBracketed ? u']' : u':');
    if (end < 0)
        return isBracketed ? std::nullopt : std::optional(HostAndPort{text, {}});
    const QString host = isBracketed ? text.mid(1, end - 1) : text.left(end);
    const QString rest = isBracketed ? text.mid(end + 1) : text.mid(end);
    if (rest.isEmpty())
        return HostAndPort{host, {}};
    if (rest.lastIndexOf(u':') != 0)
        return std::nullopt;
    return HostAndPort{host, rest.mid(1)};
}

} // namespace glasspost::smtp
