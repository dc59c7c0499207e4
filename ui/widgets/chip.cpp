#include "ui/widgets/chip.h"

#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int iconSide = 14;

QFont chipFont(const QFont &font)
{
    QFont small = font;
    if (small.pointSizeF() > 0)
        small.setPointSizeF(small.pointSizeF() * 0.9);
    return small;
}

void paintGround(QPainter *painter, const QRect &rect, const QColor &fill, const QColor &line)
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(line);
    painter->setBrush(fill);
    const QRectF inner = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter->drawRoundedRect(inner, inner.height() / 2, inner.height() / 2);
}

} // namespace

QSize chipSize(const QFont &font, const QString &text)
{
    const QFontMetrics metrics(chipFont(font));
    return {metrics.horizontalAdvance(text) + 2 * space::one, metrics.height() + space::half};
}

ChipColors chipColors(const QPalette &palette, Tone tone)
{
    return {toneColor(palette, tone), toneFill(palette, tone)};
}

ChipColors chipColors(const QPalette &palette, const QString &word)
{
    constexpr float saturation = 0.55F;
    constexpr float step = 0.02F;
    constexpr qreal enough = 4.5;
    const float hue = float(qChecksum(word.toCaseFolded().toUtf8())) / 65536.0F;
    const bool dark = isDark(palette);
    const QColor fill = QColor::fromHslF(hue, saturation, dark ? 0.2F : 0.92F);
    const QColor base = palette.color(QPalette::Base);
    const auto inkOf = [hue](float lightness) { return QColor::fromHslF(hue, saturation, lightness); };
    float lightness = dark ? 0.7F : 0.4F;
    while (lightness > step && lightness < 1 - step
        && std::min(contrast(inkOf(lightness), fill), contrast(inkOf(lightness), base)) < enough)
        lightness += dark ? step : -step;
    return {inkOf(lightness), fill};
}

void paintChip(QPainter *painter, const QRect &rect, const QString &text, const ChipColors &colors,
    const QPalette &palette, bool selected)
{
    painter->save();
    const QFont font = chipFont(painter->font());
    const QSize size = chipSize(painter->font(), text).boundedTo(rect.size());
    QRect place(rect.left(), rect.top() + (rect.height() - size.height()) / 2, size.width(), size.height());
    if (painter->layoutDirection() == Qt::RightToLeft)
        place.moveRight(rect.right());
    const QColor ink = selected ? palette.color(QPalette::HighlightedText) : colors.ink;
    QColor line = ink;
    line.setAlphaF(selected ? 0.7F : 0.25F);
    paintGround(painter, place, selected ? QColor(Qt::transparent) : colors.fill, line);
    painter->setFont(font);
    painter->setPen(ink);
    const int room = place.width() - 2 * space::half;
    painter->drawText(place, Qt::AlignCenter, QFontMetrics(font).elidedText(text, Qt::ElideRight, room));
    painter->restore();
}

Chip::Chip(QWidget *parent) : QAbstractButton(parent)
{
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setClickable(false);
}

void Chip::setState(const QString &text, Tone tone)
{
    m_tone = tone;
    setText(text);
    setAccessibleName(text);
    updateGeometry();
    update();
}

void Chip::setIconName(std::optional<IconName> name)
{
    m_icon = name;
    updateGeometry();
    update();
}

void Chip::setClickable(bool clickable)
{
    setFocusPolicy(clickable ? Qt::TabFocus : Qt::NoFocus);
    setAttribute(Qt::WA_TransparentForMouseEvents, !clickable);
    if (clickable)
        setCursor(Qt::PointingHandCursor);
    else
        unsetCursor();
}

QSize Chip::sizeHint() const
{
    const QSize size = chipSize(font(), text());
    return size + QSize(m_icon ? iconSide + space::half : 0, 2);
}

QSize Chip::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), 48), sizeHint().height()};
}

void Chip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor ink = toneColor(palette(), m_tone);
    QColor line = hasFocus() ? palette().color(QPalette::Highlight) : ink;
    if (!hasFocus())
        line.setAlphaF(underMouse() ? 0.6F : 0.25F);
    paintGround(&painter, rect(), toneFill(palette(), m_tone), line);
    QRect inner = rect().adjusted(space::one, 0, -space::one, 0);
    if (m_icon) {
        const QRect place(inner.left(), inner.top() + (inner.height() - iconSide) / 2, iconSide, iconSide);
        paintIcon(&painter, QStyle::visualRect(layoutDirection(), inner, place), *m_icon, ink);
        const int taken = iconSide + space::half;
        inner = layoutDirection() == Qt::RightToLeft ? inner.adjusted(0, 0, -taken, 0)
                                                     : inner.adjusted(taken, 0, 0, 0);
    }
    painter.setFont(chipFont(font()));
    painter.setPen(ink);
    const Qt::Alignment side = QStyle::visualAlignment(layoutDirection(), Qt::AlignLeading);
    painter.setLayoutDirection(Qt::LayoutDirectionAuto); // "3 waiting" is read from its first letter on
    painter.drawText(inner, int(Qt::AlignVCenter | side | Qt::AlignAbsolute),
        QFontMetrics(painter.font()).elidedText(text(), Qt::ElideRight, inner.width() + 2));
}

} // namespace glasspost::ui
