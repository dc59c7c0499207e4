#pragma once

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>

#include <optional>

namespace glasspost::ui {

/// A state in two or three words, with what its colour means.
struct StateChip
{
    QString text;
    Tone tone = Tone::Neutral;

    friend bool operator==(const StateChip &, const StateChip &) = default;
};

/// A small rounded label whose colour shows a state. As a widget it can be clicked (and takes the focus) when
/// it was given a menu or its clicked() is of use: see setClickable().
class Chip : public QAbstractButton
{
    Q_OBJECT
public:
    explicit Chip(QWidget *parent = nullptr);

    void setState(const QString &text, Tone tone);
    void setIconName(std::optional<IconName> name);
    void setClickable(bool clickable);
    [[nodiscard]] Tone tone() const { return m_tone; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Tone m_tone = Tone::Neutral;
    std::optional<IconName> m_icon;
};

struct ChipColors
{
    QColor ink;
    QColor fill;
};
[[nodiscard]] ChipColors chipColors(const QPalette &palette, Tone tone);
/// Of a word: a hue of its own, the same everywhere, as far as two words have two. 4.5:1 or more on its fill
/// and on Base.
[[nodiscard]] ChipColors chipColors(const QPalette &palette, const QString &word);

/// For delegates.
QSize chipSize(const QFont &font, const QString &text);
/// Draws at the rectangle's leading edge, elided when it is too narrow. selected: on the accent colour.
void paintChip(QPainter *painter, const QRect &rect, const QString &text, const ChipColors &colors,
    const QPalette &palette, bool selected = false);

} // namespace glasspost::ui
