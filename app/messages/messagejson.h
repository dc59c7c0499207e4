#pragma once

#include "app/messages/messagecontent.h"

#include <QJsonObject>

namespace glasspost::app {

/// A message as "show --json" and "wait --json" print it and the HTTP interface gives it; the names of its
/// members are part of the command line's contract (docs/MESSAGES.md). Bounded: header and text as
/// MessageView has them, 1 MiB of HTML, no octets of attachments.
QJsonObject messageJson(const MessageContent &message);

} // namespace glasspost::app
