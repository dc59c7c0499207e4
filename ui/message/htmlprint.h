#pragma once

#include "ui/message/html/htmlview.h"

namespace glasspost::ui {

/// HTML that goes onto paper, with what was read of its pictures.
struct PrintedHtml
{
    QString html, styleSheet; ///< as in mail::HtmlPage
    PagePictures pictures;
    PictureImages images;
};

/// Lays all of it out, a page of bounded size (mail::HtmlPages) after another, and paints each below the one
/// before; one that cannot be laid out goes onto paper as text. The view, which is not seen, does that and is
/// destroyed at the end. GUI thread.
[[nodiscard]] mail::Task<void> print(
    const PrintedHtml &printed, HtmlView *view, const std::shared_ptr<Sheets> &sheets);

} // namespace glasspost::ui
