#pragma once

#include "smtp/dns/tlsarecord.h"

#include <QByteArray>
#include <QList>

namespace glasspost::smtp {

/// What a domain's records ask of TLS at one of its exchangers, whatever the route's settings are content
/// with. A plain value.
struct TlsDemand
{
    enum class Kind {
        None,
        Dane, ///< TLS must be, and the certificate fits one of the records (RFC 7672 2.2)
        DaneUnverified, ///< TLS must be; the records are of no use, so no certificate is required
        MtaSts ///< TLS must be, and the certificate fits the host's name (RFC 8461 4.2)
    };
    Kind kind = Kind::None;
    QList<TlsaRecord> records; ///< Dane: the usable ones
    QList<QByteArray> names; ///< Dane: which a certificate under a trust anchor may bear (RFC 7672 3.2.2)

    friend bool operator==(const TlsDemand &, const TlsDemand &) = default;
};

} // namespace glasspost::smtp
