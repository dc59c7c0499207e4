#pragma once

#include "app/http/capturedmail.h"
#include "app/http/eventfeed.h"
#include "app/http/httpserver.h"
#include "app/messages/messagewaits.h"
#include "mail/system/mailsystem.h"

namespace glasspost::app {

/// The captured mail over HTTP: Mailpit's API, and what is ours under /glasspost/v1. On the thread that
/// made it; the mail system has started and outlives it.
class HttpInterface
{
public:
    HttpInterface(mail::MailSystem &mail, const HttpSettings &settings);

    mail::Result<quint16> listen(); ///< the port bound
    [[nodiscard]] quint16 port() const { return m_port; }

private:
    CapturedMail m_captured;
    EventFeed m_events;
    MessageWaits m_waits;
    HttpServer m_server;
    quint16 m_port = 0;
};

} // namespace glasspost::app
