#pragma once

#include "mail/base/octetsreader.h"

#include <QString>

#include <sys/types.h>

namespace glasspost::mail {

/// Puts octets into a new file in the folder and gives its path: under that name, or "name (2).ext" and on
/// where something stands already. It appears there whole or not at all; nothing is ever replaced, whoever
/// else writes there at the same time.
Result<QString> writeFreeFile(
    const QString &folder, const QString &name, const OctetPieces &pieces, mode_t mode);

/// The same into a new folder of its own within the folder, which is made where need be: readable for the
/// user alone, under the very name.
Result<QString> writePrivateCopy(const QString &folder, const QString &name, const OctetPieces &pieces);

} // namespace glasspost::mail
