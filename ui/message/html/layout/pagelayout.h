#pragma once

#include "ui/message/html/page.h"

namespace glasspost::ui {

/// Lays a page out with litehtml; none when there is more on it than a Page may hold. Takes as long and as
/// much memory as the message makes it take: it runs in a process that is given up when that is too much.
/// Needs a QGuiApplication.
[[nodiscard]] std::optional<Page> layOut(const PageRequest &request);

} // namespace glasspost::ui
