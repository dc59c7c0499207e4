#pragma once

#include <QHostAddress>
#include <QString>

namespace glasspost::smtp {

/// "192.0.2.1:25", "mx.example.org:25", and with brackets where the host has colons of its own:
/// "[2001:db8::1]:25" (RFC 3986 3.2.2).
inline QString hostPort(const QString &host, quint16 port)
{
    const QString text = host.contains(u':') ? u'[' + host + u']' : host;
    return text + u':' + QString::number(port);
}

inline QString hostPort(const QHostAddress &address, quint16 port)
{
    return hostPort(address.toString(), port);
}

} // namespace glasspost::smtp
