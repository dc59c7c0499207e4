#pragma once

#include "ui/message/html/sheets.h"

#include <QByteArray>

namespace glasspost::ui {

/// What stands above a page of reportPage() on paper: its title.
[[nodiscard]] SheetHead reportHead(const QByteArray &page);

/// Paints such a page as a browser would print it, its tables in columns and its waterfalls as vectors. On
/// paperThread() alone. False as Sheets::next(), and where it is no such page.
[[nodiscard]] bool paintReport(const QByteArray &page, Sheets &sheets);

} // namespace glasspost::ui
