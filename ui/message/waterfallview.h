#pragma once

#include "ui/message/waterfall.h"

#include <QWidget>

namespace glasspost::ui {

/// The waterfall of a message: a row a stage, bars to scale on the one axis of all attempts. A bar that is
/// filled is work here, one that is an outline waiting for the other end, a half filled one either. Below the
/// ticks stands how long each folded gap truly is, and so does it under the pointer. As high as its rows: it
/// lies in a scroll area, and paints what is seen. Up and Down go from row to row, Left and Right move what
/// is zoomed, plus, minus and 0 (or Ctrl and the wheel) zoom, Enter shows the lines that were said, Ctrl+C
/// copies all as text.
class WaterfallView : public QWidget
{
    Q_OBJECT
public:
    explicit WaterfallView(const QList<WaterfallRow> &rows, QWidget *parent = nullptr);

    [[nodiscard]] int currentRow() const { return m_current; } ///< -1: none
    void setCurrentRow(int row);
    /// The row in which that was said becomes the current one; false when there is none.
    bool showMoment(const QByteArray &sessionId, qint64 at);
    [[nodiscard]] double zoom() const { return m_zoom; }
    /// Where that row's bar is, in the widget.
    [[nodiscard]] QRect barOf(int row) const;
    [[nodiscard]] int rowAt(int y) const; ///< -1: none
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void linesRequested(const QByteArray &sessionId, qint64 at);
    void becameCurrent(const QRect &row); ///< to be scrolled to

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    [[nodiscard]] int rowHeight() const;
    [[nodiscard]] int axisHeight() const;
    [[nodiscard]] int labelWidth() const;
    [[nodiscard]] QRect rowRect(int row) const;
    [[nodiscard]] QRect chartRect() const;
    [[nodiscard]] int xOf(qint64 place) const; ///< of the axis, before mirroring
    [[nodiscard]] QRect mirrored(const QRect &rect) const;
    [[nodiscard]] QString foldTextAt(const QPoint &position) const; ///< empty: no fold is there
    void paintAxis(QPainter &painter);
    void paintFolds(QPainter &painter);
    void paintTicks(QPainter &painter);
    void paintRow(QPainter &painter, int row);
    void paintBar(QPainter &painter, const WaterfallRow &row, const QRect &bar);
    void zoomTo(double zoom, qint64 around);
    void moveBy(double part);
    void ask(int row);
    void hover(int row);

    QList<WaterfallRow> m_rows;
    FoldedAxis m_axis;
    int m_current = -1;
    int m_hovered = -1;
    double m_zoom = 1; ///< so many times the width
    qint64 m_left = 0; ///< what lies at the beginning of the chart, of the axis
};

} // namespace glasspost::ui
