#pragma once

#include "app/http/capturedmail.h"
#include "app/http/eventfeed.h"
#include "app/http/httproutes.h"

namespace glasspost::app {

/// The routes by theme; each function's file has their handlers. What they are given outlives the server.
QList<HttpRoute> healthRoutes(CapturedMail &captured); ///< info, webui, livez, readyz, metrics
QList<HttpRoute> listRoutes(CapturedMail &captured); ///< messages, search: list, mark, delete
QList<HttpRoute> messageRoutes(CapturedMail &captured); ///< one message: as JSON, headers, source, as a page
QList<HttpRoute> partRoutes(CapturedMail &captured); ///< parts of one, and small pictures of them
QList<HttpRoute> sendRoutes(CapturedMail &captured); ///< send, release
QList<HttpRoute> ownRoutes(mail::MailSystem &mail, EventFeed &feed); ///< /glasspost/v1, and events

} // namespace glasspost::app
