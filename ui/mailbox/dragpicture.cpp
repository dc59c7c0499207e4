#include "ui/mailbox/dragpicture.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QWidget>

namespace glasspost::ui {

QPixmap dragPicture(const QString &words, const QWidget &list)
{
    const QFontMetrics metrics(list.font());
    const QSize size(metrics.horizontalAdvance(words) + 2 * space::one, metrics.height() + space::one);
    QPixmap picture(size * list.devicePixelRatioF());
    picture.setDevicePixelRatio(list.devicePixelRatioF());
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(list.palette().color(QPalette::Highlight));
    painter.drawRoundedRect(QRect({}, size), 4, 4);
    painter.setPen(list.palette().color(QPalette::HighlightedText));
    painter.drawText(QRect({}, size), Qt::AlignCenter, words);
    return picture;
}

} // namespace glasspost::ui
