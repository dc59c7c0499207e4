#include "ui/message/waterfallview.h"

#include "ui/widgets/plaintext.h"
#include "ui/words/format.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace glasspost::ui {

namespace {

constexpr int leastBar = 3; // pixels
constexpr int widestLabels = 240;
constexpr int leastTickGap = 90;
constexpr double waterfallZoomStep = 1.5;
constexpr double mostWaterfallZoom = 1000;
constexpr double moveStep = 0.2; // of what is seen
constexpr int wheelStep = 120; // eighths of a degree

/// 1, 2 or 5 times a power of ten: at least so many microseconds.
qint64 niceStep(double least)
{
    const double power = std::pow(10.0, std::floor(std::log10(std::max(least, 1.0))));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least)
            return qint64(factor * power);
    }
    return qint64(10 * power);
}

/// Behind a fold: "24 h 0 min" where something goes on again, "+ 200 ms" after that.
QString tickText(const FoldedAxis::Tick &tick)
{
    if (tick.begun == 0 || tick.after == 0)
        return durationText(tick.begun + tick.after);
    return WaterfallView::tr("+ %1", "so long after a gap").arg(durationText(tick.after));
}

} // namespace

WaterfallView::WaterfallView(const QList<WaterfallRow> &rows, QWidget *parent)
    : QWidget(parent), m_rows(rows), m_axis(rows)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Waterfall of the delivery"));
    setAccessibleDescription(tr("%Ln row(s). Up and Down read them, Enter shows the lines that were said.",
        nullptr, int(m_rows.size())));
}

int WaterfallView::rowHeight() const
{
    return fontMetrics().height() + space::one;
}

int WaterfallView::labelWidth() const
{
    return std::min(widestLabels, width() / 3);
}

/// A line for the ticks, and one for the folds.
int WaterfallView::axisHeight() const
{
    return rowHeight() * (m_axis.folds().isEmpty() ? 1 : 2);
}

QSize WaterfallView::sizeHint() const
{
    return {widestLabels * 2, axisHeight() + rowHeight() * int(m_rows.size())};
}

QRect WaterfallView::rowRect(int row) const
{
    return {0, axisHeight() + rowHeight() * row, width(), rowHeight()};
}

QRect WaterfallView::chartRect() const
{
    return {labelWidth(), 0, std::max(1, width() - labelWidth() - space::one), height()};
}

int WaterfallView::rowAt(int y) const
{
    const int row = (y - axisHeight()) / rowHeight();
    return y >= axisHeight() && row < m_rows.size() ? row : -1;
}

int WaterfallView::xOf(qint64 place) const
{
    const QRect chart = chartRect();
    const double part = double(place - m_left) * m_zoom / double(m_axis.length());
    return chart.left() + int(std::lround(std::clamp(part, -1.0, 2.0) * chart.width()));
}

QRect WaterfallView::mirrored(const QRect &rect) const
{
    return QStyle::visualRect(layoutDirection(), this->rect(), rect);
}

QRect WaterfallView::barOf(int row) const
{
    const WaterfallRow &one = m_rows[row];
    const int from = xOf(m_axis.place(one.from));
    const int to = std::max(from + leastBar, xOf(m_axis.place(one.to)));
    const QRect place = rowRect(row);
    return mirrored({from, place.top() + space::half, to - from, place.height() - space::one})
        .intersected(mirrored(chartRect()));
}

void WaterfallView::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(event->rect(), palette().color(QPalette::Base));
    paintAxis(painter);
    const int first = std::max(0, (event->rect().top() - axisHeight()) / rowHeight());
    const int last = std::min(int(m_rows.size()) - 1, (event->rect().bottom() - axisHeight()) / rowHeight());
    for (int row = first; row <= last; ++row)
        paintRow(painter, row);
}

void WaterfallView::paintAxis(QPainter &painter)
{
    painter.save();
    painter.setClipRect(mirrored(chartRect()));
    paintFolds(painter);
    paintTicks(painter);
    painter.restore();
}

