#pragma once

#include "mail/index/rows.h"

#include <QHash>

#include <vector>

namespace glasspost::mail {

/// The rows of a list that is grouped by conversation, made of all its messages in the list's order: each
/// conversation stands where the first of its messages would. Some 20 octets for a message.
class ConversationList
{
public:
    struct Message
    {
        qint64 number = 0; ///< of its row in the index
        qint64 thread = 0; ///< 0: none, a conversation by itself
    };
    explicit ConversationList(const std::vector<Message> &inOrder);

    struct Row
    {
        qint64 number = 0;
        Conversation conversation; ///< unread is left to the caller
        QList<qint64> members; ///< the numbers of all its messages, in order; empty below the first row
    };
    /// Of the list in which these conversations are unfolded.
    [[nodiscard]] QList<Row> rows(const QSet<qint64> &unfolded, int offset, int limit) const;
    [[nodiscard]] int rowCount(const QSet<qint64> &unfolded) const;
    [[nodiscard]] int messageCount() const { return int(m_numbers.size()); }
    [[nodiscard]] RowOrder order(const QSet<qint64> &unfolded) const; ///< of generation 0

private:
    /// Of a conversation, by its place.
    [[nodiscard]] int sizeOf(size_t group) const { return m_starts[group + 1] - m_starts[group]; }
    [[nodiscard]] std::vector<size_t> groupsOf(const QSet<qint64> &unfolded) const; ///< sorted
    [[nodiscard]] QList<qint64> members(size_t group) const;
    void appendRows(QList<Row> &rows, size_t group, bool isUnfolded, int skip, int most) const;

    std::vector<qint64> m_numbers; ///< conversation by conversation
    std::vector<int> m_starts; ///< where in them each begins, and the end
    QHash<qint64, int> m_groups; ///< the place of a thread's conversation
    std::vector<qint64> m_threads; ///< by place; 0: none
};

} // namespace glasspost::mail
