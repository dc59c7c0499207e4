#include "ui/message/messageattachments.h"

#include "ui/compose/flowlayout.h"
#include "ui/message/attachmentcard.h"
#include "ui/message/partmenu.h"
#include "ui/theme/icons.h"
#include "ui/widgets/growingarea.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/taborder.h"
#include "ui/words/format.h"

#include <QBoxLayout>
#include <QImage>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr int shownAtOnce = 6;
constexpr int listedMost = 200;
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
    QList<mail::PartView> attachments;
    std::copy_if(parts.cbegin(), parts.cend(), std::back_inserter(attachments),
        [](const mail::PartView &part) { return part.isAttachment; });
    m_count = int(attachments.size());
    for (const mail::PartView &part : attachments.mid(0, shownAtOnce))
        addCard(part);
    if (m_count > shownAtOnce)
        addMore(attachments.mid(shownAtOnce));
    if (m_count > 0)
        m_area->setTallest(2 * m_cards.constFirst()->sizeHint().height() + gap);
    m_saveAll->setVisible(m_count > 1);
    m_cardRow->addWidget(new QWidget); // the last one of a flow is stretched
    setVisible(m_count > 0);
}

void MessageAttachments::addCard(const mail::PartView &part)
{
    auto *card = new AttachmentCard(part);
    connect(card, &AttachmentCard::saveRequested, this, &MessageAttachments::saveRequested);
    connect(card, &AttachmentCard::openRequested, this, &MessageAttachments::openRequested);
    connect(card, &AttachmentCard::inspectRequested, this, &MessageAttachments::inspectRequested);
    connect(card, &AttachmentCard::dragRequested, this, &MessageAttachments::dragRequested);
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
    auto *menu = new QMenu(more);
    for (const mail::PartView &part : parts.mid(0, listedMost)) {
        menu->addAction(plainCaption(tr("%1 (%2)").arg(partTitle(part), sizeText(part.size))), this,
            [this, part] { Q_EMIT saveRequested(part); });
    }
    if (parts.size() > listedMost)
        menu->addAction(tr("%Ln more: “Save all” includes them", nullptr, int(parts.size()) - listedMost))
            ->setEnabled(false);
    more->setMenu(menu);
    m_cardRow->addWidget(more);
    tabBefore(m_saveAll, more);
}

void MessageAttachments::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Window));
    painter.fillRect(0, 0, width(), 1, hairline(palette()));
}

} // namespace glasspost::ui
