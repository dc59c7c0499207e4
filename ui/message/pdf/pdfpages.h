#pragma once

#include "ui/message/pdfrequest.h"

namespace glasspost::ui {

/// The first pages on white paper, a line between them; null for what is no PDF, is damaged, or asks for a
/// password.
[[nodiscard]] QImage drawn(const PdfRequest &request);

} // namespace glasspost::ui
