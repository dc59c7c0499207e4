#pragma once

#include "mail/checks/htmldocument.h"

#include <QHash>
#include <QString>

namespace glasspost::mail {

/// How often HTML uses something, and where first.
struct MarkUse
{
    int count = 0;
    qsizetype begin = 0; ///< in the HTML, in characters

    friend bool operator==(const MarkUse &, const MarkUse &) = default;
};

/// What HTML uses, by the marks of resources/caniemail/renew.py:
///   "element NAME", "attribute NAME", "type button=submit", "image EXTENSION" ("data" of a data: URL), "link
///   #", "link mailto", "meta color-scheme", "doctype html", "comment html", "comment css", "property NAME",
///   "value PROPERTY:KEYWORD", "function NAME", "unit UNIT" ("%" too), "keyword NAME", "important",
///   "variable", "at NAME", "media FEATURE", "selector X" (type, class, id, *, [], >, +, ~, descendant, ",",
///   chaining), "pseudo NAME" of classes and elements, "nesting".
using FeatureMarks = QHash<QString, MarkUse>;

FeatureMarks featureMarks(const HtmlDocument &document);
/// Those of a style sheet, or of the declarations of a style attribute.
enum class CssForm { StyleSheet, Declarations };
void addCssMarks(FeatureMarks &marks, QStringView css, CssForm form, qsizetype begin);

} // namespace glasspost::mail
