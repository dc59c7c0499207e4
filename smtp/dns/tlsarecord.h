#pragma once

#include <QByteArray>
#include <QList>

#include <optional>

namespace glasspost::smtp {

/// A TLSA record (RFC 6698 2.1): by which certificate or key a server is known. A plain value.
struct TlsaRecord
{
    quint8 usage = 0; ///< 2 DANE-TA, 3 DANE-EE; 0 and 1 are of no use in SMTP (RFC 7672 3.1.3)
    quint8 selector = 0; ///< 0 the whole certificate, 1 its public key
    quint8 matching = 0; ///< 0 as it is, 1 SHA-256, 2 SHA-512
    QByteArray data;

    /// Of a kind that SMTP uses, with data of the right form (RFC 7672 2.1, 3.1).
    [[nodiscard]] bool isUsable() const;
    /// "3 1 1 0123456789abcdef..." for transcript and reports.
    [[nodiscard]] QByteArray toBytes() const;
    friend bool operator==(const TlsaRecord &, const TlsaRecord &) = default;
};

/// RDATA as on the wire; nothing when it is shorter than its three numbers.
std::optional<TlsaRecord> tlsaFromData(const QByteArray &data);

} // namespace glasspost::smtp
