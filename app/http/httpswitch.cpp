#include "app/http/httpswitch.h"

#include "smtp/syntax/hostport.h"

namespace glasspost::app {

namespace {

QByteArray token()
{
    return qgetenv("GLASSPOST_HTTP_TOKEN");
}

} // namespace

HttpSwitch::HttpSwitch(mail::MailSystem &mail, QObject *parent) : QObject(parent), m_mail(mail) { }

bool HttpSwitch::lacksToken(const mail::HttpInterfaceSettings &settings)
{
    return settings.enabled && !settings.address.isLoopback() && token().isEmpty();
}

void HttpSwitch::follow()
{
    connect(&m_mail.settings(), &mail::CurrentSettings::changed, this,
        [this](const mail::Settings &settings) { take(settings.http); });
    take(m_mail.settings().value().http);
}

void HttpSwitch::take(const mail::HttpInterfaceSettings &settings)
{
    if (m_settings == settings)
        return;
    m_settings = settings;
    start();
}

void HttpSwitch::start()
{
    m_interface.reset(); // before another one wants its port
    m_state = {};
    if (m_settings && m_settings->enabled) {
        const mail::Result<quint16> port = listen();
        m_state.kind = port ? mail::ListenerState::Kind::Listening : mail::ListenerState::Kind::Failed;
        if (port) {
            mail::ListenerBinding binding;
            binding.address = m_settings->address;
            binding.port = *port;
            m_state.bindings = {binding};
        } else {
            m_interface.reset();
            m_state.error = port.error();
        }
    }
    Q_EMIT changed(m_state);
}

mail::Result<quint16> HttpSwitch::listen()
{
    if (lacksToken(*m_settings))
        return tl::unexpected(
            mail::Error{mail::ErrorCode::InputOutput, smtp::hostPort(m_settings->address, m_settings->port),
                tr("other machines can reach it, so a token is needed in the environment variable "
                   "GLASSPOST_HTTP_TOKEN")});
    HttpSettings settings;
    settings.address = m_settings->address;
    settings.port = m_settings->port;
    settings.token = token();
    m_interface = std::make_unique<HttpInterface>(m_mail, settings);
    return m_interface->listen();
}

} // namespace glasspost::app
