#pragma once

#include <QString>
#include <QStringView>

#include <optional>

namespace glasspost::mail {

/// A color that covers what is behind it, 0 to 255 each.
struct SolidColor
{
    int red = 0, green = 0, blue = 0;

    [[nodiscard]] QString name() const; ///< "#1a2b3c"
    friend bool operator==(const SolidColor &, const SolidColor &) = default;
};

/// Of CSS or of an attribute: "#abc", "#aabbcc", "rgb(1, 2, 3)", and the names that mail uses. Nothing where
/// it is another form, or lets something through.
std::optional<SolidColor> solidColor(QStringView text);
/// WCAG 2.1, 1.4.3: from 1, the same color, to 21.
double contrastRatio(const SolidColor &one, const SolidColor &other);

} // namespace glasspost::mail
