#pragma once

#include "mail/routing/incomingmessage.h"
#include "mail/settings/capturerule.h"

namespace glasspost::mail {

/// The Inbox of a name from outside, which is made harmless: lower case, letters, digits and "._-+@" alone,
/// 64 characters at most, no path. Empty when nothing is left.
QString captureInboxName(const QByteArray &given);

/// The Inboxes that a captured message goes to by the rule, each once; message.folder where the message does
/// not say. Of a rule by header the content is read (see IncomingMessage::front()), without our own fields on
/// top.
QList<FolderId> captureFolders(const CaptureRule &rule, const IncomingMessage &message);

} // namespace glasspost::mail
