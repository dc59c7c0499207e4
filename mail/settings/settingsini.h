#pragma once

#include "mail/base/error.h"
#include "mail/settings/inifile.h"
#include "mail/settings/settings.h"

namespace glasspost::mail::ini {

/// Which section and key of settings.ini holds which setting. A key that lacks has its default; one that is
/// not known, or whose value makes no sense, is an error that names it.
Result<Settings> settingsFrom(const IniFile &file);
IniFile iniFrom(Settings settings);

} // namespace glasspost::mail::ini
