#include "smtp/session/saslclient.h"

#include "smtp/session/bearertoken.h"
#include "smtp/session/gnusaslclient.h"

#include <gsasl.h>

#include <algorithm>
#include <array>

namespace glasspost::smtp {

namespace {

enum class Secrecy {
    Hidden, ///< who listens learns nothing to sign in with
    Plain
};

struct SaslMechanism
{
    const char *name;
    CredentialKinds means; ///< all of them
    Secrecy secrecy;
};

constexpr CredentialKinds preparedPassword = CredentialKind::Password | CredentialKind::PreparedPassword;
constexpr CredentialKinds anySecret = CredentialKind::Password | CredentialKind::Token;

/// Strongest first. With channel binding nobody in between can pass a sign-in on (RFC 5802 6).
const std::array saslMechanisms{
    SaslMechanism{"EXTERNAL", CredentialKind::Certificate, Secrecy::Hidden},
    SaslMechanism{"SCRAM-SHA-256-PLUS", preparedPassword | CredentialKind::ChannelBinding, Secrecy::Hidden},
    SaslMechanism{"SCRAM-SHA-1-PLUS", preparedPassword | CredentialKind::ChannelBinding, Secrecy::Hidden},
    SaslMechanism{"SCRAM-SHA-256", preparedPassword, Secrecy::Hidden},
    SaslMechanism{"SCRAM-SHA-1", preparedPassword, Secrecy::Hidden},
    SaslMechanism{"CRAM-MD5", preparedPassword, Secrecy::Hidden},
    SaslMechanism{"OAUTHBEARER", CredentialKind::Token, Secrecy::Plain},
    SaslMechanism{"XOAUTH2", CredentialKind::Token, Secrecy::Plain},
    SaslMechanism{"PLAIN", CredentialKind::Password, Secrecy::Plain},
    SaslMechanism{"LOGIN", CredentialKind::Password, Secrecy::Plain},
    SaslMechanism{"ANONYMOUS", CredentialKind::Nothing, Secrecy::Hidden},
};

} // namespace

QList<QByteArray> commonMechanisms(const QList<QByteArray> &offered, CredentialKinds means,
    PasswordGuard guard, const QList<QByteArray> &allowed)
{
    QList<QByteArray> common;
    for (const SaslMechanism &mechanism : saslMechanisms) {
        const bool safe = guard == PasswordGuard::PlainAllowed
            || (guard == PasswordGuard::NeverPlain && mechanism.secrecy == Secrecy::Hidden)
            || !mechanism.means.testAnyFlags(anySecret);
        const bool wished = allowed.isEmpty() || allowed.contains(mechanism.name);
        if (safe && wished && means.testFlags(mechanism.means) && offered.contains(mechanism.name))
            common.append(mechanism.name);
    }
    return common;
}

bool isPreparable(const QByteArray &text)
{
    // Its mechanisms ask in either way, and GNU SASL 2.2 refuses unassigned characters when they are allowed.
    const auto flags = {Gsasl_saslprep_flags(0), GSASL_ALLOW_UNASSIGNED};
    return std::all_of(flags.begin(), flags.end(), [&text](Gsasl_saslprep_flags flag) {
        char *prepared = nullptr;
        const int result = gsasl_saslprep(text.constData(), flag, &prepared, nullptr);
        gsasl_free(prepared);
        return result == GSASL_OK;
    });
}

std::unique_ptr<SaslClient> makeSaslClient(const QByteArray &mechanism, const SaslIdentity &identity)
{
    if (mechanism == "OAUTHBEARER")
        return std::make_unique<BearerToken>(BearerToken::Form::OAuthBearer, identity);
    if (mechanism == "XOAUTH2")
        return std::make_unique<BearerToken>(BearerToken::Form::XOAuth2, identity);
    return std::make_unique<GnuSaslClient>(mechanism, identity);
}

} // namespace glasspost::smtp
