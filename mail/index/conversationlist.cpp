#include "mail/index/conversationlist.h"

#include <algorithm>
#include <utility>

namespace glasspost::mail {

ConversationList::ConversationList(const std::vector<Message> &inOrder)
{
    std::vector<int> groupOf;
    groupOf.reserve(inOrder.size());
    for (const Message &message : inOrder) {
        const int next = int(m_threads.size());
        const int group = message.thread == 0 ? next : m_groups.value(message.thread, next);
        if (group == next) {
            m_threads.push_back(message.thread);
            m_starts.push_back(0);
            if (message.thread != 0)
                m_groups.insert(message.thread, group);
        }
        groupOf.push_back(group);
        ++m_starts[size_t(group)]; // how many, until the sums below
    }
    int begin = 0;
    for (int &start : m_starts)
        begin += std::exchange(start, begin);
    m_starts.push_back(begin);
    m_numbers.resize(inOrder.size());
    std::vector<int> filled(m_threads.size(), 0);
    for (size_t i = 0; i < inOrder.size(); ++i) {
        const auto group = size_t(groupOf[i]);
        m_numbers[size_t(m_starts[group]) + size_t(filled[group]++)] = inOrder[i].number;
    }
}

std::vector<size_t> ConversationList::groupsOf(const QSet<qint64> &unfolded) const
{
    std::vector<size_t> groups;
    for (const qint64 thread : unfolded) {
        if (const auto known = m_groups.constFind(thread); known != m_groups.cend())
            groups.push_back(size_t(*known));
    }
    std::sort(groups.begin(), groups.end());
    return groups;
}

int ConversationList::rowCount(const QSet<qint64> &unfolded) const
{
    int rows = int(m_threads.size());
    for (const size_t group : groupsOf(unfolded))
        rows += sizeOf(group) - 1;
    return rows;
}

QList<qint64> ConversationList::members(size_t group) const
{
    return {m_numbers.cbegin() + m_starts[group], m_numbers.cbegin() + m_starts[group + 1]};
}

QList<ConversationList::Row> ConversationList::rows(const QSet<qint64> &unfolded, int offset, int limit) const
{
    const std::vector<size_t> open = groupsOf(unfolded);
    QList<Row> rows;
    auto nextOpen = open.cbegin();
    int skip = std::max(0, offset);
    for (size_t group = 0; group < m_threads.size() && rows.size() < limit;) {
        const bool isUnfolded = nextOpen != open.cend() && *nextOpen == group;
        // Over all that is folded at once: the last page of a million is as near as the first.
        const size_t foldedTo = nextOpen == open.cend() ? m_threads.size() : *nextOpen;
        const size_t over = isUnfolded ? 0 : std::min(size_t(skip), foldedTo - group);
        if (over > 0) {
            group += over;
            skip -= int(over);
            continue;
        }
        const int height = isUnfolded ? sizeOf(group) : 1;
        appendRows(rows, group, isUnfolded, skip, limit);
        skip = std::max(0, skip - height);
        nextOpen += isUnfolded ? 1 : 0;
        ++group;
    }
    return rows;
}

void ConversationList::appendRows(QList<Row> &rows, size_t group, bool isUnfolded, int skip, int most) const
{
    const int height = isUnfolded ? sizeOf(group) : 1;
    for (int i = skip; i < height && rows.size() < most; ++i) {
        Row row;
        row.number = m_numbers[size_t(m_starts[group]) + size_t(i)];
        row.conversation.thread = m_threads[group];
        row.conversation.messages = sizeOf(group);
        row.conversation.isBelow = i > 0;
        row.conversation.isUnfolded = isUnfolded && sizeOf(group) > 1;
        if (i == 0) {
            row.members = members(group);
            row.conversation.others = isUnfolded ? QList<qint64>() : row.members.mid(1);
        }
        rows.append(std::move(row));
    }
}

RowOrder ConversationList::order(const QSet<qint64> &unfolded) const
{
    const std::vector<size_t> open = groupsOf(unfolded);
    RowOrder order;
    order.numbers = {m_numbers.cbegin(), m_numbers.cend()};
    order.starts.reserve(rowCount(unfolded));
    auto nextOpen = open.cbegin();
    for (size_t group = 0; group < m_threads.size(); ++group) {
        const bool isUnfolded = nextOpen != open.cend() && *nextOpen == group;
        nextOpen += isUnfolded ? 1 : 0;
        const int height = isUnfolded ? sizeOf(group) : 1;
        for (int i = 0; i < height; ++i)
            order.starts.append(m_starts[group] + i);
    }
    return order;
}

} // namespace glasspost::mail
