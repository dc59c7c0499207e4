#pragma once

#include "mail/message/csscleaner.h"
#include "mail/message/messageview.h"

#include <QSet>
#include <QString>

namespace glasspost::mail {

/// Mail HTML made safe to show: an allow-list of elements, attributes and CSS; no script, form, frame or any
/// reference that would be fetched; links kept as text and href for http, https and mailto alone. Numbers,
/// depth and tables in tables are bounded. Pictures go by the names of HtmlPage; those of the message stay
/// when their Content-ID is among those given. Appends to the page, which is in quirks mode once any of it
/// is. Linear in the size of its input, never recursive.
void cleanInto(HtmlPage &page, const QString &html, const QSet<QString> &contentIds,
    ColorScheme scheme = ColorScheme::Light);
/// What was cleaned, cleaned once more with other names for its pictures: markup, style
/// sheet and mode, no lists.
HtmlPage withPicturesNamed(const HtmlPage &page, const PictureNaming &naming);
/// The markup alone, with the message's own pictures and without style sheet.
QString cleanHtml(const QString &html, const QSet<QString> &contentIds = {});
enum class LinkTargets { Written, LeftOut };
/// The text of HTML for reading and searching; what links lead to is written behind their words.
QString htmlToText(const QString &html, LinkTargets targets = LinkTargets::Written);

} // namespace glasspost::mail
