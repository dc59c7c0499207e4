#pragma once

#include "mail/routing/incomingmessage.h"
#include "mail/settings/capturerule.h"

namespace glasspost::mail {

/// The Inboxes that a captured message goes to by the rule, each once; message.folder where the message does
/// not say. Names from outside are made harmless: lower case, letters, digits and "._-+@" alone, 64
/// characters at most, no path. Of a rule by header the content is read (see IncomingMessage::front()),
/// without our own fields on top.
QList<FolderId> captureFolders(const CaptureRule &rule, const IncomingMessage &message);

} // namespace glasspost::mail
