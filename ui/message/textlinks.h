#pragma once

#include <QString>

class QTextBlock;

namespace glasspost::ui {

/// The link at that place of a block of prose, its ends included; empty where there is none.
[[nodiscard]] QString linkIn(const QTextBlock &block, int position);

} // namespace glasspost::ui
