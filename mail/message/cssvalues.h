#pragma once

#include "mail/message/csscleaner.h"
#include "mail/message/csstokens.h"

#include <QList>

namespace glasspost::mail {

using CssTokenList = QList<CssToken>;

/// The value of a declaration as it may stay, written from its tokens; empty when one of them may not.
QString cleanCssValue(const QString &property, const CssTokenList &value, const PictureNaming &pictures);
/// Whether declarations of that name may stay.
bool isCssPropertyAllowed(const QString &property);
/// A list of selectors without those that may not stay; empty when none may.
QString cleanCssSelectors(const CssTokenList &prelude);
/// The queries of @media: those that can hold on a screen in that scheme; empty when none can.
QString cleanMediaQueries(const CssTokenList &prelude, ColorScheme scheme);

/// A name of ASCII letters, digits, "-" and "_", not too long: what need not be escaped.
bool isCssName(QStringView text);
/// Between separators that stand outside of brackets.
QList<CssTokenList> splitCss(const CssTokenList &tokens, char16_t separator);
/// Without blanks at its ends.
CssTokenList trimmedCss(CssTokenList tokens);

} // namespace glasspost::mail
