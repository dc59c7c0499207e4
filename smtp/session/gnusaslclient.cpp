#include "smtp/session/gnusaslclient.h"

#include <QList>

#include <gsasl.h>

namespace glasspost::smtp {

namespace {

constexpr qulonglong fewestIterations = 4096; // RFC 7677 4
constexpr qulonglong mostIterations = 1'000'000; // about a second's work

/// RFC 5802 5.1, server-first-message: "r=nonce,s=salt,i=count"; empty in any other.
QByteArray iterationText(const QByteArray &challenge)
{
    const QList<QByteArray> fields = challenge.split(',');
    const bool isFirst = fields.size() > 2 && fields.at(0).startsWith("r=") && fields.at(2).startsWith("i=");
    return isFirst ? fields.at(2).mid(2) : QByteArray();
}

} // namespace

struct GnuSaslClient::Private
{
    Gsasl *context = nullptr;
    Gsasl_session *session = nullptr;
    QByteArray mechanism;
    enum class Progress { Going, Complete, Failed } progress = Progress::Going;

    void set(Gsasl_property property, const QByteArray &value)
    {
        if (gsasl_property_set(session, property, value.constData()) != GSASL_OK)
            progress = Progress::Failed;
    }
};

GnuSaslClient::GnuSaslClient(const QByteArray &mechanism, const SaslIdentity &identity)
    : d(std::make_unique<Private>())
{
    d->mechanism = mechanism;
    if (gsasl_init(&d->context) != GSASL_OK
        || gsasl_client_start(d->context, mechanism.constData(), &d->session) != GSASL_OK) {
        d->progress = Private::Progress::Failed;
        return;
    }
    d->set(GSASL_AUTHID, identity.user);
    d->set(GSASL_PASSWORD, identity.password);
    d->set(GSASL_SERVICE, "smtp");
    d->set(GSASL_HOSTNAME, identity.host);
    if (!identity.bindings.exporter.isEmpty())
        d->set(GSASL_CB_TLS_EXPORTER, identity.bindings.exporter.toBase64());
    if (!identity.bindings.unique.isEmpty())
        d->set(GSASL_CB_TLS_UNIQUE, identity.bindings.unique.toBase64());
    if (mechanism == "EXTERNAL" && !identity.user.isEmpty()) // the certificate says who; this, as whom
        d->set(GSASL_AUTHZID, identity.user);
    if (mechanism == "ANONYMOUS") // RFC 4505 2: a trace, for people
        d->set(GSASL_ANONYMOUS_TOKEN, identity.user.isEmpty() ? "anonymous" : identity.user);
}

GnuSaslClient::~GnuSaslClient()
{
    if (d->session)
        gsasl_finish(d->session);
    if (d->context)
        gsasl_done(d->context);
}

bool GnuSaslClient::isClientFirst() const
{
    return d->mechanism != "CRAM-MD5" && d->mechanism != "LOGIN";
}

std::optional<QByteArray> GnuSaslClient::respond(const QByteArray &challenge)
{
    using Progress = Private::Progress;
    if (d->progress == Progress::Failed)
        return std::nullopt;
    if (d->progress == Progress::Complete && challenge.isEmpty()) // nothing more is asked, and nothing said
        return QByteArray();
    char *output = nullptr;
    size_t length = 0;
    const int code
        = gsasl_step(d->session, challenge.constData(), size_t(challenge.size()), &output, &length);
    d->progress = code == GSASL_OK ? Progress::Complete
        : code == GSASL_NEEDS_MORE ? Progress::Going
                                   : Progress::Failed;
    QByteArray response(output, output ? qsizetype(length) : 0);
    gsasl_free(output);
    if (d->progress == Progress::Failed)
        return std::nullopt;
    return response;
}

QByteArray GnuSaslClient::objection(const QByteArray &challenge) const
{
    const QByteArray text = isSlow(challenge) ? iterationText(challenge) : QByteArray();
    if (text.isEmpty())
        return {};
    bool isNumber = false;
    const qulonglong count = text.toULongLong(&isNumber);
    if (isNumber && count >= fewestIterations && count <= mostIterations)
        return {};
    return "the server's SCRAM iteration count, " + text.left(20) + ", is not between "
        + QByteArray::number(fewestIterations) + " and " + QByteArray::number(mostIterations);
}

bool GnuSaslClient::isSlow(const QByteArray &challenge) const
{
    return d->mechanism.startsWith("SCRAM-") && !iterationText(challenge).isEmpty();
}

bool GnuSaslClient::isComplete() const
{
    return d->progress == Private::Progress::Complete;
}

} // namespace glasspost::smtp
