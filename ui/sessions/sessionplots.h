#pragma once

#include "ui/sessions/sessionseries.h"

#include <QWidget>

namespace glasspost::ui {

/// Five small plots of sessions over time, side by side, drawn in the palette's colors: a bar for each
/// stretch of time. The pointer over a bar, or the arrow keys, say its values; a screen reader gets the same
/// sentence. GUI thread.
class SessionPlots : public QWidget
{
    Q_OBJECT
public:
    explicit SessionPlots(QWidget *parent = nullptr);

    void setSeries(const SessionSeries &series);
    [[nodiscard]] const SessionSeries &series() const { return m_series; }
    /// The stretch that the keys are at; -1 for none.
    [[nodiscard]] int current() const { return m_current; }
    /// That under a point of the widget; -1 for none.
    [[nodiscard]] int bucketAt(const QPoint &point) const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QRect plotRect(int plot) const; ///< title and bars
    [[nodiscard]] QRect barsRect(int plot) const;
    [[nodiscard]] QRectF barRect(const QRect &bars, int bucket, double share) const;
    void paintPlot(QPainter &painter, SeriesValue value) const;
    void setCurrent(int bucket);

    SessionSeries m_series;
    int m_current = -1;
};

} // namespace glasspost::ui
