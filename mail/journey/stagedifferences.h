#pragma once

#include "mail/journey/comparison.h"

namespace glasspost::mail {

/// Equal for two stages that mean the same: their kind, verb and recipient.
[[nodiscard]] QByteArray meaningOf(const smtp::TracedStage &stage);
/// In what both stages of the row differ, and which extensions of EHLO only one of them has.
void addStageDifferences(ComparisonRow &row);

} // namespace glasspost::mail
