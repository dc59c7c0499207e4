// MessageList: what is selected, current and in sight, kept by message while rows come, go, change places and
// are folded into conversations.
#include "ui/mailbox/messagelist.h"

#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace glasspost::ui {

/// A person, or selectRow(), selected other rows.
void MessageList::noteSelection()
{
    if (m_rearranging)
        return;
    keepOrderWhileNeeded();
    m_selected->note();
    Q_EMIT selectionNoted();
}

/// A refresh reads the pages in sight: where rows beyond them went, only the order can say.
void MessageList::keepOrderWhileNeeded()
{
    if (m_rearranging)
        return;
    constexpr int page = MessageListModel::pageSize;
    const int top = std::max(0, rowAt(0));
    const int bottom = rowAt(viewport()->height() - 1);
    const int first = top / page * page;
    const int last = bottom < 0 ? m_model->rowCount() - 1 : (bottom / page + 1) * page - 1;
    const int current = currentIndex().row();
    m_model->keepOrder(
        current > last || (current >= 0 && current < first) || m_selected->reachBeyond(first, last));
}

void MessageList::sortBy(int column, Qt::SortOrder order)
{
    m_model->sort(column, order);
    m_sorting = m_rearranging;
}

/// As sorting does, but that no other message takes the place of one that is left out.
void MessageList::setFilter(const QString &filter)
{
    m_model->setFilter(filter);
    m_sorting = m_rearranging;
    m_keptCurrentRow = -1;
}

void MessageList::setGrouping(mail::Grouping grouping)
{
    m_model->setGrouping(grouping);
    m_sorting = m_folding = m_rearranging;
}

void MessageList::setUnfolded(int row, bool unfolded)
{
    if (m_model->setUnfolded(row, unfolded))
        m_folding = m_rearranging;
}

/// As in a tree: the arrow opens, and then goes on inside.
void MessageList::unfoldOrEnter()
{
    const std::optional<mail::MessageRow> row = currentRow();
    if (!row || row->conversation.messages < 2 || row->conversation.isBelow)
        return;
    if (row->conversation.isUnfolded)
        selectRow(currentIndex().row() + 1);
    else
        setUnfolded(currentIndex().row(), true);
}

/// The other one goes to the row that a conversation begins with, and then closes it.
void MessageList::foldOrLeave()
{
    const std::optional<mail::MessageRow> row = currentRow();
    if (!row || !row->conversation.isBelow)
        return setUnfolded(currentIndex().row(), false);
    if (const int first = m_model->firstRowOf(row->conversation.thread); first >= 0)
        selectRow(first);
}

/// Whether the mark of a conversation is there, which then opens or closes.
bool MessageList::toggleAt(const QPoint &position)
{
    const QModelIndex who = m_model->index(rowAt(position.y()), MessageListModel::Who);
    const std::optional<mail::MessageRow> row = m_model->row(who.row());
    if (!row || row->conversation.messages < 2 || row->conversation.isBelow
        || !MessageDelegate::foldMark(visualRect(who), layoutDirection()).contains(position))
        return false;
    setUnfolded(who.row(), !row->conversation.isUnfolded);
    return true;
}

void MessageList::tellVisible()
{
    const int first = rowAt(0);
    const int last = rowAt(viewport()->height() - 1);
    m_model->setVisibleRows(std::max(first, 0), last < 0 ? std::max(0, m_model->rowCount() - 1) : last);
    keepOrderWhileNeeded();
}

NumberSet MessageList::numbersAt(int row) const
{
    return row < 0 ? NumberSet() : NumberSet(m_model->numbers(row, row).value_or(QList<qint64>()));
}

void MessageList::keepPlace()
{
    m_rearranging = true;
    m_keptGeneration = m_model->indexGeneration();
    m_keptCurrent = numbersAt(currentIndex().row());
    m_keptCurrentRow = currentIndex().row();
    m_keptAnchor = numbersAt(m_anchorRow);
    m_keptAtTop = verticalScrollBar()->value() == verticalScrollBar()->minimum();
    m_keptTop = numbersAt(rowAt(0));
}

void MessageList::restorePlace()
{
    QItemSelection selection = m_selected->again();
    // In an index that was made anew these are the numbers of others.
    if (m_keptGeneration != m_model->indexGeneration()) {
        m_keptCurrent = numbersAt(m_model->find(m_told));
        m_keptAnchor = m_keptTop = {};
    }
    // Scrolled down, the message at the top edge stays there; at the very top, new mail is let in.
    const int top = m_keptAtTop || m_sorting ? -1 : m_model->rowOfAny(m_keptTop);
    if (top >= 0)
        scrollTo(m_model->index(top, 0), PositionAtTop);
    const bool isNext = selection.isEmpty();
    int current = m_model->rowOfAny(m_keptCurrent);
    // What was looked at is gone: its place is taken by the next one.
    if (current < 0 && m_keptCurrentRow >= 0 && m_model->rowCount() > 0) {
        current = std::min(m_keptCurrentRow, m_model->rowCount() - 1);
        if (isNext)
            selection = selectionOf(*m_model, {{current, current}});
    }
    setAutoScroll(false); // the row that is current may be far from the place in sight
    if (current >= 0) {
        const int anchor = m_model->rowOfAny(m_keptAnchor);
        anchorAt(m_model->index(anchor < 0 ? current : anchor, 0));
        selectionModel()->setCurrentIndex(m_model->index(current, 0), QItemSelectionModel::NoUpdate);
    }
    setAutoScroll(true);
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (std::exchange(m_sorting, false) && current >= 0)
        scrollTo(m_model->index(current, 0));
    m_rearranging = false;
    // A row that a person has folded is selected with all that it stands for.
    if (std::exchange(m_folding, false) || isNext)
        m_selected->note();
    tellVisible();
    tellCurrent();
    Q_EMIT selectionNoted();
}

void MessageList::takeLoaded()
{
    tellVisible();
    if (!m_model->isCounting())
        m_selected->takeRest([this] { selectAll(); });
    if (m_wanted.isNull())
        return;
    if (const int row = m_model->find(m_wanted); row >= 0) {
        m_wanted = {};
        selectRow(row);
    }
}

void MessageList::tellCurrent()
{
    const std::optional<mail::MessageRow> row = currentRow();
    if (!row && currentIndex().isValid())
        return; // its page is on the way
    const mail::MessageId id = row ? row->id : mail::MessageId();
    // What is read stays open when a newer message of its conversation comes to stand for it.
    if (id == m_told || (row && row->conversation.others.contains(m_toldNumber)))
        return;
    m_told = id;
    m_toldNumber = row ? row->number : 0;
    Q_EMIT currentMessageChanged(id);
}

} // namespace glasspost::ui
