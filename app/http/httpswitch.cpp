#include "app/http/httpswitch.h"

#include "smtp/syntax/hostport.h"

namespace glasspost::app {

namespace {

QByteArray token()
{
    return qgetenv("GLASSPOST_HTTP_TOKEN");
}

mail::ListenerState failedWith(const mail::Error &error)
{
    mail::ListenerState state;
    state.kind = mail::ListenerState::Kind::Failed;
    state.error = error;
    return state;
}

mail::ListenerState listeningAt(const QHostAddress &address, quint16 port)
{
    mail::ListenerBinding binding;
    binding.address = address;
    binding.port = port;
    mail::ListenerState state;
    state.kind = mail::ListenerState::Kind::Listening;
    state.bindings = {binding};
    return state;
}

} // namespace

HttpSwitch::HttpSwitch(mail::MailSystem &mail, QObject *parent)
    : QObject(parent), m_mail(mail), m_worker(QStringLiteral("HTTP"))
{ }

HttpSwitch::~HttpSwitch()
{
    m_worker.run([this] { m_interface.reset(); });
}

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
    const mail::HttpInterfaceSettings wanted = m_settings.value_or(mail::HttpInterfaceSettings());
    m_worker.run([this, wanted, token = token()] { return reopen(wanted, token); })
        .then(this, [this, turn = ++m_turn](const mail::Result<mail::ListenerState> &state) {
            if (turn != m_turn)
                return;
            m_state = *state;
            Q_EMIT changed(m_state);
        });
}

/// On the worker.
mail::ListenerState HttpSwitch::reopen(const mail::HttpInterfaceSettings &wanted, const QByteArray &token)
{
    m_interface.reset(); // before another one wants its port
    if (!wanted.enabled)
        return {};
    if (!wanted.address.isLoopback() && token.isEmpty())
        return failedWith({mail::ErrorCode::InputOutput, smtp::hostPort(wanted.address, wanted.port),
            tr("other machines can reach it, so a token is needed in the environment variable "
               "GLASSPOST_HTTP_TOKEN")});
    HttpSettings settings;
    settings.address = wanted.address;
    settings.port = wanted.port;
    settings.token = token;
    m_interface = std::make_unique<HttpInterface>(m_mail, settings);
    const mail::Result<quint16> port = m_interface->listen();
    if (port)
        return listeningAt(wanted.address, *port);
    m_interface.reset();
    return failedWith(port.error());
}

} // namespace glasspost::app
