#pragma once

#include "smtp/syntax/hostport.h"

#include <QByteArray>
#include <QUrl>

namespace glasspost::mail {

/// What the Host field of a request to the URL says (RFC 9110 7.2): an address with colons in brackets, the
/// port where the URL names one.
inline QByteArray hostField(const QUrl &url)
{
    const QString host = url.host(QUrl::FullyEncoded);
    return (url.port() < 0 ? smtp::hostInUrl(host) : smtp::hostPort(host, quint16(url.port()))).toLatin1();
}

} // namespace glasspost::mail