/// Each with its true length above it, where there is room for it.
void WaterfallView::paintFolds(QPainter &painter)
{
    const QRect chart = chartRect();
    int free = chart.left();
    for (const FoldedAxis::Fold &fold : m_axis.folds()) {
        const int from = xOf(fold.at);
        const int to = std::max(from + 1, xOf(fold.at + fold.width));
        painter.fillRect(mirrored({from, axisHeight(), to - from, height() - axisHeight()}),
            QBrush(hairline(palette()), Qt::BDiagPattern));
        const QString text = tr("gap: %1").arg(durationText(fold.length));
        const int width = fontMetrics().horizontalAdvance(text);
        const int left = std::clamp(
            (from + to - width) / 2, chart.left(), std::max(chart.left(), chart.right() - width));
        if (to < chart.left() || from > chart.right() || left < free)
            continue;
        painter.setPen(mutedText(palette()));
        painter.drawText(mirrored({left, rowHeight(), width, rowHeight()}), Qt::AlignCenter, text);
        free = left + width + space::half;
    }
}

void WaterfallView::paintTicks(QPainter &painter)
{
    const double seen = double(m_axis.length()) / m_zoom;
    const qint64 step = niceStep(seen * leastTickGap / chartRect().width());
    for (const FoldedAxis::Tick &tick : m_axis.ticks(m_left, m_left + qint64(seen), step)) {
        const QRect line = mirrored({xOf(tick.at), 0, 1, height()});
        painter.setPen(hairline(palette()));
        painter.drawLine(line.left(), axisHeight(), line.left(), height());
        painter.setPen(mutedText(palette()));
        painter.drawText(mirrored({xOf(tick.at) + 2, 0, leastTickGap, rowHeight()}),
            Qt::AlignVCenter | Qt::AlignLeading, tickText(tick));
    }
}

void WaterfallView::paintRow(QPainter &painter, int row)
{
    const WaterfallRow &one = m_rows[row];
    const QRect place = rowRect(row);
    const bool isHeading = one.kind == WaterfallRow::Kind::Attempt;
    if (row == m_current) {
        QColor ground
            = palette().color(hasFocus() ? QPalette::Active : QPalette::Inactive, QPalette::Highlight);
        ground.setAlphaF(0.25F);
        painter.fillRect(place, ground);
    } else if (row == m_hovered) {
        painter.fillRect(place, hoverFill(palette()));
    }
    painter.setFont(isHeading ? boldFont(font()) : font());
    painter.setPen(palette().color(QPalette::Text));
    const QRect label{
        space::half + (isHeading ? 0 : space::one), place.top(), labelWidth() - space::two, place.height()};
    painter.drawText(mirrored(label), Qt::AlignVCenter | Qt::AlignLeading,
        painter.fontMetrics().elidedText(one.label, Qt::ElideRight, label.width()));
    painter.setFont(font());
    const QRect bar = barOf(row);
    if (!isHeading)
        paintBar(painter, one, bar);
    // Beside the bar, on the side that has more room.
    const QRect chart = mirrored(chartRect());
    const bool isAfter = chart.right() - bar.right() >= bar.left() - chart.left();
    const QRect text = isHeading ? QRect(chart.left(), place.top(), chart.width(), place.height())
        : isAfter ? QRect(bar.right() + space::half, place.top(), chart.right() - bar.right() - space::half,
              place.height())
                  : QRect(chart.left(), place.top(), bar.left() - chart.left() - space::half, place.height());
    painter.setPen(mutedText(palette()));
    const Qt::Alignment side = isHeading ? Qt::AlignLeading : isAfter ? Qt::AlignLeft : Qt::AlignRight;
    painter.drawText(text, int(Qt::AlignVCenter | side | (isHeading ? Qt::AlignLeading : Qt::AlignAbsolute)),
        fontMetrics().elidedText(resultOf(one), Qt::ElideRight, std::max(0, text.width())));
}

void WaterfallView::paintBar(QPainter &painter, const WaterfallRow &row, const QRect &bar)
{
    const QColor color = toneColor(palette(), row.tone);
    painter.setPen(color);
    QColor fill = color;
    fill.setAlphaF(float(fillOf(row.spent)));
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(bar).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
}

void WaterfallView::setCurrentRow(int row)
{
    if (row < 0 || row >= m_rows.size())
        return;
    m_current = row;
    const WaterfallRow &one = m_rows[row];
    setAccessibleDescription(
        QStringLiteral("%1: %2").arg(one.label, factsOf(one).join(QStringLiteral(", "))));
    Q_EMIT becameCurrent(rowRect(row));
    update();
}

bool WaterfallView::showMoment(const QByteArray &sessionId, qint64 at)
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const WaterfallRow &row) {
        return row.kind == WaterfallRow::Kind::Stage && row.sessionId == sessionId && row.from <= at
            && at <= row.to;
    });
    if (found == m_rows.end())
        return false;
    setCurrentRow(int(found - m_rows.begin()));
    return true;
}

