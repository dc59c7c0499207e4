#pragma once

#include <QProxyStyle>

namespace glasspost::ui {

/// Fusion without its gradients and bevels: flat buttons and fields with a hairline and small round corners,
/// underlined tabs, hairline splitters. Colours from the palette alone.
class PostStyle : public QProxyStyle
{
    Q_OBJECT
public:
    explicit PostStyle(QStyle *base);

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
        const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
        const QWidget *widget) const override;
    [[nodiscard]] QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
        const QWidget *widget) const override;
    [[nodiscard]] int pixelMetric(
        PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    [[nodiscard]] int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
        QStyleHintReturn *returnData) const override;
};

} // namespace glasspost::ui
