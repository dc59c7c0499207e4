#include "ui/messageactions.h"

#include "ui/actions/actions.h"
#include "ui/composers.h"
#include "ui/mailbox/messagechanges.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/message/htmlpane.h"
#include "ui/message/messagepane.h"
#include "ui/message/textview.h"
#include "ui/readingactions.h"

#include <QAction>

namespace glasspost::ui {

using Id = ActionId;

namespace {

constexpr std::pair<Id, int> pageWidths[] = {{Id::FitWidth, 0}, {Id::PhoneWidth, phoneWidth},
    {Id::TabletWidth, tabletWidth}, {Id::DesktopWidth, desktopWidth}};

} // namespace

MessageActions::MessageActions(
    const Actions &actions, MessagesPage &page, Composers &composers, QObject *parent)
    : QObject(parent), m_actions(actions), m_page(page), m_composers(composers),
      m_reading(new ReadingActions(actions, *page.pane(), this))
{
    connectChanges();
    connectViews();
    connectPage();
}

void MessageActions::connectChanges()
{
    const auto on = [this](Id id, auto &&what) {
        connect(m_actions[id], &QAction::triggered, this, std::forward<decltype(what)>(what));
    };
    for (const auto &[id, kind] :
        {std::pair(Id::Reply, ReplyKind::Reply), std::pair(Id::ReplyAll, ReplyKind::ReplyAll),
            std::pair(Id::ReplyList, ReplyKind::ReplyList), std::pair(Id::Forward, ReplyKind::Forward)})
        on(id, [this, kind = kind] { m_composers.answer(kind, m_page.message()); });
    on(Id::EditDraft, [this] { m_composers.editDraft(m_page.message().id); });
    on(Id::Delete, [this] { m_page.removeSelected(); });
    on(Id::Junk, [this] { m_page.moveTo(QStringLiteral("Junk")); });
    on(Id::Archive, [this] { m_page.moveTo(QStringLiteral("Archive")); });
    on(Id::MarkRead, [this] { m_page.setSeen(true); });
    on(Id::MarkUnread, [this] { m_page.setSeen(false); });
    on(Id::Flag, [this] { m_page.toggleFlag(); });
}

void MessageActions::connectViews()
{
    using View = MessagePane::View;
    const auto on = [this](Id id, auto &&what) {
        connect(m_actions[id], &QAction::triggered, this, std::forward<decltype(what)>(what));
    };
    for (const auto &[id, view] :
        {std::pair(Id::ShowMessage, View::Message), std::pair(Id::ShowHtml, View::Html),
            std::pair(Id::ShowSource, View::Source), std::pair(Id::ShowHeaders, View::Structure),
            std::pair(Id::ShowDelivery, View::Delivery), std::pair(Id::ShowChecks, View::Checks)})
        on(id, [this, view = view] { m_page.pane()->setView(view); });
    TextView &text = m_page.pane()->text();
    on(Id::FoldQuotes, [this, &text] {
        m_page.pane()->turnTo(View::Message);
        text.foldQuotes(text.folding() == Folding::Open ? Folding::Folded : Folding::Open);
    });
    on(Id::FixedFont, [this, &text] {
        m_page.pane()->turnTo(View::Message);
        text.setFace(
            text.face() == TextView::Face::Fixed ? TextView::Face::Proportional : TextView::Face::Fixed);
    });
    connect(&text, &TextView::faceChanged, this,
        [this, &text] { m_actions[Id::FixedFont]->setChecked(text.face() == TextView::Face::Fixed); });
    on(Id::FindInMessage, [this] { m_page.pane()->openFind(); });
    on(Id::NextHit, [this] { m_page.pane()->goToHit(FindDirection::Forward); });
    on(Id::PreviousHit, [this] { m_page.pane()->goToHit(FindDirection::Backward); });
    on(Id::SaveSource, [this] { m_page.pane()->saveSource(); });
    on(Id::SelectAll, [this] { m_page.list()->selectAll(); });
    on(Id::ShowFilters, [this] { m_page.showFilters(m_actions[Id::ShowFilters]->isChecked()); });
    connect(&m_page, &MessagesPage::filtersShown, m_actions[Id::ShowFilters], &QAction::setChecked);
    QAction *group = m_actions[Id::GroupByConversation];
    on(Id::GroupByConversation, [this, group] { m_page.groupByConversation(group->isChecked()); });
    connect(&m_page, &MessagesPage::groupedByConversation, group, &QAction::setChecked);
    on(Id::Next, [this] { m_page.list()->goNext(); });
    on(Id::Previous, [this] { m_page.list()->goPrevious(); });
}

/// What only HTML has shows it first, of this message alone.
void MessageActions::connectPage()
{
    HtmlPane *html = &m_page.pane()->html();
    const auto on = [this, html](Id id, auto what) {
        connect(m_actions[id], &QAction::triggered, this, [this, html, what] {
            m_page.pane()->turnTo(MessagePane::View::Html);
            what(*html);
        });
    };
    const auto onLook = [on](Id id, auto what) {
        on(id, [what](HtmlPane &pane) { pane.view()->setLook(what(pane.view()->look())); });
    };
    for (const auto &[id, steps] :
        {std::pair(Id::ZoomIn, 1), std::pair(Id::ZoomOut, -1), std::pair(Id::ActualSize, 0)})
        connect(
            m_actions[id], &QAction::triggered, this, [this, steps = steps] { m_page.pane()->zoom(steps); });
    for (const auto &[id, width] : pageWidths)
        onLook(id, [width = width](PageLook look) { return (look.width = width, look); });
    onLook(Id::DarkPage, [](PageLook look) {
        look.rendering = look.rendering == Rendering::Dark ? Rendering::AsSent : Rendering::Dark;
        return look;
    });
    on(Id::OpenInBrowser, [](HtmlPane &pane) { pane.openInBrowser(); });
    connect(m_actions[Id::Print], &QAction::triggered, m_page.pane(), &MessagePane::print);
    connect(m_actions[Id::SavePdf], &QAction::triggered, m_page.pane(), &MessagePane::savePdf);
    connect(html->view(), &HtmlView::lookChanged, this, &MessageActions::showLook);
    showLook();
}

void MessageActions::showLook()
{
    const PageLook look = m_page.pane()->html().view()->look();
    for (const auto &[id, width] : pageWidths)
        m_actions[id]->setChecked(look.width == width);
    m_actions[Id::DarkPage]->setChecked(look.rendering == Rendering::Dark);
}

void MessageActions::update(bool pageShown)
{
    const int selected = pageShown ? m_page.selectedCount() : 0;
    // The message that is open answers for its conversation, which one row stands for.
    const MessageList &list = *m_page.list();
    const bool one = selected > 0 && list.selected().rowCount() == 1 && list.currentRow()
        && !m_page.message().id.isNull() && m_page.message().id == list.currentMessage();
    const auto enable = [this](std::initializer_list<Id> actions, bool enabled) {
        for (const Id id : actions)
            m_actions[id]->setEnabled(enabled);
    };
    enable({Id::Delete, Id::Junk, Id::Archive, Id::MarkRead, Id::MarkUnread, Id::Flag, Id::RunRules},
        selected > 0);
    enable({Id::Reply, Id::ReplyAll, Id::Forward, Id::SaveSource, Id::Print, Id::SavePdf, Id::ShowMessage,
               Id::ShowSource, Id::ShowHeaders, Id::ShowDelivery, Id::FoldQuotes, Id::FixedFont,
               Id::FindInMessage, Id::ZoomIn, Id::ZoomOut, Id::ActualSize},
        one);
    enable({Id::NextHit, Id::PreviousHit}, one && m_page.pane()->hasHits());
    enable({Id::ReplyList}, one && !listAddress(m_page.message()).isEmpty());
    enable({Id::ShowHtml, Id::FitWidth, Id::PhoneWidth, Id::TabletWidth, Id::DesktopWidth, Id::DarkPage,
               Id::OpenInBrowser},
        one && !m_page.message().page.html.isEmpty());
    enable({Id::ShowChecks}, one && m_page.pane()->canCheck());
    m_reading->update(one);
    enable({Id::EditDraft}, one && list.currentMessage().folder.folder == QLatin1String("Drafts"));
    enable({Id::Next, Id::Previous, Id::SelectAll, Id::ShowFilters, Id::GroupByConversation}, pageShown);
    for (QAction *menu : list.viewMenus())
        menu->setEnabled(pageShown);
    enable({Id::ImportFile, Id::ImportFolder, Id::Export}, pageShown && !m_page.folder().user.isEmpty());
}

} // namespace glasspost::ui
