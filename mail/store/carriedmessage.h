#pragma once

#include "mail/base/messageoctets.h"
#include "mail/maildir/messageid.h"

namespace glasspost::mail {

/// A message on its way between a mailbox and a file of another program. Lines end in LF.
struct CarriedMessage
{
    MessageOctets octets;
    MessageFlags flags;

    friend bool operator==(const CarriedMessage &, const CarriedMessage &) = default;
};

} // namespace glasspost::mail
