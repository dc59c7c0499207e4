#pragma once

#include "mail/journey/comparison.h"

namespace glasspost::mail {

/// A row for each thing that was found out of either session: host, address, TLS, sign-in. Null: there is no
/// such session on that side, and then nothing is a difference.
[[nodiscard]] QList<ComparisonRow> factRows(const ComparedSession *left, const ComparedSession *right);

} // namespace glasspost::mail
