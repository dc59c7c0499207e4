#include "app/http/httpinterface.h"

#include "app/http/handlers.h"

namespace glasspost::app {

QList<HttpRoute> interfaceRoutes(
    CapturedMail &captured, EventFeed &events, MessageWaits &waits, QueueRelease release)
{
    return healthRoutes(captured) + listRoutes(captured) + messageRoutes(captured) + partRoutes(captured)
        + tagRoutes(captured) + checkRoutes(captured) + sendRoutes(captured) + waitRoutes(captured, waits)
        + ownRoutes(captured, events, release);
}

HttpInterface::HttpInterface(mail::MailSystem &mail, const HttpSettings &settings)
    : m_captured(mail), m_events(m_captured), m_waits(mail.mailboxes(), mail.lookups()),
      m_server(interfaceRoutes(m_captured, m_events, m_waits,
                   settings.token.isEmpty() ? QueueRelease::ByPerson : QueueRelease::ByToken),
          settings)
{ }

mail::Result<quint16> HttpInterface::listen()
{
    const mail::Result<quint16> port = m_server.listen();
    m_port = port.value_or(0);
    return port;
}

} // namespace glasspost::app
