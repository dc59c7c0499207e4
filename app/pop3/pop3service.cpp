#include "app/pop3/pop3service.h"

#include "mail/pop3/pop3server.h"
#include "mail/routing/authfile.h"
#include "mail/system/certificate.h"

#include <algorithm>

namespace glasspost::app {

namespace {

bool hasBindingWith(const mail::ListenerSettings &listener, std::initializer_list<smtp::TlsMode> modes)
{
    return std::any_of(
        listener.bindings.cbegin(), listener.bindings.cend(), [modes](const mail::ListenerBinding &binding) {
            return std::find(modes.begin(), modes.end(), binding.tls) != modes.end();
        });
}

/// As the listener has it: TLS where it offers it, a password in the clear where it takes one so.
mail::Pop3Offer offerOf(const mail::Settings &settings)
{
    using smtp::TlsMode;
    const mail::ListenerSettings &listener = settings.listener;
    const bool isTlsNeeded = hasBindingWith(listener, {TlsMode::Required, TlsMode::Implicit});
    mail::Pop3Offer offer;
    offer.hostName = settings.hostName.toUtf8();
    offer.stls = isTlsNeeded || hasBindingWith(listener, {TlsMode::Opportunistic});
    offer.signInInClear = !isTlsNeeded && listener.clearSignIn != smtp::ClearAuth::Never;
    for (const QString &mechanism : listener.mechanisms)
        offer.mechanisms.append(mechanism.toLatin1().toUpper());
    return offer;
}

smtp::ServerSettings tlsOf(
    const mail::ListenerSettings &listener, const mail::ListenerCertificate &certificate)
{
    smtp::ServerSettings server;
    server.identity = certificate.identity;
    server.tls = {listener.tlsMinimum, listener.tlsCiphers.toLatin1(), {}};
    return server;
}

} // namespace

struct Pop3Service::Running
{
    Running(mail::MailSystem &mail, const mail::Pop3Offer &offer, const smtp::ServerSettings &tls,
        std::shared_ptr<smtp::CredentialStore> credentials)
        : drops(mail), context{offer, tls, std::move(credentials), drops}, server(context)
    { }

    CapturedDrops drops;
    mail::Pop3Context context;
    mail::Pop3Server server;
};

Pop3Service::Pop3Service(mail::MailSystem &mail, QObject *parent)
    : QObject(parent), m_mail(mail), m_worker(QStringLiteral("POP3"))
{ }

Pop3Service::~Pop3Service()
{
    m_worker.run([this] { m_running.reset(); });
}

mail::Task<quint16> Pop3Service::listen(const AddressBinding &place)
{
    return m_worker.run([this, place] { return start(place); });
}

/// On the worker.
mail::Result<quint16> Pop3Service::start(const AddressBinding &place)
{
    const mail::Settings settings = m_mail.settings().value();
    const auto credentials = mail::credentialsOf(settings.listener);
    if (!credentials)
        return tl::unexpected(credentials.error());
    if (!*credentials)
        return tl::unexpected(
            mail::Error{mail::ErrorCode::BadSettings, QStringLiteral("Nobody can sign in over POP3"), {}});
    const mail::Pop3Offer offer = offerOf(settings);
    mail::Result<mail::ListenerCertificate> certificate = mail::ListenerCertificate();
    if (offer.stls)
        certificate = mail::loadCertificate(m_mail.dataFolder(), settings.listener, settings.hostName);
    if (!certificate)
        return tl::unexpected(certificate.error());
    m_running
        = std::make_unique<Running>(m_mail, offer, tlsOf(settings.listener, *certificate), *credentials);
    return m_running->server.listen(place.address, place.port);
}

} // namespace glasspost::app
