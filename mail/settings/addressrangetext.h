#pragma once

#include "smtp/syntax/addressrange.h"

#include <QString>

#include <optional>

namespace glasspost::mail {

/// "192.0.2.0/24", or an address alone, as settings and command line have it; nothing for any other text.
std::optional<smtp::AddressRange> addressRangeFrom(const QString &text);

} // namespace glasspost::mail
