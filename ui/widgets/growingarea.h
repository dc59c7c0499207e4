#pragma once

#include <QScrollArea>

namespace glasspost::ui {

/// As tall as its content is at its width, up to so many pixels; what is taller scrolls. A layout gives it no
/// less than that.
class GrowingArea : public QScrollArea
{
    Q_OBJECT
public:
    /// Takes the content, whose layout has a height for its width.
    GrowingArea(QWidget *content, int tallest, QWidget *parent = nullptr);
    void setTallest(int tallest);

    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 0}; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    int m_tallest;
};

} // namespace glasspost::ui
