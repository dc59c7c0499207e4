#include "mail/checks/contrast.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace glasspost::mail {

namespace {

const QHash<QString, int> &namedColors()
{
    static const QHash<QString, int> colors = {{QStringLiteral("black"), 0x000000},
        {QStringLiteral("white"), 0xFFFFFF}, {QStringLiteral("red"), 0xFF0000},
        {QStringLiteral("green"), 0x008000}, {QStringLiteral("blue"), 0x0000FF},
        {QStringLiteral("yellow"), 0xFFFF00}, {QStringLiteral("lime"), 0x00FF00},
        {QStringLiteral("aqua"), 0x00FFFF}, {QStringLiteral("cyan"), 0x00FFFF},
        {QStringLiteral("fuchsia"), 0xFF00FF}, {QStringLiteral("magenta"), 0xFF00FF},
        {QStringLiteral("silver"), 0xC0C0C0}, {QStringLiteral("gray"), 0x808080},
        {QStringLiteral("grey"), 0x808080}, {QStringLiteral("maroon"), 0x800000},
        {QStringLiteral("olive"), 0x808000}, {QStringLiteral("navy"), 0x000080},
        {QStringLiteral("purple"), 0x800080}, {QStringLiteral("teal"), 0x008080},
        {QStringLiteral("orange"), 0xFFA500}, {QStringLiteral("pink"), 0xFFC0CB},
        {QStringLiteral("gold"), 0xFFD700}, {QStringLiteral("brown"), 0xA52A2A},
        {QStringLiteral("tomato"), 0xFF6347}, {QStringLiteral("lightgray"), 0xD3D3D3},
        {QStringLiteral("lightgrey"), 0xD3D3D3}, {QStringLiteral("darkgray"), 0xA9A9A9},
        {QStringLiteral("darkgrey"), 0xA9A9A9}, {QStringLiteral("dimgray"), 0x696969},
        {QStringLiteral("whitesmoke"), 0xF5F5F5}, {QStringLiteral("lightblue"), 0xADD8E6}};
    return colors;
}

SolidColor ofNumber(int number)
{
    return {number >> 16 & 0xFF, number >> 8 & 0xFF, number & 0xFF};
}

std::optional<SolidColor> ofDigits(QString digits)
{
    if (digits.size() == 3)
        digits = QString(2, digits.at(0)) + QString(2, digits.at(1)) + QString(2, digits.at(2));
    bool isNumber = false;
    const uint number = digits.toUInt(&isNumber, 16);
    return isNumber && digits.size() == 6 ? std::optional(ofNumber(int(number))) : std::nullopt;
}

/// Of one part of a color (WCAG 2.1, "relative luminance").
double linear(int value)
{
    const double part = value / 255.0;
    return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
}

double luminance(const SolidColor &color)
{
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
}

} // namespace

QString SolidColor::name() const
{
    return QStringLiteral("#%1").arg(red << 16 | green << 8 | blue, 6, 16, QLatin1Char('0'));
}

std::optional<SolidColor> solidColor(QStringView text)
{
    const QString word = text.left(100).toString().trimmed().toLower();
    if (word.startsWith(u'#'))
        return ofDigits(word.mid(1));
    static const QRegularExpression rgb(QStringLiteral(
        "^rgba?\\(\\s*(\\d{1,3})[\\s,]+(\\d{1,3})[\\s,]+(\\d{1,3})\\s*([,/]\\s*1(\\.0+)?\\s*)?\\)$"));
    if (const QRegularExpressionMatch match = rgb.match(word); match.hasMatch())
        return SolidColor{std::min(match.captured(1).toInt(), 255), std::min(match.captured(2).toInt(), 255),
            std::min(match.captured(3).toInt(), 255)};
    const auto named = namedColors().constFind(word);
    return named == namedColors().cend() ? std::nullopt : std::optional(ofNumber(*named));
}

double contrastRatio(const SolidColor &one, const SolidColor &other)
{
    const double brightness[] = {luminance(one), luminance(other)};
    return (std::max(brightness[0], brightness[1]) + 0.05) / (std::min(brightness[0], brightness[1]) + 0.05);
}

} // namespace glasspost::mail
