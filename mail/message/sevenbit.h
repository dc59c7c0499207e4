#pragma once

#include <QByteArray>

#include <optional>

namespace glasspost::mail {

/// The same message with every 8-bit part in quoted-printable or base64 and 8-bit header text encoded, for a
/// server without 8BITMIME (C36): multiparts kept, signed parts never touched. Nothing when that cannot be
/// done.
std::optional<QByteArray> toSevenBit(const QByteArray &message);

} // namespace glasspost::mail
