#include "smtp/client/certificateverdict.h"

#include "smtp/client/danematch.h"

#include <algorithm>

namespace glasspost::smtp {

CertificateDemands CertificateDemands::of(const ClientSettings &settings, const Peer &server)
{
    const ClientCredentials &credentials = settings.credentials;
    const bool guardsSecret
        = credentials.isWanted() && credentials.hasSecret() && !credentials.mayGoInClearTo(server);
    const bool isStrict = settings.verifyCertificate || !settings.pinnedFingerprint.isEmpty()
        || !settings.dane.isEmpty() || guardsSecret;
    return {isStrict ? Strictness::MustFit : Strictness::AnyWillDo, settings.pinnedFingerprint,
        settings.acceptedFingerprints, settings.dane, guardsSecret};
}

namespace {

using Result = CertificateVerdict::Result;

bool isAcceptedByPerson(const TlsFacts &facts, const CertificateDemands &demands)
{
    return std::any_of(demands.acceptedFingerprints.begin(), demands.acceptedFingerprints.end(),
        [&facts](const QByteArray &accepted) { return isSameFingerprint(accepted, facts.fingerprint); });
}

QByteArray faultOf(const TlsFacts &facts, const CertificateDemands &demands)
{
    if (!demands.pinnedFingerprint.isEmpty())
        return "the certificate is not the pinned one";
    const QByteArray fault = "the certificate could not be verified: " + facts.errors.join("; ");
    return demands.guardsSecret ? fault + "; the password was not sent" : fault;
}

} // namespace

CertificateVerdict judge(const TlsFacts &facts, const CertificateDemands &demands)
{
    if (!demands.dane.isEmpty()) {
        const DaneVerdict dane = matchDane(demands.dane.records, demands.dane.names, facts.chain);
        const bool matches = dane.result == DaneVerdict::Result::Matched;
        return {matches ? Result::Verified : Result::Refused, dane.line};
    }
    if (isAcceptedByPerson(facts, demands))
        return {Result::Verified, "this certificate was accepted for this server by hand"};
    const bool fits = demands.pinnedFingerprint.isEmpty()
        ? facts.errors.isEmpty()
        : isSameFingerprint(demands.pinnedFingerprint, facts.fingerprint);
    if (fits)
        return {Result::Verified, {}};
    if (!demands.areStrict())
        return {Result::Unverified, {}};
    return {Result::Refused, faultOf(facts, demands)};
}

} // namespace glasspost::smtp
