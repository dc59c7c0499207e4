#pragma once

#include "mail/base/error.h"
#include "mail/settings/settings.h"

#include <QString>

namespace glasspost::mail {

/// settings.ini in the data folder: readable and editable by hand. Reads and writes the disk: not for the GUI
/// thread. A file that lacks keys gives their defaults; a value that makes no sense is an error that names
/// the key. NotFound when there is none yet.
Result<Settings> loadSettings(const QString &dataFolder);
/// Whole or not at all, mode 0600.
Result<void> saveSettings(const QString &dataFolder, const Settings &settings);

} // namespace glasspost::mail
