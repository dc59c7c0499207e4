#pragma once

#include "mail/message/messageview.h"
#include "ui/message/html/pagepainter.h"

namespace glasspost::ui {

/// A picture's file, by the name that the page has for it.
using PictureFiles = QHash<QString, QByteArray>;

/// Those that came with the message or are part of its HTML.
[[nodiscard]] PictureFiles picturesOf(const mail::HtmlPage &page);
[[nodiscard]] QString remotePictureName(int number);

// On a thread of the pool: files are read whole or decoded. Nothing but plain pictures: an SVG is a document
// that names files.

[[nodiscard]] PictureSizes sizesOf(const PictureFiles &files);
/// As "data:image/..." addresses, those that are pictures.
[[nodiscard]] QHash<QString, QString> addressesOf(const PictureFiles &files);
/// Those of bounded size, made smaller where they are larger than they could be shown.
[[nodiscard]] PictureImages decoded(const PictureFiles &files);

} // namespace glasspost::ui
