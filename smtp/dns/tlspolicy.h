#pragma once

#include "smtp/dns/exchangerlookup.h"
#include "smtp/dns/mtasts.h"
#include "smtp/dns/tlsasearch.h"

#include <QHash>

namespace glasspost::smtp {

/// What was found about TLS at a domain's exchangers.
struct TlsFindings
{
    DnsSecurity mx = DnsSecurity::Insecure; ///< of the MX, or of the domain's addresses where it has none
    QHash<QByteArray, TlsaAnswer> tlsa; ///< by exchanger; one that was not asked for has none
    std::optional<StsPolicy> policy;
};

/// The exchangers that mail may go to, each with what is asked of its TLS; a failure (Untrusted, 4.7.5: the
/// mail waits) where none is left. DANE goes before MTA-STS where the MX is signed (RFC 8461 2). Pure, but
/// for the lines it notes.
ExchangerResult demandTls(const QByteArray &domain, const QList<Exchanger> &exchangers,
    const TlsFindings &findings, const ExchangerLookup::Note &note);

} // namespace glasspost::smtp
