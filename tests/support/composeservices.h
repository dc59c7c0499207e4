#pragma once

// What a composer works with, of a mail system.

#include "mail/system/mailsystem.h"
#include "ui/compose/composeservices.h"

namespace glasspost::test {

inline ui::ComposeServices composeServices(const mail::MailSystem &system)
{
    return {system.drafts(), system.outbox(), system.mailboxes(), system.settings(),
        system.dataFolder() + QStringLiteral("/words.txt")};
}

} // namespace glasspost::test
