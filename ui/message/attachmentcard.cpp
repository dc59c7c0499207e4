#include "ui/message/attachmentcard.h"

#include "mail/message/deceivingnames.h"
#include "ui/message/deceittext.h"
#include "ui/message/partmenu.h"
#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"
#include "ui/words/format.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QDrag>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QUrl>

namespace glasspost::ui {

namespace {

constexpr int nameWidth = 200;
constexpr int iconSide = 32;
constexpr int pictureSide = 28; // of a picture, which has no blank around it as an icon has
constexpr qsizetype excerptShown = 400;

IconName fileIcon(const mail::PartView &part)
{
    if (part.contentType.startsWith(QLatin1String("image/")))
        return IconName::Image;
    return isMessage(part) ? IconName::Mail : IconName::File;
}

/// "PNG picture"; the type itself where there are no words for it.
QString kindText(const mail::PartView &part)
{
    const QString kind = part.contentType.section(u'/', 0, 0);
    const QString format = safeLine(part.contentType.section(u'/', 1)).toUpper();
    if (kind == QLatin1String("image"))
        return AttachmentCard::tr("%1 picture").arg(format);
    if (kind == QLatin1String("audio"))
        return AttachmentCard::tr("%1 sound").arg(format);
    if (kind == QLatin1String("video"))
        return AttachmentCard::tr("%1 video").arg(format);
    if (isMessage(part))
        return AttachmentCard::tr("Message");
    if (part.contentType == QLatin1String("text/plain"))
        return AttachmentCard::tr("Text");
    return part.contentType == QLatin1String("application/pdf") ? AttachmentCard::tr("PDF document")
                                                                : safeLine(part.contentType);
}

/// What could run is only saved.
bool isOpened(const mail::PartView &part)
{
    return isMessage(part) || !mayRun(part);
}

} // namespace

AttachmentCard::AttachmentCard(const mail::PartView &part, QWidget *parent)
    : QToolButton(parent), m_part(part)
{
    const QString title = partTitle(part), size = sizeText(part.size);
    const QString deceit = deceitText(mail::fileNameDeceit(part.fileName), part.fileName);
    const bool deceives = !deceit.isEmpty();
    setIcon(deceives ? ui::icon(IconName::Warning, Tone::Refused) : ui::icon(fileIcon(part)));
    setIconSize({iconSide, iconSide});
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    const QString kind = tr("%1, %2").arg(deceives ? tr("Deceiving name") : kindText(part), size);
    // The end of a name says what it is, and stays in sight.
    setText(
        plainCaption(QStringLiteral("%1\n%2").arg(fontMetrics().elidedText(title, Qt::ElideMiddle, nameWidth),
            fontMetrics().elidedText(kind, Qt::ElideRight, nameWidth))));
    setAccessibleName(tr("Attachment %1, %2").arg(title, size));
    const QString keys = isOpened(m_part) ? tr("Enter opens it, Space looks inside, the menu key has more")
                                          : tr("Enter saves it, Space looks inside, the menu key has more");
    setAccessibleDescription(deceives ? deceit + QLatin1Char('\n') + keys : keys);
    showTip();
    connect(this, &QToolButton::clicked, this, &AttachmentCard::openOrSave);
}

void AttachmentCard::showTip()
{
    QStringList lines{partTitle(m_part), tr("%1, %2").arg(m_part.contentType, sizeText(m_part.size)),
        deceitText(mail::fileNameDeceit(m_part.fileName), m_part.fileName),
        isOpened(m_part) ? tr("Click to open it; a right click has more")
                         : tr("Click to save it: this type of file can run code"),
        m_excerpt};
    lines.removeAll(QString());
    setToolTip(plainToolTip(lines.join(QLatin1Char('\n'))));
}

void AttachmentCard::setPicture(const QImage &picture)
{
    if (picture.isNull())
        return;
    const qreal ratio = devicePixelRatioF();
    const QImage small = picture.scaled(
        QSize(pictureSide, pictureSide) * ratio, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    QPixmap pixmap(QSize(iconSide, iconSide) * ratio);
    pixmap.fill(Qt::transparent);
    QPainter(&pixmap).drawImage(
        (pixmap.width() - small.width()) / 2, (pixmap.height() - small.height()) / 2, small);
    pixmap.setDevicePixelRatio(ratio);
    setIcon(QIcon(pixmap));
}

void AttachmentCard::setExcerpt(const QString &text)
{
    m_excerpt = shortened(safeLine(text).trimmed(), excerptShown);
    showTip();
}

void AttachmentCard::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Save))
        Q_EMIT saveRequested(m_part);
    else if (event->key() == Qt::Key_Space)
        Q_EMIT inspectRequested(m_part);
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        openOrSave();
    else
        QToolButton::keyPressEvent(event);
}

void AttachmentCard::openOrSave()
{
    if (isOpened(m_part))
        Q_EMIT openRequested(m_part);
    else
        Q_EMIT saveRequested(m_part);
}

void AttachmentCard::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addPartActions(*menu, m_part,
        {[this](const mail::PartView &part) { Q_EMIT inspectRequested(part); },
            [this](const mail::PartView &part) { Q_EMIT openRequested(part); },
            [this](const mail::PartView &part) { Q_EMIT saveRequested(part); }});
    menu->popup(
        event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : mapToGlobal(rect().center()));
}

void AttachmentCard::mousePressEvent(QMouseEvent *event)
{
    m_pressed = event->pos();
    m_isDragging = false;
    QToolButton::mousePressEvent(event);
}

void AttachmentCard::mouseMoveEvent(QMouseEvent *event)
{
    const bool isFar = (event->pos() - m_pressed).manhattanLength() >= QApplication::startDragDistance();
    if (event->buttons().testFlag(Qt::LeftButton) && isFar && !m_isDragging) {
        m_isDragging = true;
        setDown(false); // to let go is no click any more
        Q_EMIT dragRequested(m_part);
    }
    if (!m_isDragging)
        QToolButton::mouseMoveEvent(event);
}

/// The first click has opened it: a habitual double click opens it once.
void AttachmentCard::mouseDoubleClickEvent(QMouseEvent *event)
{
    event->accept();
}

void AttachmentCard::drag(const QString &path)
{
    if (!m_isDragging || !QGuiApplication::mouseButtons().testFlag(Qt::LeftButton))
        return;
    newDrag(path)->exec(Qt::CopyAction);
}

QDrag *AttachmentCard::newDrag(const QString &path)
{
    auto *drag = new QDrag(this);
    auto *file = new QMimeData;
    file->setUrls({QUrl::fromLocalFile(path)});
    drag->setMimeData(file);
    drag->setPixmap(icon().pixmap(iconSide, iconSide));
    return drag;
}

} // namespace glasspost::ui
