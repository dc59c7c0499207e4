#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/drafts.h"
#include "mail/system/listenerswitch.h"
#include "mail/system/lookups.h"
#include "mail/system/mailboxes.h"
#include "mail/system/outbox.h"
#include "mail/system/rules.h"
#include "mail/system/servercertificates.h"
#include "mail/system/sessions.h"

#include <memory>

namespace glasspost::mail {

class MailThread;

/// The services of a mail system, one source each. Made before it opens, on the thread on which they emit;
/// they are not called any more, and still live, when the mail thread ends.
std::unique_ptr<CurrentSettings> makeCurrentSettings(MailThread &mail);
std::unique_ptr<Mailboxes> makeMailboxes(MailThread &mail, const QString &dataFolder);
std::unique_ptr<Drafts> makeDrafts(MailThread &mail, const CurrentSettings &settings);
std::unique_ptr<Outbox> makeOutbox(MailThread &mail, const CurrentSettings &settings);
std::unique_ptr<Rules> makeRules(MailThread &mail);
std::unique_ptr<Sessions> makeSessions(MailThread &mail);
std::unique_ptr<Lookups> makeLookups(MailThread &mail);
std::unique_ptr<ListenerSwitch> makeListenerSwitch(MailThread &mail);
std::unique_ptr<ServerCertificates> makeServerCertificates(MailThread &mail);

} // namespace glasspost::mail
