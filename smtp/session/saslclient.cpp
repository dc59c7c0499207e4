#include "smtp/session/saslclient.h"

#include <array>
#include <gsasl.h>

namespace glasspost::smtp {

namespace {

enum class Secrecy { Hashed, Plain };

struct Mechanism
{
    const char *name;
    Secrecy secrecy;
    bool clientFirst;
};

/// Strongest first.
constexpr std::array mechanisms{
    Mechanism{"SCRAM-SHA-256", Secrecy::Hashed, true},
    Mechanism{"SCRAM-SHA-1", Secrecy::Hashed, true},
    Mechanism{"CRAM-MD5", Secrecy::Hashed, false},
    Mechanism{"PLAIN", Secrecy::Plain, true},
    Mechanism{"LOGIN", Secrecy::Plain, false},
};

} // namespace

QList<QByteArray> commonMechanisms(const QList<QByteArray> &offered, PasswordGuard guard)
{
    QList<QByteArray> common;
    for (const Mechanism &mechanism : mechanisms) {
        if (mechanism.secrecy == Secrecy::Plain && guard == PasswordGuard::NeverPlain)
            continue;
        if (offered.contains(mechanism.name))
            common.append(mechanism.name);
    }
    return common;
}

struct SaslClient::Private
{
    Gsasl *context = nullptr;
    Gsasl_session *session = nullptr;
    QByteArray mechanism;
    bool complete = false;
    bool failed = false;
};

SaslClient::SaslClient(
    const QByteArray &mechanism, const QByteArray &user, const QByteArray &password, const QByteArray &host)
    : d(std::make_unique<Private>())
{
    d->mechanism = mechanism;
    d->failed = gsasl_init(&d->context) != GSASL_OK
        || gsasl_client_start(d->context, mechanism.constData(), &d->session) != GSASL_OK;
    if (d->failed)
        return;
    gsasl_property_set(d->session, GSASL_AUTHID, user.constData());
    gsasl_property_set(d->session, GSASL_PASSWORD, password.constData());
    gsasl_property_set(d->session, GSASL_SERVICE, "smtp");
    gsasl_property_set(d->session, GSASL_HOSTNAME, host.constData());
}

SaslClient::~SaslClient()
{
    if (d->session)
        gsasl_finish(d->session);
    if (d->context)
        gsasl_done(d->context);
}

bool SaslClient::isClientFirst() const
{
    for (const Mechanism &mechanism : mechanisms) {
        if (d->mechanism == mechanism.name)
            return mechanism.clientFirst;
    }
    return false;
}

std::optional<QByteArray> SaslClient::respond(const QByteArray &challenge)
{
    if (d->failed)
        return std::nullopt;
    if (d->complete && challenge.isEmpty()) // the server asks for nothing more, and gets nothing
        return QByteArray();
    char *output = nullptr;
    size_t length = 0;
    const int code
        = gsasl_step(d->session, challenge.constData(), size_t(challenge.size()), &output, &length);
    d->failed = code != GSASL_OK && code != GSASL_NEEDS_MORE;
    d->complete = code == GSASL_OK;
    QByteArray response(output, output ? qsizetype(length) : 0);
    gsasl_free(output);
    if (d->failed)
        return std::nullopt;
    return response;
}

bool SaslClient::isComplete() const
{
    return d->complete && !d->failed;
}

} // namespace glasspost::smtp
