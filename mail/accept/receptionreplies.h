#pragma once

#include "mail/base/error.h"
#include "mail/routing/plan.h"
#include "smtp/syntax/reply.h"

namespace glasspost::mail {

/// What the listener answers for the mailboxes here. Pure functions of the rules and the question; a null
/// reply is the engine's own for that command (250, and 252 for what cannot be verified).
[[nodiscard]] smtp::Reply replyOf(int code, int subject, int detail, const QByteArray &text);
/// To a message that could not be kept.
[[nodiscard]] smtp::Reply errorReply(const Error &error);

enum class Relaying { Allowed, Denied }; ///< to other domains, for this client
[[nodiscard]] smtp::Reply rcptReply(
    const AcceptanceRules &rules, const smtp::EnvelopeRecipient &recipient, Relaying relaying);
/// RFC 5321 3.5.3: what RCPT would say of it.
[[nodiscard]] smtp::Reply vrfyReply(const AcceptanceRules &rules, const QByteArray &text, Relaying relaying);
[[nodiscard]] smtp::Reply expnReply(const AcceptanceRules &rules, const QByteArray &list);

} // namespace glasspost::mail
