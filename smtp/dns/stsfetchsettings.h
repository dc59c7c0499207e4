#pragma once

#include <QList>
#include <QSslCertificate>

#include <chrono>

namespace glasspost::smtp {

/// How policies of MTA-STS are fetched. A plain value.
struct StsFetchSettings
{
    quint16 port = 443; ///< RFC 8461 3.2; tests have no such port
    QList<QSslCertificate> authorities; ///< beside the system's
    std::chrono::milliseconds timeout = std::chrono::seconds(30); ///< of the whole; mail waits meanwhile
};

} // namespace glasspost::smtp
