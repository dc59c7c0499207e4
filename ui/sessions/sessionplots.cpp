#include "ui/sessions/sessionplots.h"

#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

constexpr int barsHeight = 36;
constexpr int narrowestPlot = 60;

constexpr std::array plotTones{Tone::Transit, Tone::Accepted, Tone::Refused, Tone::Neutral, Tone::Deferred};

} // namespace

SessionPlots::SessionPlots(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Sessions over time"));
}

void SessionPlots::setSeries(const SessionSeries &series)
{
    if (series.step == m_series.step && series.buckets == m_series.buckets)
        return;
    m_series = series;
    if (m_current >= m_series.buckets.size())
        m_current = int(m_series.buckets.size()) - 1;
    setAccessibleDescription(
        bucketText(m_series, m_current >= 0 ? m_current : int(m_series.buckets.size()) - 1));
    update();
}

QSize SessionPlots::sizeHint() const
{
    return {seriesValues * (narrowestPlot * 3 + space::two),
        fontMetrics().height() + space::half + barsHeight + space::one};
}

QSize SessionPlots::minimumSizeHint() const
{
    return {seriesValues * (narrowestPlot + space::two), sizeHint().height()};
}

QRect SessionPlots::plotRect(int plot) const
{
    const int margin = space::one + space::half;
    const int room = width() - 2 * margin - (seriesValues - 1) * space::two;
    const int each = std::max(1, room / seriesValues);
    // Time runs from left to right, and the plots from where one begins to read.
    const int place = layoutDirection() == Qt::RightToLeft ? seriesValues - 1 - plot : plot;
    return {margin + place * (each + space::two), 0, each, height() - space::one};
}

QRect SessionPlots::barsRect(int plot) const
{
    return plotRect(plot).adjusted(0, fontMetrics().height() + space::half, 0, 0);
}

QRectF SessionPlots::barRect(const QRect &bars, int bucket, double share) const
{
    const double each = double(bars.width()) / double(m_series.buckets.size());
    const double tall = share > 0 ? std::max(1.0, share * bars.height()) : 0;
    const double gap = each > 3 ? 1 : 0;
    return {bars.left() + bucket * each, bars.bottom() + 1 - tall, std::max(1.0, each - gap), tall};
}

int SessionPlots::bucketAt(const QPoint &point) const
{
    for (int plot = 0; plot < seriesValues; ++plot) {
        const QRect bars = barsRect(plot);
        if (!plotRect(plot).contains(point) || m_series.buckets.isEmpty())
            continue;
        const qsizetype bucket = (point.x() - bars.left()) * m_series.buckets.size() / bars.width();
        return int(std::clamp<qsizetype>(bucket, 0, m_series.buckets.size() - 1));
    }
    return -1;
}

void SessionPlots::paintPlot(QPainter &painter, SeriesValue value) const
{
    const QRect bars = barsRect(int(value)), whole = plotRect(int(value));
    qint64 most = 0;
    for (const SessionBucket &bucket : m_series.buckets)
        most = std::max(most, seriesValue(bucket, value));
    const QRect head(whole.left(), whole.top(), whole.width(), fontMetrics().height());
    const QString peak = m_series.buckets.isEmpty() ? QString() : seriesValueText(most, value);
    const int peakWidth = fontMetrics().horizontalAdvance(peak);
    const bool isMirrored = layoutDirection() == Qt::RightToLeft;
    painter.setPen(mutedText(palette()));
    painter.drawText(head, Qt::AlignVCenter | (isMirrored ? Qt::AlignLeft : Qt::AlignRight), peak);
    const int room = head.width() - peakWidth - space::half;
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(
        head.adjusted(isMirrored ? head.width() - room : 0, 0, isMirrored ? 0 : room - head.width(), 0),
        Qt::AlignVCenter | (isMirrored ? Qt::AlignRight : Qt::AlignLeft),
        fontMetrics().elidedText(seriesTitle(value), Qt::ElideRight, room));
    painter.fillRect(QRect(bars.left(), bars.bottom() + 1, bars.width(), 1), hairline(palette()));
    const QColor color = toneColor(palette(), plotTones[size_t(value)]);
    for (int i = 0; i < m_series.buckets.size(); ++i) {
        if (i == m_current && hasFocus())
            painter.fillRect(barRect(bars, i, 1), hoverFill(palette()));
        if (most > 0)
            painter.fillRect(
                barRect(bars, i, double(seriesValue(m_series.buckets[i], value)) / double(most)), color);
    }
}

void SessionPlots::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    for (int plot = 0; plot < seriesValues; ++plot)
        paintPlot(painter, SeriesValue(plot));
    if (!hasFocus())
        return;
    painter.setPen(palette().color(QPalette::Highlight));
    painter.drawRect(rect().adjusted(space::half, 0, -space::half - 1, -1));
}

void SessionPlots::setCurrent(int bucket)
{
    if (m_series.buckets.isEmpty())
        return;
    m_current = std::clamp(bucket, 0, int(m_series.buckets.size()) - 1);
    setAccessibleDescription(bucketText(m_series, m_current));
    QAccessibleEvent said(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&said);
    const QRectF bar = barRect(barsRect(0), m_current, 1);
    QToolTip::showText(mapToGlobal(bar.bottomLeft().toPoint()), plainToolTip(accessibleDescription()), this);
    update();
}

void SessionPlots::keyPressEvent(QKeyEvent *event)
{
    const int last = int(m_series.buckets.size()) - 1;
    const int at = m_current < 0 ? last : m_current;
    switch (event->key()) {
    case Qt::Key_Left:
        setCurrent(at - 1);
        break;
    case Qt::Key_Right:
        setCurrent(at + 1);
        break;
    case Qt::Key_Home:
        setCurrent(0);
        break;
    case Qt::Key_End:
        setCurrent(last);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void SessionPlots::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void SessionPlots::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    QToolTip::hideText();
    update();
}

bool SessionPlots::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    QToolTip::showText(help->globalPos(), plainToolTip(bucketText(m_series, bucketAt(help->pos()))), this);
    return true;
}

} // namespace glasspost::ui
