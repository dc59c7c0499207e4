#pragma once

#include "mail/maildir/messageid.h"

#include <QByteArray>

namespace glasspost::mail {

/// What other programs note in a message's own header: Status and X-Status (mutt, Dovecot, c-client),
/// X-Mozilla-Status (Thunderbird), X-Gmail-Labels (Google Takeout).
MessageFlags notedFlags(const QByteArray &header);

/// The header without the fields that are the file's own and not the sender's: Status, X-Status,
/// X-Mozilla-Status, X-Mozilla-Status2. Labels stay, for they say more than flags do.
QByteArray withoutStatus(const QByteArray &header);

} // namespace glasspost::mail
