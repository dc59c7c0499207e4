#pragma once

#include "mail/message/messageview.h"
#include "ui/message/html/pagepainter.h"

#include <stop_token>

namespace glasspost::ui {

/// A picture's file, by the name that the page has for it.
using PictureFiles = QHash<QString, QByteArray>;

/// Those that are pictures, for engines that only need their places and for one that paints them itself.
struct PagePictures
{
    PictureFiles files;
    PictureSizes sizes; ///< of those that can be shown

    friend bool operator==(const PagePictures &, const PagePictures &) = default;
};

/// Those that came with the message or are part of its HTML.
[[nodiscard]] PictureFiles picturesOf(const mail::HtmlPage &page);
[[nodiscard]] QString remotePictureName(int number);

// On a thread of the pool: files are read whole or decoded. Nothing but plain pictures: an SVG is a document
// that names files.

[[nodiscard]] PictureSizes sizesOf(const PictureFiles &files);
/// As "data:image/..." addresses, those that are pictures.
[[nodiscard]] QHash<QString, QString> addressesOf(const PictureFiles &files);
/// The page as a document that needs nothing else, for an engine that is a browser (mail::browserPage()).
[[nodiscard]] QByteArray documentOf(
    const QString &html, const QString &styleSheet, const PagePictures &pictures);
/// Those of bounded size, made smaller where they are larger than they could be shown. None once it is told
/// to stop, which it looks for between two pictures.
[[nodiscard]] PictureImages decoded(const PictureFiles &files, const std::stop_token &stop = {});

} // namespace glasspost::ui
