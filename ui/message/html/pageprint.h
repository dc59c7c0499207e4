#pragma once

#include "mail/base/error.h"
#include "ui/message/html/pagepainter.h"

class QPagedPaintDevice;

namespace glasspost::ui {

// Onto paper: as wide as that is within its margins, in the page's own colours; no line of text is cut in two
// where that can be avoided. On a thread of the pool: a long page takes its time.

mail::Result<void> print(const Page &page, const PictureImages &pictures, QPagedPaintDevice &device);
/// Into a file, for A4.
mail::Result<void> savePdf(const Page &page, const PictureImages &pictures, const QString &path);

} // namespace glasspost::ui
