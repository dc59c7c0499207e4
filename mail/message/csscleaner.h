#pragma once

#include <QString>
#include <QStringView>

#include <functional>

namespace glasspost::mail {

/// The colors that a page is to be shown in, as its rules ask for them (Media Queries 5, 12.5).
enum class ColorScheme { Light, Dark };

/// What a reference to a picture is called in what is cleaned; empty when it is not shown.
using PictureNaming = std::function<QString(const QString &reference)>;

/// The declarations of a style attribute: those of an allow-list of properties whose values are words,
/// bounded numbers, colours, and pictures that have a name. Nothing else is fetched or placed by them: no
/// position, no content, no custom property. Linear in the size of its input.
QString cleanDeclarations(QStringView style, const PictureNaming &pictures);

/// The rules of a style sheet, likewise: selectors by element, class, id, attribute and order; @media by
/// type and width; of those by color scheme what asks for this one stays, which is the light one where mail
/// is shown in its own colours on white paper. Every other rule that begins with "@" is left out, @import and
/// @font-face among them.
QString cleanStyleSheet(
    QStringView css, const PictureNaming &pictures, ColorScheme scheme = ColorScheme::Light);

} // namespace glasspost::mail
