#pragma once

#include "smtp/client/clientsettings.h"
#include "smtp/client/tlsfacts.h"

#include <QByteArray>

namespace glasspost::smtp {

/// What a server's certificate is checked against.
struct CertificateDemands
{
    /// Without demands any certificate will do: TLS is opportunistic, and no password is at stake.
    enum class Strictness { AnyWillDo, MustFit };
    Strictness strictness = Strictness::MustFit;
    QByteArray pinnedFingerprint; ///< SHA-256 of the one certificate to accept, empty for none
    QList<QByteArray> acceptedFingerprints; ///< of those that a person took for this server
    DaneIdentity dane; ///< not empty: in place of authorities, name, and all the rest (RFC 7672 2.2)
    bool guardsSecret = false; ///< a password or token is to be said to the server

    /// RFC 8314 3.3, RFC 7817 3: a password or token is for a server that proved its name alone, however
    /// little its mail asks for.
    static CertificateDemands of(const ClientSettings &settings, const Peer &server);
    [[nodiscard]] bool areStrict() const { return strictness == Strictness::MustFit; }
};

/// What becomes of it.
struct CertificateVerdict
{
    enum class Result {
        Verified,
        Unverified, ///< it does not fit, and need not
        Refused
    };
    Result result = Result::Refused;
    QByteArray line; ///< why it is refused, or what else than authorities and name it fits by; else empty
};

/// facts.errors: why it does not fit authorities and name. Pure.
CertificateVerdict judge(const TlsFacts &facts, const CertificateDemands &demands);

} // namespace glasspost::smtp
