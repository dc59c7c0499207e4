#pragma once

#include "mail/queue/queue.h"

#include <optional>

namespace glasspost::mail {

/// An entry for recipients who have the message already, in a mailbox here or from a list here, and whose
/// sender asked to be told (NOTIFY=SUCCESS): all that is left of it is the report (RFC 3461 5.2.3). Nothing
/// when there is nobody like that. Its steps want the message's header alone.
std::optional<QueueEntry> servedEntry(const Queue &queue, const smtp::Envelope &envelope,
    const QList<smtp::EnvelopeRecipient> &served, const QByteArray &originSessionId, const QString &subject);

} // namespace glasspost::mail
