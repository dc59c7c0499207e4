#include "app/http/httpinterface.h"

#include "app/http/handlers.h"

namespace glasspost::app {

namespace {

/// Every path that is answered.
QList<HttpRoute> routesOf(CapturedMail &captured, EventFeed &events)
{
    return healthRoutes(captured) + listRoutes(captured) + messageRoutes(captured) + partRoutes(captured)
        + sendRoutes(captured) + ownRoutes(captured.mail(), events);
}

} // namespace

HttpInterface::HttpInterface(mail::MailSystem &mail, const HttpSettings &settings)
    : m_captured(mail), m_events(m_captured), m_server(routesOf(m_captured, m_events), settings)
{ }

mail::Result<quint16> HttpInterface::listen()
{
    const mail::Result<quint16> port = m_server.listen();
    m_port = port.value_or(0);
    return port;
}

} // namespace glasspost::app
