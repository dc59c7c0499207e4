#pragma once

#include "mail/transcripts/transcriptbatch.h"
#include "smtp/session/sessiontrace.h"

namespace glasspost::mail {

/// A session's stages as far as its transcript tells them: for a session of our listener, or one of which no
/// trace is kept. A stage is a command and its reply, from when it was said, or the reply before it came;
/// what happened before the greeting makes up Connect. Nothing is known of certificates, and of the sign-in
/// as much as was said.
[[nodiscard]] smtp::SessionTrace traceOfDialogue(const Transcript &transcript);

} // namespace glasspost::mail
