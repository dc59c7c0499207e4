#pragma once

#include "mail/base/error.h"

#include <QString>

namespace glasspost::ui {

/// One clear sentence or two: what happened, to what, and what can be done now.
QString errorText(const mail::Error &error);

} // namespace glasspost::ui
