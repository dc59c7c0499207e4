#pragma once

#include "app/commandline/invocation.h"
#include "app/commands/sendmessage.h"
#include "mail/settings/settings.h"

#include <functional>

namespace glasspost::app {

/// Who calls, as the system knows them: the sender of a message whose caller names none.
struct Caller
{
    QString login; ///< "www-data"
    QString fullName; ///< empty when the system has none

    static Caller current();
};

/// The octets that came next; none at the end. Blocks until there are some.
using SendmailInput = std::function<mail::Result<QByteArray>()>;

/// What a program writes to our standard input, as it comes: any octet may be among it.
mail::Result<QByteArray> readStandardInput();

/// Reads the message that a program gives to sendmail: to the end of the input, or to a line with a dot alone
/// unless that was switched off. Adds the header where there is only text, and From where it is missing, and
/// takes the recipients of To, Cc and Bcc (or of Resent-To and so on, where there are such) with -t. A name
/// without a domain is of this host. Blocks: for commands without a window.
tl::expected<Outgoing, SendFailure> readSendmail(const SendmailInvocation &invocation,
    const SendmailInput &input, const mail::Settings &settings, const Caller &caller,
    const QString &spoolFolder);

} // namespace glasspost::app
