#include "smtp/session/saslclient.h"

#include "smtp/session/bearertoken.h"
#include "smtp/session/gnusaslclient.h"

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
    SaslMeansFlags means; ///< all of them
    Secrecy secrecy;
};

/// Strongest first. With channel binding nobody in between can pass a sign-in on (RFC 5802 6).
const std::array saslMechanisms{
    SaslMechanism{"EXTERNAL", SaslMeans::Certificate, Secrecy::Hidden},
    SaslMechanism{"SCRAM-SHA-256-PLUS", SaslMeans::Password | SaslMeans::ChannelBinding, Secrecy::Hidden},
    SaslMechanism{"SCRAM-SHA-1-PLUS", SaslMeans::Password | SaslMeans::ChannelBinding, Secrecy::Hidden},
    SaslMechanism{"SCRAM-SHA-256", SaslMeans::Password, Secrecy::Hidden},
    SaslMechanism{"SCRAM-SHA-1", SaslMeans::Password, Secrecy::Hidden},
    SaslMechanism{"CRAM-MD5", SaslMeans::Password, Secrecy::Hidden},
    SaslMechanism{"OAUTHBEARER", SaslMeans::Token, Secrecy::Plain},
    SaslMechanism{"XOAUTH2", SaslMeans::Token, Secrecy::Plain},
    SaslMechanism{"PLAIN", SaslMeans::Password, Secrecy::Plain},
    SaslMechanism{"LOGIN", SaslMeans::Password, Secrecy::Plain},
    SaslMechanism{"ANONYMOUS", SaslMeans::Nothing, Secrecy::Hidden},
};

} // namespace

QList<QByteArray> commonMechanisms(const QList<QByteArray> &offered, SaslMeansFlags means,
    PasswordGuard guard, const QList<QByteArray> &allowed)
{
    QList<QByteArray> common;
    for (const SaslMechanism &mechanism : saslMechanisms) {
        const bool safe = mechanism.secrecy == Secrecy::Hidden || guard == PasswordGuard::PlainAllowed;
        const bool wished = allowed.isEmpty() || allowed.contains(mechanism.name);
        if (safe && wished && means.testFlags(mechanism.means) && offered.contains(mechanism.name))
            common.append(mechanism.name);
    }
    return common;
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
