#pragma once

#include "mail/message/draft.h"
#include "mail/message/messageview.h"
#include "mail/settings/settings.h"

namespace glasspost::ui {

enum class ReplyKind { Reply, ReplyAll, ReplyList, Forward };

/// A draft that answers or passes on a message: recipients by RFC 5322 3.6.3 (Reply-To before From, unless a
/// mailing list put its own address there; one's own addresses dropped; Mail-Followup-To where everyone is
/// answered), "Re:" or "Fwd:" once, In-Reply-To and References by 3.6.4, the text quoted. Pure. A forwarded
/// message's attachments are not in it: their files have to be saved first, see mail::Draft.
mail::Draft makeReply(const mail::MessageView &message, ReplyKind kind, const mail::Settings &settings);

/// Where a list takes messages: the first mailto of List-Post (RFC 2369 3.4); empty when there is none.
QString listAddress(const mail::MessageView &message);

/// An empty draft from the first identity.
mail::Draft newDraft(const mail::Settings &settings);
/// A draft from a mailto URL (RFC 6068): to, cc, bcc, subject, body, in-reply-to; any other field is left
/// out.
mail::Draft draftFromMailto(const QString &url, const mail::Settings &settings);
/// "Alice Example <alice@example.org>", the name quoted where RFC 5322 asks.
QString identityText(const mail::Identity &identity);
QString mailboxText(const mail::AddressView &mailbox);

} // namespace glasspost::ui
