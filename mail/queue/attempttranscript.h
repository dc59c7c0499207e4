#pragma once

#include "smtp/session/transcript.h"

#include <QByteArray>
#include <QList>

namespace glasspost::mail {

/// What was said in one attempt, for a report: the opening of the session, then the transaction in which the
/// result was known at `decidedAt` (microseconds since the Unix epoch), a line each. Other messages of the
/// same connection are somebody else's and left out, and so is the message itself. At most 64 KiB.
QByteArray attemptText(
    const smtp::SessionFacts &session, const QList<smtp::TranscriptEntry> &entries, qint64 decidedAt);

} // namespace glasspost::mail
