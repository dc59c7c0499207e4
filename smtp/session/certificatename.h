#pragma once

#include <QByteArray>
#include <QSslCertificate>

namespace glasspost::smtp {

/// Whether a certificate is for that host, a name or an address (RFC 6125 6.4, RFC 2818 3.1): by the names in
/// its subjectAltName, and by the common name only where it has none there. An address must be there as an
/// address. A wildcard stands for one whole leftmost label.
[[nodiscard]] bool certificateNames(const QSslCertificate &certificate, const QByteArray &host);

} // namespace glasspost::smtp
