#pragma once

namespace glasspost::ui {

/// How elements look where a message says nothing: CSS 2.1's appendix D, and what HTML's section 15
/// ("Rendering") says of attributes that litehtml leaves to the style sheet.
extern const char *const pageStyleSheet;

} // namespace glasspost::ui
