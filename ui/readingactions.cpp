#include "ui/readingactions.h"

#include "ui/actions/actions.h"
#include "ui/message/attachmentcard.h"
#include "ui/message/deliverypane.h"
#include "ui/message/htmlpane.h"
#include "ui/message/messageattachments.h"
#include "ui/message/messageheader.h"
#include "ui/message/messagepane.h"
#include "ui/message/partmenu.h"

#include <QAction>
#include <QMenu>

namespace glasspost::ui {

using Id = ActionId;

ReadingActions::ReadingActions(const Actions &actions, MessagePane &pane, QObject *parent)
    : QObject(parent), m_actions(actions), m_pane(pane), m_attachments(new QMenu(tr("Attach&ments"), &pane)),
      m_sender(new QMenu(tr("Se&nder and list"), &pane)), m_delivery(new QMenu(tr("D&elivery"), &pane))
{
    m_attachments->setIcon(icon(IconName::Attachment));
    m_attachments->addActions(actions.of(ActionMenu::Attachments));
    m_sender->setIcon(icon(IconName::User));
    m_sender->addActions(actions.of(ActionMenu::Sender));
    m_delivery->setIcon(icon(IconName::Sent));
    m_delivery->addActions(actions.of(ActionMenu::Delivery));
    connectPage();
    connectAttachments();
    connectSender();
    connectDelivery();
}

QList<QAction *> ReadingActions::menus() const
{
    return {m_attachments->menuAction(), m_sender->menuAction(), m_delivery->menuAction()};
}

/// Each shows the HTML first, of this message alone.
void ReadingActions::connectPage()
{
    const auto on = [this](Id id, auto what) {
        connect(m_actions[id], &QAction::triggered, this, [this, what] {
            m_pane.turnTo(MessagePane::View::Html);
            what(m_pane.html());
        });
    };
    on(Id::LoadPictures, [](HtmlPane &html) { html.loadPictures(); });
    on(Id::LoadSenderPictures, [](HtmlPane &html) { html.trustSender(); });
    on(Id::LoadAllPictures, [](HtmlPane &html) { html.trustEverybody(); });
    on(Id::NextPage, [](HtmlPane &html) { html.turnPage(1); });
    on(Id::PreviousPage, [](HtmlPane &html) { html.turnPage(-1); });
    connect(&m_pane.html(), &HtmlPane::pagesChanged, this, &ReadingActions::updatePages);
    connect(&m_pane, &MessagePane::viewChanged, this, &ReadingActions::updatePages);
}

void ReadingActions::connectAttachments()
{
    MessageAttachments *attachments = &m_pane.attachments();
    const auto on = [this, attachments](Id id, auto what) {
        connect(m_actions[id], &QAction::triggered, this, [attachments, what] {
            if (AttachmentCard *card = attachments->currentCard())
                what(*card);
        });
    };
    on(Id::GoToAttachments, [](AttachmentCard &card) { card.setFocus(Qt::ShortcutFocusReason); });
    on(Id::OpenAttachment, [](AttachmentCard &card) { card.click(); });
    on(Id::InspectAttachment,
        [attachments](AttachmentCard &card) { attachments->handlers().inspect(card.part()); });
    on(Id::SaveAttachment,
        [attachments](AttachmentCard &card) { attachments->handlers().save(card.part()); });
    connect(m_actions[Id::SaveAllAttachments], &QAction::triggered, attachments,
        &MessageAttachments::saveAllRequested);
    m_attachments->addSeparator();
    QMenu *each = m_attachments->addMenu(tr("&Choose one"));
    connect(each, &QMenu::aboutToShow, this, [each, attachments] {
        qDeleteAll(each->findChildren<QMenu *>(QString(), Qt::FindDirectChildrenOnly));
        each->clear();
        addPartMenus(*each, attachments->parts(), attachments->handlers());
    });
}

void ReadingActions::connectSender()
{
    MessageHeader *header = &m_pane.header();
    const auto on = [this, header](Id id, auto what) {
        connect(m_actions[id], &QAction::triggered, header, [header, what] { what(*header); });
    };
    on(Id::WriteToSender, [](MessageHeader &block) { block.writeToSender(); });
    on(Id::CopySender, [](MessageHeader &block) { block.copySender(); });
    on(Id::FindFromSender, [](MessageHeader &block) { block.findSender(QLatin1String("from")); });
    on(Id::FindToSender, [](MessageHeader &block) { block.findSender(QLatin1String("to")); });
    on(Id::Unsubscribe, [](MessageHeader &block) { block.unsubscribe(); });
}

void ReadingActions::connectDelivery()
{
    DeliveryPane *delivery = &m_pane.delivery();
    connect(m_actions[Id::SaveDeliveryReport], &QAction::triggered, delivery, &DeliveryPane::saveReport);
    connect(m_actions[Id::SaveDeliveryPdf], &QAction::triggered, delivery, &DeliveryPane::saveReportPdf);
    connect(m_actions[Id::OpenDeliveryReport], &QAction::triggered, delivery, &DeliveryPane::openReport);
    for (const auto &[id, program] :
        {std::pair(Id::CopySwaksCommand, RepeatWith::Swaks), std::pair(Id::CopyCurlCommand, RepeatWith::Curl),
            std::pair(Id::CopyOpensslCommand, RepeatWith::Openssl)}) {
        QAction *action = m_actions[id];
        connect(action, &QAction::triggered, delivery,
            [delivery, program = program] { delivery->copyCommand(program); });
        connect(m_delivery, &QMenu::aboutToShow, action,
            [this, delivery, action, program = program, tip = action->toolTip()] {
                if (m_isOpen && m_pane.hasDeliveryRecord())
                    delivery->offer(*action, program, tip);
            });
    }
    m_delivery->setToolTipsVisible(true);
    connect(m_actions[Id::CompareDelivery], &QAction::triggered, delivery, &DeliveryPane::compare);
    connect(m_actions[Id::DeleteDeliveryRecord], &QAction::triggered, delivery, &DeliveryPane::deleteRecord);
    connect(&m_pane, &MessagePane::sessionsKnown, this, &ReadingActions::updateDelivery);
}

/// The record comes after the message.
void ReadingActions::updateDelivery()
{
    const bool hasRecord = m_isOpen && m_pane.hasDeliveryRecord();
    const bool hasReport = m_isOpen && m_pane.hasDeliveryReport();
    for (const Id id :
        {Id::CopySwaksCommand, Id::CopyCurlCommand, Id::CopyOpensslCommand, Id::CompareDelivery})
        m_actions[id]->setEnabled(hasRecord);
    for (const Id id : {Id::SaveDeliveryReport, Id::SaveDeliveryPdf, Id::OpenDeliveryReport})
        m_actions[id]->setEnabled(hasReport);
    m_actions[Id::DeleteDeliveryRecord]->setEnabled(m_isOpen && m_pane.canDeleteDeliveryRecord());
    m_delivery->menuAction()->setEnabled(hasReport);
}

/// Those of what is in sight.
void ReadingActions::updatePages()
{
    const bool canTurn = m_isOpen && m_pane.view() == MessagePane::View::Html && m_pane.html().isPaged();
    for (const Id id : {Id::NextPage, Id::PreviousPage})
        m_actions[id]->setEnabled(canTurn);
}

void ReadingActions::update(bool isOpen)
{
    m_isOpen = isOpen;
    updatePages();
    updateDelivery();
    const auto enable = [this](std::initializer_list<Id> actions, bool enabled) {
        for (const Id id : actions)
            m_actions[id]->setEnabled(enabled);
    };
    const mail::HtmlPage &page = m_pane.message().page;
    const qsizetype files = m_pane.attachments().parts().size();
    const bool hasRemote = isOpen && !page.remotePictures.isEmpty();
    enable({Id::LoadPictures, Id::LoadAllPictures}, hasRemote);
    enable({Id::LoadSenderPictures}, hasRemote && m_pane.header().hasSender());
    enable({Id::GoToAttachments, Id::OpenAttachment, Id::InspectAttachment, Id::SaveAttachment},
        isOpen && files > 0);
    enable({Id::SaveAllAttachments}, isOpen && files > 1);
    enable({Id::WriteToSender, Id::CopySender, Id::FindFromSender, Id::FindToSender},
        isOpen && m_pane.header().hasSender());
    enable({Id::Unsubscribe}, isOpen && m_pane.header().canUnsubscribe());
    m_attachments->menuAction()->setEnabled(isOpen && files > 0);
    m_sender->menuAction()->setEnabled(isOpen);
}

} // namespace glasspost::ui
