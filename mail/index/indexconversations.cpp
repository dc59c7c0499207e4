// What is read of the index for lists: the order of their rows, and the rows of those that are grouped by
// conversation.
#include "mail/index/indexdatabase.h"

#include "mail/index/rowselection.h"

#include <algorithm>

namespace glasspost::mail {

Result<RowOrder> IndexDatabase::order(const RowQuery &query, const std::stop_token &stop)
{
    // Of one moment, should the conversations be known already.
    return ofOneMoment([this, &query] { return readOrder(query); }, stop);
}

Result<RowOrder> IndexDatabase::readOrder(const RowQuery &query)
{
    if (query.grouping == Grouping::Conversations) {
        const auto list = conversations(query);
        return list ? (*list)->order(query.unfolded) : Result<RowOrder>(tl::unexpected(list.error()));
    }
    const auto selection = select(query);
    if (!selection)
        return tl::unexpected(selection.error());
    RowOrder order;
    auto found = run(QStringLiteral("SELECT m.id") + selection->from + orderBy(query), selection->values);
    if (!found)
        return tl::unexpected(found.error());
    while (found->next())
        order.numbers.append(found->value(0).toLongLong());
    return finished(*found).map([&order] { return order; });
}

Result<std::vector<ConversationList::Message>> IndexDatabase::messagesInOrder(const RowQuery &query)
{
    const auto selection = select(query);
    if (!selection)
        return tl::unexpected(selection.error());
    std::vector<ConversationList::Message> messages;
    auto found
        = run(QStringLiteral("SELECT m.id, m.thread") + selection->from + orderBy(query), selection->values);
    if (!found)
        return tl::unexpected(found.error());
    while (found->next())
        messages.push_back({found->value(0).toLongLong(), found->value(1).toLongLong()});
    return finished(*found).map([&messages] { return std::move(messages); });
}

Result<IndexDatabase::ListState> IndexDatabase::stateOf(const RowQuery &query)
{
    const auto version = count(QStringLiteral("PRAGMA data_version"), {});
    if (!version)
        return tl::unexpected(version.error());
    ListState state{query, QDate::currentDate(), *version};
    state.query.offset = state.query.limit = 0;
    state.query.unfolded = {};
    state.query.countsLater = false;
    return state;
}

Result<const ConversationList *> IndexDatabase::conversations(const RowQuery &query)
{
    const auto state = stateOf(query);
    if (!state)
        return tl::unexpected(state.error());
    if (!m_conversations || m_conversations->of != *state) {
        m_conversations.reset();
        const auto messages = messagesInOrder(state->query);
        if (!messages)
            return tl::unexpected(messages.error());
        m_conversations.emplace(KeptConversations{*state, ConversationList(*messages)});
    }
    return &m_conversations->list;
}

/// Into a page of that query.
Result<void> IndexDatabase::readConversations(RowPage &page)
{
    const auto list = conversations(page.query);
    if (!list)
        return tl::unexpected(list.error());
    page.total = (*list)->rowCount(page.query.unfolded);
    page.messages = (*list)->messageCount();
    for (const ConversationList::Row &row :
        (*list)->rows(page.query.unfolded, page.query.offset, page.query.limit)) {
        auto shown = rowsFrom(QStringLiteral("m.id = ?"), {row.number});
        const auto unread = shown ? unreadOf(row) : Result<int>(0);
        if (!shown || !unread)
            return tl::unexpected(shown ? unread.error() : shown.error());
        if (shown->isEmpty()) // in a file that somebody edited
            continue;
        shown->first().conversation = row.conversation;
        shown->first().conversation.unread = *unread;
        page.rows.append(shown->takeFirst());
    }
    return {};
}

Result<int> IndexDatabase::unreadOf(const ConversationList::Row &row)
{
    if (row.members.size() < 2)
        return 0;
    QList<qint64> members = row.members;
    std::sort(members.begin(), members.end());
    auto found = run(
        QStringLiteral("SELECT id FROM messages WHERE thread = ? AND unread = 1"), {row.conversation.thread});
    if (!found)
        return tl::unexpected(found.error());
    int unread = 0;
    while (found->next())
        unread += std::binary_search(members.cbegin(), members.cend(), found->value(0).toLongLong()) ? 1 : 0;
    return finished(*found).map([unread] { return unread; });
}

} // namespace glasspost::mail
