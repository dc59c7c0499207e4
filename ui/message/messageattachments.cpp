#include "ui/message/messageattachments.h"

#include "ui/compose/flowlayout.h"
#include "ui/message/attachmentcard.h"
#include "ui/message/partmenu.h"
#include "ui/theme/icons.h"
#include "ui/widgets/growingarea.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/taborder.h"

#include <QBoxLayout>
#include <QEvent>
#include <QImage>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr int shownAtOnce = 6;
constexpr int gap = space::half; // between cards

} // namespace

MessageAttachments::MessageAttachments(QWidget *parent) : QWidget(parent), m_saveAll(new QToolButton)
{
    auto *cards = new QWidget;
    m_cardRow = new FlowLayout(cards, gap);
    m_saveAll->setText(tr("Save all …"));
    m_saveAll->setIcon(icon(IconName::Save));
    m_saveAll->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_saveAll->setAutoRaise(true);
    m_saveAll->setToolTip(tr("Save every attachment in a folder"));
    connect(m_saveAll, &QToolButton::clicked, this, &MessageAttachments::saveAllRequested);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::two, space::half, space::two, space::half);
    m_area = new GrowingArea(cards, 0);
    row->addWidget(m_area, 1);
    row->addWidget(m_saveAll, 0, Qt::AlignTop);
    setAccessibleName(tr("Attachments"));
    setVisible(false);
}

void MessageAttachments::show(const QList<mail::PartView> &parts)
{
    while (QLayoutItem *item = m_cardRow->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_cards.clear();
    m_current = 0;
    m_parts.clear();
    std::copy_if(parts.cbegin(), parts.cend(), std::back_inserter(m_parts),
        [](const mail::PartView &part) { return part.isAttachment; });
    for (const mail::PartView &part : m_parts.mid(0, shownAtOnce))
        addCard(part);
    if (m_parts.size() > shownAtOnce)
        addMore(m_parts.mid(shownAtOnce));
    if (!m_cards.isEmpty())
        m_area->setTallest(2 * m_cards.constFirst()->sizeHint().height() + gap);
    m_saveAll->setVisible(m_parts.size() > 1);
    m_cardRow->addWidget(new QWidget); // the last one of a flow is stretched
    setVisible(!m_parts.isEmpty());
}

void MessageAttachments::addCard(const mail::PartView &part)
{
    auto *card = new AttachmentCard(part);
    connect(card, &AttachmentCard::saveRequested, this, &MessageAttachments::saveRequested);
    connect(card, &AttachmentCard::openRequested, this, &MessageAttachments::openRequested);
    connect(card, &AttachmentCard::inspectRequested, this, &MessageAttachments::inspectRequested);
    connect(card, &AttachmentCard::dragRequested, this, &MessageAttachments::dragRequested);
    card->installEventFilter(this);
    m_cards.append(card);
    m_cardRow->addWidget(card);
    tabBefore(m_saveAll, card);
}

QList<mail::PartView> MessageAttachments::previewed() const
{
    QList<mail::PartView> parts;
    for (const AttachmentCard *card : m_cards)
        parts.append(card->part());
    return parts;
}

AttachmentCard *MessageAttachments::card(int partIndex) const
{
    const auto found = std::find_if(m_cards.cbegin(), m_cards.cend(),
        [partIndex](const AttachmentCard *card) { return card->part().index == partIndex; });
    return found == m_cards.cend() ? nullptr : *found;
}

void MessageAttachments::setPicture(int partIndex, const QImage &picture)
{
    if (AttachmentCard *shown = card(partIndex))
        shown->setPicture(picture);
}

void MessageAttachments::setExcerpt(int partIndex, const QString &text)
{
    if (AttachmentCard *shown = card(partIndex))
        shown->setExcerpt(text);
}

void MessageAttachments::drag(int partIndex, const QString &path)
{
    if (AttachmentCard *shown = card(partIndex))
        shown->drag(path);
}

void MessageAttachments::addMore(const QList<mail::PartView> &parts)
{
    auto *more = new QToolButton;
    more->setText(tr("%Ln more", nullptr, int(parts.size())));
    more->setPopupMode(QToolButton::InstantPopup);
    more->setToolTip(tr("Open, look inside or save the other attachments"));
    auto *menu = new QMenu(more);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, parts] {
        if (menu->isEmpty())
            addPartMenus(*menu, parts, handlers());
    });
    more->setMenu(menu);
    m_cardRow->addWidget(more);
    tabBefore(m_saveAll, more);
}

PartHandlers MessageAttachments::handlers()
{
    return {[this](const mail::PartView &part) { Q_EMIT inspectRequested(part); },
        [this](const mail::PartView &part) { Q_EMIT openRequested(part); },
        [this](const mail::PartView &part) { Q_EMIT saveRequested(part); }};
}

bool MessageAttachments::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn) {
        const auto card = std::find(m_cards.cbegin(), m_cards.cend(), watched);
        if (card != m_cards.cend())
            m_current = card - m_cards.cbegin();
    }
    return QWidget::eventFilter(watched, event);
}

void MessageAttachments::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Window));
    painter.fillRect(0, 0, width(), 1, hairline(palette()));
}

} // namespace glasspost::ui
