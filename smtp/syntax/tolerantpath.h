#pragma once

#include "smtp/syntax/path.h"

namespace glasspost::smtp {

enum class NullPath { Allowed, Refused }; ///< "<>"

/// What PathStyle::Tolerant makes of a path that the strict grammar refuses; nothing when there is doubt
/// which address is meant. Total over any octets.
std::optional<ParsedPath> parseTolerantPath(QByteArrayView text, NullPath nullPath);

/// A character in well-formed UTF-8 that nobody sees, or that is none: format, separator, control,
/// unassigned. The two joiners are none of these, since some scripts need them (RFC 5892 A).
bool hasInvisible(QByteArrayView utf8);

} // namespace glasspost::smtp
