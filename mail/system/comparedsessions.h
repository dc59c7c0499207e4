#pragma once

#include "mail/base/task.h"
#include "mail/journey/comparison.h"

namespace glasspost::mail {

class Outbox;
class Sessions;

/// What is known of a session: its trace, which stands with the journey of what it carried, else what its
/// transcript tells. NotFound when neither is kept. The services outlive the answer, which comes on the
/// context's thread.
[[nodiscard]] Task<ComparedSession> comparedSession(
    Outbox &outbox, Sessions &sessions, const QByteArray &sessionId, QObject *context);

} // namespace glasspost::mail
