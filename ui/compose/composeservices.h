#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/drafts.h"
#include "mail/system/mailboxes.h"
#include "mail/system/outbox.h"

namespace glasspost::ui {

/// What a composer works with. All of them outlive it.
struct ComposeServices
{
    mail::Drafts &drafts;
    mail::Outbox &outbox;
    mail::Mailboxes &mailboxes; ///< for the addresses that are offered
    const mail::CurrentSettings &settings;
    QString ownWords; ///< the file of the words that the person taught the spelling
};

} // namespace glasspost::ui
