#pragma once

#include "mail/maildir/messageid.h"

#include <QByteArray>
#include <QString>

namespace glasspost::mail {

/// Of which message another one was made, and how. It goes with the one that was made, so that both of them
/// lead to each other.
struct MadeFrom
{
    enum class How : quint8 {
        Forwarded, ///< by a person, in the composer
        ForwardedByRule,
        ReleasedByRule, ///< to those that it was sent to
        Released ///< by a program or a person, to recipients of their own
    };
    How how = How::Forwarded;
    MessageId message; ///< where it was then; a move keeps its unique name. Null: no mailbox here kept it
    QByteArray messageId; ///< its Message-ID without angle brackets; empty when it had none
    QString rule; ///< the name of the rule that did it

    friend bool operator==(const MadeFrom &, const MadeFrom &) = default;
};

} // namespace glasspost::mail
