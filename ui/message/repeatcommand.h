#pragma once

#include "mail/journey/journey.h"

#include <QString>

namespace glasspost::ui {

/// A program that says a delivery again.
enum class RepeatWith { Swaks, Curl, Openssl };

/// A line for a shell, or why that program cannot say the same, as a sentence; both empty: unknown yet.
struct RepeatCommand
{
    QString line;
    QString whyNot;

    friend bool operator==(const RepeatCommand &, const RepeatCommand &) = default;
};

/// Of the newest delivery with a session in which a sender was named, the last such session of it. No line
/// has a password: the programs ask for it.
///
/// swaks (ui/message/swakscommand.h) says all but the parameters of MAIL and RCPT. curl says what it can say
/// exactly, with a test body; parameters that are about the body are left out. openssl opens the connection
/// with the same TLS, and the person types the rest.
[[nodiscard]] RepeatCommand repeatCommand(RepeatWith program, const QList<mail::Journey> &journeys);

} // namespace glasspost::ui
