#include "ui/message/html/pagecolors.h"

#include "ui/theme/theme.h"

namespace glasspost::ui {

namespace {

constexpr QRgb darkPaper = 0xff121212;
constexpr int halvings = 12; // to find a lightness: finer than eight bits

} // namespace

QRgb darkened(QRgb color)
{
    const QColor sent(color);
    const qreal wanted = contrast(sent, Qt::white) * contrast(QColor(darkPaper), Qt::black); // against black
    float low = 0, high = 1;
    QColor found;
    for (int i = 0; i < halvings; ++i) {
        const float lightness = (low + high) / 2;
        found = QColor::fromHslF(qMax(0.0f, sent.hslHueF()), sent.hslSaturationF(), lightness);
        (contrast(found, Qt::black) < wanted ? low : high) = lightness;
    }
    return (found.rgb() & RGB_MASK) | (color & ~RGB_MASK);
}

} // namespace glasspost::ui
