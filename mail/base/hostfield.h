#pragma once

#include <QByteArray>
#include <QUrl>

namespace glasspost::mail {

/// What the Host field of a request to the URL says (RFC 9110 7.2): an address with colons in brackets, the
/// port where the URL names one.
inline QByteArray hostField(const QUrl &url)
{
    const QByteArray host = url.host(QUrl::FullyEncoded).toLatin1();
    const QByteArray bracketed = host.contains(':') ? '[' + host + ']' : host;
    return url.port() < 0 ? bracketed : bracketed + ':' + QByteArray::number(url.port());
}

} // namespace glasspost::mail
