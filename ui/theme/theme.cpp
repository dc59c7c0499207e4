#include "ui/theme/theme.h"

#include "mail/settings/settings.h"
#include "ui/theme/glasspoststyle.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QStyleFactory>

#include <cmath>
#include <memory>
#include <utility>

namespace glasspost::ui {

namespace {

QColor mixed(const QColor &a, const QColor &b, qreal share)
{
    return QColor::fromRgbF(float(a.redF() * (1 - share) + b.redF() * share),
        float(a.greenF() * (1 - share) + b.greenF() * share),
        float(a.blueF() * (1 - share) + b.blueF() * share));
}

qreal channel(qreal value)
{
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

qreal luminance(const QColor &color)
{
    return 0.2126 * channel(color.redF()) + 0.7152 * channel(color.greenF())
        + 0.0722 * channel(color.blueF());
}

/// Moves the colour towards black or white until it can be read on both grounds.
QColor readable(QColor color, const QList<QColor> &grounds, bool dark)
{
    const QColor end = dark ? Qt::white : Qt::black;
    for (int step = 0; step < 20; ++step) {
        const bool good = std::all_of(grounds.cbegin(), grounds.cend(),
            [&color](const QColor &ground) { return contrast(color, ground) >= 4.6; });
        if (good)
            break;
        color = mixed(color, end, 0.08);
    }
    return color;
}

QColor hue(Tone tone, bool dark)
{
    switch (tone) {
    case Tone::Neutral:
        break;
    case Tone::Accepted:
        return dark ? QColor(0x5f, 0xc9, 0x7f) : QColor(0x1a, 0x7f, 0x3c);
    case Tone::Deferred:
        return dark ? QColor(0xe3, 0xb3, 0x41) : QColor(0x94, 0x5a, 0x00);
    case Tone::Refused:
        return dark ? QColor(0xff, 0x8a, 0x80) : QColor(0xc0, 0x22, 0x2b);
    case Tone::Transit:
        return dark ? QColor(0x7c, 0xb3, 0xff) : QColor(0x17, 0x5f, 0xc4);
    }
    return dark ? QColor(0xa8, 0xae, 0xb8) : QColor(0x5c, 0x63, 0x6e);
}

bool isDarkOn(const QColor &base, const QColor &text)
{
    return luminance(base) < luminance(text);
}

QPalette paletteOf(const QColor &window, const QColor &base, const QColor &text, const QColor &accent,
    const QColor &button, const QColor &onAccent)
{
    QPalette palette(button, window);
    for (const QPalette::ColorGroup group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled}) {
        const QColor ink = group == QPalette::Disabled ? mixed(text, window, 0.55) : text;
        palette.setColor(group, QPalette::Window, window);
        palette.setColor(group, QPalette::Base, base);
        palette.setColor(group, QPalette::AlternateBase, mixed(base, window, 0.6));
        palette.setColor(group, QPalette::Button, button);
        for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
            palette.setColor(group, role, ink);
        palette.setColor(group, QPalette::PlaceholderText,
            readable(mixed(text, base, 0.42), {base}, isDarkOn(base, text)));
        palette.setColor(group, QPalette::Highlight, accent);
        palette.setColor(group, QPalette::HighlightedText, onAccent);
        palette.setColor(group, QPalette::Link, accent);
        palette.setColor(group, QPalette::LinkVisited, mixed(accent, text, 0.3));
        palette.setColor(group, QPalette::ToolTipBase, mixed(text, window, 0.06));
        palette.setColor(group, QPalette::ToolTipText, window);
        palette.setColor(group, QPalette::BrightText, onAccent);
    }
    return palette;
}

} // namespace

bool isDark(const QPalette &palette)
{
    return isDarkOn(palette.color(QPalette::Base), palette.color(QPalette::Text));
}

QColor toneFill(const QPalette &palette, Tone tone)
{
    const bool dark = isDark(palette);
    return mixed(palette.color(QPalette::Base), hue(tone, dark), dark ? 0.2 : 0.11);
}

QColor toneColor(const QPalette &palette, Tone tone)
{
    const bool dark = isDark(palette);
    return readable(hue(tone, dark),
        {palette.color(QPalette::Base), palette.color(QPalette::Window), toneFill(palette, tone)}, dark);
}

QColor mutedText(const QPalette &palette)
{
    const QColor base = palette.color(QPalette::Active, QPalette::Base);
    const QColor muted = mixed(palette.color(QPalette::Active, QPalette::Text), base, 0.34);
    return readable(muted, {base, palette.color(QPalette::Active, QPalette::Window)}, isDark(palette));
}

QColor hairline(const QPalette &palette)
{
    return mixed(palette.color(QPalette::Active, QPalette::Window),
        palette.color(QPalette::Active, QPalette::WindowText), isDark(palette) ? 0.18 : 0.15);
}

QColor hoverFill(const QPalette &palette)
{
    return mixed(palette.color(QPalette::Active, QPalette::Base),
        palette.color(QPalette::Active, QPalette::Text), 0.055);
}

qreal contrast(const QColor &a, const QColor &b)
{
    const qreal one = luminance(a);
    const qreal two = luminance(b);
    return (std::max(one, two) + 0.05) / (std::min(one, two) + 0.05);
}

QFont monospaceFont(const QFont &body)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace);
    font.setPointSizeF(body.pointSizeF() > 0 ? body.pointSizeF() : 10.0);
    // Monospace faces look larger at the same point size: match the height of the letter x.
    const qreal wanted = QFontMetricsF(body).xHeight();
    const qreal had = QFontMetricsF(font).xHeight();
    if (had > 0 && wanted > 0)
        font.setPointSizeF(font.pointSizeF() * std::clamp(wanted / had, 0.85, 1.1));
    return font;
}

