#pragma once

#include "smtp/dns/tlsarecord.h"

#include <QByteArray>
#include <QList>
#include <QSslCertificate>

namespace glasspost::smtp {

/// Whether a server's certificates fit its TLSA records, and one English line that says which does, or why
/// none.
struct DaneVerdict
{
    enum class Result { Matched, Mismatched };
    Result result = Result::Mismatched;
    QByteArray line;
};

/// RFC 7671, RFC 7672 3.1 over usable records and the chain that the server showed, its own certificate
/// first. DANE-EE looks at the key alone, neither at names nor at times; DANE-TA asks for a chain up to the
/// record that holds now and bears one of the names, the first of which is the TLSA base domain. Pure.
DaneVerdict matchDane(
    const QList<TlsaRecord> &records, const QList<QByteArray> &names, const QList<QSslCertificate> &chain);

} // namespace glasspost::smtp
