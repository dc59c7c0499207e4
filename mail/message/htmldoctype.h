#pragma once

#include <QStringView>

namespace glasspost::mail {

/// Whether browsers lay the HTML out as they did before the standards, in quirks mode (HTML 13.2.6.4.1): it
/// has no doctype before all else, or one that is malformed or of the HTML before 4.01. Linear in what comes
/// before the doctype.
[[nodiscard]] bool asksForQuirks(QStringView html);

} // namespace glasspost::mail