QFont boldFont(const QFont &body)
{
    QFont font = body;
    font.setBold(true);
    return font;
}

QFont headingFont(const QFont &body)
{
    QFont font = boldFont(body);
    font.setPointSizeF((body.pointSizeF() > 0 ? body.pointSizeF() : 10.0) * 1.3);
    return font;
}

QPalette lightPalette()
{
    return paletteOf(QColor(0xf5, 0xf6, 0xf8), Qt::white, QColor(0x1d, 0x21, 0x27), QColor(0x1f, 0x62, 0xc2),
        QColor(0xfc, 0xfc, 0xfd), Qt::white);
}

QPalette darkPalette()
{
    return paletteOf(QColor(0x20, 0x23, 0x28), QColor(0x18, 0x1a, 0x1e), QColor(0xe4, 0xe7, 0xeb),
        QColor(0x2b, 0x6c, 0xc9), QColor(0x2c, 0x30, 0x37), Qt::white);
}

void mendPlaceholders(QPalette &palette)
{
    for (const QPalette::ColorGroup group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled}) {
        const QColor base = palette.color(group, QPalette::Base);
        const QColor text = palette.color(group, QPalette::Text);
        const QColor now = palette.color(group, QPalette::PlaceholderText);
        if (contrast(mixed(base, QColor(now.rgb()), now.alphaF()), base) < 4.5)
            palette.setColor(group, QPalette::PlaceholderText,
                readable(mixed(text, base, 0.42), {base}, isDarkOn(base, text)));
    }
}

namespace {

// Qt's built-in grey is what one gets where no desktop says its colors; only that is replaced.
bool platformHasColors()
{
    static const bool has = [] {
        const std::unique_ptr<QStyle> fusion(QStyleFactory::create(QStringLiteral("Fusion")));
        const QColor window = QApplication::palette().color(QPalette::Window);
        return window != QColor(0xef, 0xef, 0xef)
            && window != fusion->standardPalette().color(QPalette::Window);
    }();
    return has;
}

void usePalette(mail::Appearance appearance)
{
    switch (appearance) {
    case mail::Appearance::System:
        QApplication::setPalette(platformHasColors() ? QPalette() : lightPalette());
        break;
    case mail::Appearance::Light:
        QApplication::setPalette(lightPalette());
        break;
    case mail::Appearance::Dark:
        QApplication::setPalette(darkPalette());
        break;
    }
}

} // namespace

void applyTheme()
{
    platformHasColors(); // before a palette of ours is set
    QApplication::setStyle(new GlasspostStyle(QStyleFactory::create(QStringLiteral("Fusion"))));
    usePalette(mail::Appearance::System);
}

void applyAppearance(mail::Appearance appearance)
{
    static mail::Appearance current = mail::Appearance::System;
    if (std::exchange(current, appearance) != appearance)
        usePalette(appearance);
}

} // namespace glasspost::ui
