// MessagesPage: its filter bar, and what is different while the list shows some of its messages only.
#include "mail/index/searchtree.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mailbox/quickfilters.h"

#include <QApplication>
#include <QKeyEvent>

#include <algorithm>
#include <utility>

namespace glasspost::ui {

namespace {

/// "is:unread", or "read" where it is denied.
bool namesUnread(const mail::SearchNode &node, bool isDenied)
{
    using Kind = mail::SearchNode::Kind;
    if (node.kind == Kind::Term) {
        const QString state = isDenied ? QStringLiteral("read") : QStringLiteral("unread");
        return node.term.field == mail::SearchField::Is
            && state.startsWith(node.term.text, Qt::CaseInsensitive);
    }
    return std::any_of(node.children.cbegin(), node.children.cend(), [&](const mail::SearchNode &child) {
        return namesUnread(child, isDenied != (node.kind == Kind::Not));
    });
}

/// Whether a message may leave the list by being read.
bool losesWhatIsRead(const mail::RowQuery &query)
{
    return namesUnread(mail::readSearch(query.filter).root, false)
        || namesUnread(mail::readSearch(query.searchText).root, false);
}

} // namespace

void MessagesPage::showFilters(bool shown)
{
    if (shown != m_filters->isHidden())
        return;
    const bool wasInside = m_listSide->isAncestorOf(QApplication::focusWidget());
    m_filters->setVisible(shown);
    if (shown) {
        m_filters->setFocus(Qt::ShortcutFocusReason);
    } else {
        m_filters->clear();
        applyFilters();
        if (wasInside)
            m_list->setFocus();
    }
    Q_EMIT filtersShown(shown);
}

void MessagesPage::applyFilters()
{
    if (m_model->query().filter.isEmpty())
        m_unfiltered = m_model->messageCount();
    m_list->setFilter(m_filters->terms());
    if (!m_seenWhenLeft.isNull())
        m_seenTimer.start(); // nothing may keep it from being read any more
}

/// Escape: out of the filter, and then out of the search.
void MessagesPage::leave()
{
    if (m_model->query().filter.isEmpty())
        Q_EMIT leaveRequested();
    else
        showFilters(false);
}

/// Of whatever is shown in the list's place.
void MessagesPage::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_listSide->isAncestorOf(QApplication::focusWidget()))
        leave();
    else
        QWidget::keyPressEvent(event);
}

/// In a list of unread messages it stays until one goes on to another: else it would be gone while one reads,
/// and the next be read in its place.
void MessagesPage::markSeen(const mail::MessageId &id)
{
    if (losesWhatIsRead(m_model->query()))
        m_seenWhenLeft = id;
    else
        m_mailboxes.setFlags({id}, mail::MessageFlag::Seen, {});
}

/// Before the message goes elsewhere, too: it would not be found any more where it was.
void MessagesPage::markLeftSeen()
{
    if (!m_seenWhenLeft.isNull())
        m_mailboxes.setFlags({std::exchange(m_seenWhenLeft, {})}, mail::MessageFlag::Seen, {});
}

QString MessagesPage::countText() const
{
    const int shown = m_model->messageCount();
    if (m_model->isCounting())
        return tr("more than %Ln message(s)", nullptr, shown);
    if (m_model->query().filter.isEmpty())
        return tr("%Ln message(s)", nullptr, shown);
    return tr("%1 of %Ln message(s)", nullptr, std::max(shown, m_unfiltered)).arg(locale().toString(shown));
}

void MessagesPage::countUnfiltered()
{
    m_countsAgain = m_isCounting;
    if (m_model->query().filter.isEmpty() || m_isCounting)
        return;
    m_isCounting = true;
    mail::RowQuery query = m_model->query();
    query.filter.clear();
    query.grouping = mail::Grouping::Messages;
    query.offset = query.limit = 0;
    const std::stop_token stop = m_otherPlace.get_token();
    m_mailboxes.rows(query, stop).then(this, [this, query, stop](const mail::Result<mail::RowPage> &page) {
        m_isCounting = false;
        const mail::RowQuery &now = m_model->query();
        const bool isOfThese
            = !stop.stop_requested() && now.folder == query.folder && now.searchText == query.searchText;
        if (isOfThese) { // though more may have come: while mail pours in, every count is of a moment ago
            m_unfiltered = page ? page->total : 0;
            showTitle();
        }
        if (!isOfThese || m_countsAgain)
            countUnfiltered();
    });
}

/// Else the first rows of a search would wait for the count of the letters before.
void MessagesPage::endCounting()
{
    std::exchange(m_otherPlace, {}).request_stop();
}

} // namespace glasspost::ui
