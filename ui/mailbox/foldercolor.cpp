#include "ui/mailbox/foldercolor.h"

#include "ui/theme/theme.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

struct FolderColor
{
    const char *name;
    const char *title;
    QRgb color;
};
constexpr std::array folderColors = {
    FolderColor{"red", QT_TRANSLATE_NOOP("FolderColor", "Red"), 0xd13438},
    FolderColor{"orange", QT_TRANSLATE_NOOP("FolderColor", "Orange"), 0xe36a12},
    FolderColor{"yellow", QT_TRANSLATE_NOOP("FolderColor", "Yellow"), 0xc99a00},
    FolderColor{"green", QT_TRANSLATE_NOOP("FolderColor", "Green"), 0x3f9b4b},
    FolderColor{"teal", QT_TRANSLATE_NOOP("FolderColor", "Teal"), 0x12959b},
    FolderColor{"blue", QT_TRANSLATE_NOOP("FolderColor", "Blue"), 0x2b7bd6},
    FolderColor{"purple", QT_TRANSLATE_NOOP("FolderColor", "Purple"), 0x8b5bd0},
    FolderColor{"pink", QT_TRANSLATE_NOOP("FolderColor", "Pink"), 0xd6559b},
};

const FolderColor *namedColor(const QString &color)
{
    const auto *const found = std::find_if(folderColors.begin(), folderColors.end(),
        [&color](const FolderColor &one) { return color == QLatin1String(one.name); });
    return found == folderColors.end() ? nullptr : found;
}

} // namespace

QColor folderMarkColor(const QString &color, const QColor &ground)
{
    constexpr qreal enough = 3;
    constexpr float step = 0.02F;
    const FolderColor *named = namedColor(color);
    const QColor asked = named != nullptr ? QColor(named->color) : QColor(color);
    const bool isGroundDark = contrast(Qt::white, ground) > contrast(Qt::black, ground);
    const float hue = std::max(0.0F, asked.hslHueF()); // gray has none
    QColor mark = asked;
    for (float lightness = asked.lightnessF();
         contrast(mark, ground) < enough && lightness > 0 && lightness < 1;) {
        lightness = std::clamp(lightness + (isGroundDark ? step : -step), 0.0F, 1.0F);
        mark = QColor::fromHslF(hue, asked.hslSaturationF(), lightness);
    }
    return contrast(mark, ground) < enough ? QColor(isGroundDark ? Qt::white : Qt::black) : mark;
}

QString folderColorTitle(const QString &color)
{
    const FolderColor *named = namedColor(color);
    return named != nullptr ? QCoreApplication::translate("FolderColor", named->title) : color;
}

} // namespace glasspost::ui
