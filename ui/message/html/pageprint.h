#pragma once

#include "mail/base/error.h"
#include "ui/message/html/pagepainter.h"

namespace glasspost::ui {

/// Prints a page into a file as PDF, as wide as the paper (A4) with its margins, in its own colours; no line
/// of text is cut in two where that can be avoided. On a thread of the pool: a long page takes its time.
mail::Result<void> savePdf(const Page &page, const PictureImages &pictures, const QString &path);

} // namespace glasspost::ui
