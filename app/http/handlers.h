#pragma once

#include "app/http/capturedmail.h"
#include "app/http/eventfeed.h"
#include "app/http/httproutes.h"
#include "app/messages/messagewaits.h"

namespace glasspost::app {

/// The routes by theme; each function's file has their handlers. What they are given outlives the server.
QList<HttpRoute> healthRoutes(CapturedMail &captured); ///< info, webui, livez, readyz, metrics
QList<HttpRoute> listRoutes(CapturedMail &captured); ///< messages, search: list, mark, delete
QList<HttpRoute> messageRoutes(CapturedMail &captured); ///< one message: as JSON, headers, source, as a page
QList<HttpRoute> partRoutes(CapturedMail &captured); ///< parts of one, and small pictures of them
QList<HttpRoute> tagRoutes(CapturedMail &captured); ///< tags of messages
QList<HttpRoute> checkRoutes(CapturedMail &captured); ///< what is wrong with one
QList<HttpRoute> sendRoutes(CapturedMail &captured); ///< send, release
/// /glasspost/v1: a message, and waiting for some
QList<HttpRoute> waitRoutes(CapturedMail &captured, MessageWaits &waits);
/// Who lets go what waits held in the queue: a program without the token cannot send mail out.
enum class QueueRelease {
    ByPerson, ///< in the window alone
    ByToken ///< the client has shown the token
};
/// /glasspost/v1: inboxes, sessions, the queue; and events
QList<HttpRoute> ownRoutes(CapturedMail &captured, EventFeed &feed, QueueRelease release);

/// Every path that is answered; docs/openapi.json describes them. Each is there below "/inbox/NAME" too, for
/// the inbox of that name.
QList<HttpRoute> interfaceRoutes(
    CapturedMail &captured, EventFeed &events, MessageWaits &waits, QueueRelease release);

} // namespace glasspost::app