void WaterfallView::ask(int row)
{
    if (row >= 0 && m_rows[row].kind == WaterfallRow::Kind::Stage)
        Q_EMIT linesRequested(m_rows[row].sessionId, m_rows[row].from);
}

void WaterfallView::zoomTo(double zoom, qint64 around)
{
    const double before = m_zoom;
    m_zoom = std::clamp(zoom, 1.0, mostWaterfallZoom);
    m_left = around - qint64(double(around - m_left) * before / m_zoom);
    moveBy(0);
}

/// What is seen stays within the axis.
void WaterfallView::moveBy(double part)
{
    const double seen = double(m_axis.length()) / m_zoom;
    m_left = std::clamp<qint64>(m_left + qint64(part * seen), 0, m_axis.length() - qint64(seen));
    update();
}

void WaterfallView::keyPressEvent(QKeyEvent *event)
{
    const qint64 middle = m_current >= 0 ? m_axis.place(m_rows[m_current].from)
                                         : m_left + qint64(double(m_axis.length()) / m_zoom / 2);
    const bool isMirrored = layoutDirection() == Qt::RightToLeft;
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(waterfallText(m_rows));
        return;
    }
    switch (event->key()) {
    case Qt::Key_Down:
        return setCurrentRow(m_current + 1);
    case Qt::Key_Up:
        return setCurrentRow(m_current - 1);
    case Qt::Key_Home:
        return setCurrentRow(0);
    case Qt::Key_End:
        return setCurrentRow(int(m_rows.size()) - 1);
    case Qt::Key_Left:
    case Qt::Key_Right:
        return moveBy((event->key() == Qt::Key_Left) == isMirrored ? moveStep : -moveStep);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoomTo(m_zoom * waterfallZoomStep, middle);
    case Qt::Key_Minus:
        return zoomTo(m_zoom / waterfallZoomStep, middle);
    case Qt::Key_0:
        return zoomTo(1, middle);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return ask(m_current);
    default:
        QWidget::keyPressEvent(event);
    }
}

void WaterfallView::wheelEvent(QWheelEvent *event)
{
    if (!event->modifiers().testFlag(Qt::ControlModifier))
        return event->ignore(); // the scroll area's
    const QRect chart = chartRect();
    const int x = mirrored({event->position().toPoint(), QSize(1, 1)}).left() - chart.left();
    const qint64 around = m_left + qint64(double(x) / chart.width() * double(m_axis.length()) / m_zoom);
    zoomTo(m_zoom * std::pow(waterfallZoomStep, double(event->angleDelta().y()) / wheelStep), around);
}

void WaterfallView::mousePressEvent(QMouseEvent *event)
{
    const int row = rowAt(event->pos().y());
    if (event->button() != Qt::LeftButton || row < 0)
        return QWidget::mousePressEvent(event);
    setCurrentRow(row);
    ask(row);
}

void WaterfallView::mouseMoveEvent(QMouseEvent *event)
{
    hover(rowAt(event->pos().y()));
}

void WaterfallView::leaveEvent(QEvent *)
{
    hover(-1);
}

void WaterfallView::hover(int row)
{
    if (std::exchange(m_hovered, row) != row)
        update();
}

void WaterfallView::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    if (m_current < 0 && event->reason() != Qt::MouseFocusReason) // a click says itself which row
        setCurrentRow(0);
    update();
}

QString WaterfallView::foldTextAt(const QPoint &position) const
{
    const int x = mirrored({position, QSize(1, 1)}).left();
    for (const FoldedAxis::Fold &fold : m_axis.folds()) {
        if (chartRect().contains(x, 0) && xOf(fold.at) <= x && x <= xOf(fold.at + fold.width))
            return tr("Nothing went on for %1").arg(durationText(fold.length));
    }
    return {};
}

bool WaterfallView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int row = rowAt(help->pos().y());
    const QRect place = row >= 0 ? rowRect(row) : QRect(0, 0, width(), axisHeight());
    const QString text = row >= 0 ? factsOf(m_rows[row]).join(u'\n') : foldTextAt(help->pos());
    QToolTip::showText(help->globalPos(), plainToolTip(text), this, place); // hidden where it is empty
    return true;
}

} // namespace glasspost::ui
