#pragma once

#include "app/commandline/exitcodes.h"
#include "app/commandline/invocation.h"
#include "mail/base/messageoctets.h"
#include "smtp/syntax/envelope.h"

#include <QString>

#include <tl/expected.hpp>

namespace glasspost::app {

/// The envelope and the octets that "glasspost send" is to send.
struct Outgoing
{
    smtp::Envelope envelope;
    mail::MessageOctets message;
};

/// Why there is none, as a sentence.
struct SendFailure
{
    ExitCode code = ExitCode::Usage;
    QString sentence;
};

/// Reads the files (or standard input) that the options name and builds the message, or takes the one given
/// whole: Bcc never leaves. A large message is written to a file in spoolFolder. Blocks: for commands without
/// a window.
tl::expected<Outgoing, SendFailure> readOutgoing(
    const SendInvocation &invocation, const mail::Settings &settings, const QString &spoolFolder);

} // namespace glasspost::app
