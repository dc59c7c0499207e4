#include "ui/message/html/page.h"

namespace glasspost::ui {

QFont PageFont::font() const
{
    QFont font(families);
    font.setPixelSize(qBound(1, pixelSize, 1000));
    font.setWeight(QFont::Weight(qBound(1, weight, 1000)));
    font.setItalic(isItalic);
    font.setUnderline(isUnderlined);
    font.setStrikeOut(isStruckOut);
    font.setOverline(isOverlined);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

} // namespace glasspost::ui
