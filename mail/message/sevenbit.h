#pragma once

#include "mail/base/messageoctets.h"

#include <QDir>

#include <stop_token>

namespace glasspost::mail {

/// The same message with every 8-bit or binary part in quoted-printable or base64 and 8-bit header text
/// encoded, for a server without 8BITMIME or BINARYMIME (C36): multiparts kept, signed parts never touched. A
/// binary part keeps its octets, line ends among them. NotAMessage when it cannot be done. A large one is
/// written to a file in folder.
Result<MessageOctets> toSevenBit(const MessageOctets &message, const QString &folder = QDir::tempPath());
/// The same for a message on its way out: fails soon after the stop is requested, and what it writes need not
/// survive a crash.
Result<MessageOctets> fileToSevenBit(const QString &path, const QString &folder, const std::stop_token &stop);

/// Whether a part says "Content-Transfer-Encoding: binary" and would not survive a change of its line ends
/// (RFC 2045 2.9). Texts that say so and are plain lines would.
[[nodiscard]] Result<bool> hasBinaryParts(const MessageOctets &message);
/// The message as BINARYMIME sends it (RFC 3030 3): binary parts as they are, every other line ended by CRLF.
Result<MessageOctets> toBinaryMime(const MessageOctets &message, const QString &folder);

} // namespace glasspost::mail
