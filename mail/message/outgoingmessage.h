#pragma once

#include "mail/base/messageoctets.h"
#include "smtp/syntax/envelope.h"

#include <QIODevice>

#include <memory>

namespace glasspost::mail {

/// A whole message that somebody gave, as it leaves.
struct OutgoingMessage
{
    /// Without its Bcc and Resent-Bcc fields, and without the line "From ..." that an mbox or git puts first.
    /// Lines end in LF; in a BINARYMIME message in CRLF, but for those of its binary parts, which are kept.
    MessageOctets octets;
    smtp::BodyType body = smtp::BodyType::SevenBit; ///< BINARYMIME when a part says that it is binary, and is
};

/// Reads the message in one pass, a second one when it has binary parts; memory stays flat. NotAMessage, and
/// in systemText why, when no header stands first, or one that could hide a field from us and not from
/// others: with a bare CR amid other line ends, or with NUL. A header whose lines all end in CR is read as
/// such. message can seek. A large one is written to a file in spoolFolder. Blocks on the disk.
Result<OutgoingMessage> prepareOutgoing(QIODevice &message, const QString &spoolFolder);

/// The octets, open for reading. They outlive the device.
std::unique_ptr<QIODevice> deviceOver(const MessageOctets &octets);

} // namespace glasspost::mail
