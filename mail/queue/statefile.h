#pragma once

#include "mail/base/error.h"
#include "mail/base/jsontext.h"
#include "mail/queue/queuevalues.h"

namespace glasspost::mail {

/// The state file of a queue entry: JSON, readable by hand. Octets that are no UTF-8 stand as "base64:...".
QByteArray writeState(const QueueEntry &entry);
/// The same as a member of what is open in json.
void writeState(JsonText &json, QByteArrayView key, const QueueEntry &entry);
/// Damaged when it is no state file. Fields that are missing have their defaults.
Result<QueueEntry> readState(const QByteArray &json);

} // namespace glasspost::mail
