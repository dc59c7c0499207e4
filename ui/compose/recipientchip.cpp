#include "ui/compose/recipientchip.h"

#include "mail/message/messagebuilder.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace glasspost::ui {

namespace {

constexpr int crossSide = 12;
constexpr int widest = 320;

} // namespace

RecipientChip::RecipientChip(const QString &entry, Health health, QWidget *parent)
    : QAbstractButton(parent), m_entry(entry), m_health(health)
{
    const mail::AddressList parsed = mail::parseAddressList(entry);
    const bool isOne = health == Health::Good && parsed.mailboxes.size() == 1;
    const mail::AddressView who = isOne ? parsed.mailboxes.constFirst() : mail::AddressView();
    setText(isOne ? (who.name.isEmpty() ? who.address : who.name) : entry);
    const QString fault = notAnAddressText(entry);
    setToolTip(plainToolTip(health == Health::Good ? entry : fault));
    setAccessibleName(health == Health::Good ? tr("Recipient %1").arg(entry) : fault);
    setFocusPolicy(Qt::ClickFocus);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

QSize RecipientChip::sizeHint() const
{
    const int words = fontMetrics().horizontalAdvance(text());
    return {std::min(widest, words + crossSide + 3 * space::one), fontMetrics().height() + space::one};
}

QSize RecipientChip::minimumSizeHint() const
{
    return {std::min(80, sizeHint().width()), sizeHint().height()};
}

QRect RecipientChip::crossRect() const
{
    const QRect place(width() - crossSide - space::one, (height() - crossSide) / 2, crossSide, crossSide);
    return QStyle::visualRect(layoutDirection(), rect(), place);
}

void RecipientChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tone tone = m_health == Health::Good ? Tone::Transit : Tone::Refused;
    const QColor ink
        = m_health == Health::Good ? palette().color(QPalette::Text) : toneColor(palette(), tone);
    QColor line = toneColor(palette(), tone);
    line.setAlphaF(hasFocus() ? 1.0F : 0.3F);
    painter.setPen(QPen(line, hasFocus() ? 2 : 1));
    painter.setBrush(toneFill(palette(), tone));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
    painter.setPen(ink);
    const QRect words = QStyle::visualRect(layoutDirection(), rect(),
        rect().adjusted(space::one, 0, -(crossSide + space::one + space::half), 0));
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeading,
        fontMetrics().elidedText(text(), Qt::ElideRight, words.width() + 1));
    paintIcon(&painter, crossRect(), IconName::Close, ink);
}

void RecipientChip::mousePressEvent(QMouseEvent *event)
{
    if (crossRect().adjusted(-4, -4, 4, 4).contains(event->pos()) || event->button() == Qt::MiddleButton)
        Q_EMIT removeRequested();
    else
        setFocus(Qt::MouseFocusReason);
}

void RecipientChip::mouseDoubleClickEvent(QMouseEvent *)
{
    Q_EMIT editRequested();
}

void RecipientChip::keyPressEvent(QKeyEvent *event)
{
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    switch (event->key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        Q_EMIT removeRequested();
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_F2:
        if (event->modifiers() & Qt::ControlModifier)
            event->ignore(); // Ctrl+Enter sends
        else
            Q_EMIT editRequested();
        break;
    case Qt::Key_Left:
        Q_EMIT moveRequested(mirrored ? 1 : -1);
        break;
    case Qt::Key_Right:
        Q_EMIT moveRequested(mirrored ? -1 : 1);
        break;
    default:
        QAbstractButton::keyPressEvent(event);
    }
}

} // namespace glasspost::ui
