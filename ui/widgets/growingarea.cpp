#include "ui/widgets/growingarea.h"

#include <QEvent>
#include <QScrollBar>

#include <algorithm>

namespace glasspost::ui {

GrowingArea::GrowingArea(QWidget *content, int tallest, QWidget *parent)
    : QScrollArea(parent), m_tallest(tallest)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setWidget(content);
    content->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    // The keyboard stops here only where there is something to scroll.
    setFocusPolicy(Qt::NoFocus);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this,
        [this](int, int last) { setFocusPolicy(last > 0 ? Qt::TabFocus : Qt::NoFocus); });
}

void GrowingArea::setTallest(int tallest)
{
    m_tallest = tallest;
    updateGeometry();
}

int GrowingArea::heightForWidth(int width) const
{
    return std::min(widget()->heightForWidth(width), m_tallest);
}

QSize GrowingArea::sizeHint() const
{
    return {widget()->sizeHint().width(), heightForWidth(width())};
}

bool GrowingArea::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QScrollArea::eventFilter(watched, event);
}

} // namespace glasspost::ui
