#pragma once

#include "mail/maildir/messageid.h"

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QSet>
#include <QString>
#include <QStringList>

namespace glasspost::mail {

struct FolderInfo
{
    FolderId id;
    int total = 0;
    int unread = 0;

    friend bool operator==(const FolderInfo &, const FolderInfo &) = default;
};

/// What a row of a list that is grouped by conversation stands for. In a list that is not, each stands for
/// its message alone.
struct Conversation
{
    qint64 thread = 0; ///< for RowQuery::unfolded; 0: a message alone
    int messages = 1; ///< of it in the list
    int unread = 0; ///< of these
    bool isUnfolded = false; ///< each of its messages has a row
    bool isBelow = false; ///< a message of it below the first, unfolded
    QList<qint64> others; ///< folded: the numbers of the rows of all its messages but this one, in order

    friend bool operator==(const Conversation &, const Conversation &) = default;
};

/// What a message list shows of one message; comes from the index.
struct MessageRow
{
    MessageId id;
    QString fromName; ///< display name, else the address
    QString fromAddress;
    QString to; ///< for Sent and Drafts: the first recipients
    QString subject;
    qint64 date = 0; ///< seconds since the Unix epoch: the Date field, or the arrival when there is none
    qint64 arrivedAt = 0; ///< seconds since the Unix epoch
    qint64 size = 0; ///< octets on the wire
    MessageFlags flags;
    bool hasAttachments = false;
    QByteArray messageIdField; ///< of the Message-ID field, without angle brackets
    QByteArray sessionId; ///< the session that brought it; empty when it came without SMTP
    QByteArray queueId; ///< Sent: its queue entry; empty when it never was in the queue
    QStringList tags; ///< as a person gave them
    QString preview; ///< the first words of its text, on one line
    QString snippet; ///< searches: the place that matched
    qint64 number = 0; ///< of its row in the index, kept when it is moved; a newer message has a higher one
    Conversation conversation;

    friend bool operator==(const MessageRow &, const MessageRow &) = default;
};

enum class SortKey { Date, From, Subject, Size, Arrival, Recipient, Tags };

/// Conversations: a row for each, the first of its messages in the list's order.
enum class Grouping { Messages, Conversations };

/// Which rows, in which order.
struct RowQuery
{
    FolderId folder; ///< with a search text and an empty user: every folder
    QString searchText; ///< empty: the whole folder. In the language of mail/index/searchtree.h
    SortKey sort = SortKey::Date;
    Qt::SortOrder order = Qt::DescendingOrder;
    int offset = 0;
    int limit = 200;
    QString filter; ///< in the same language: what each row must meet besides, wherever it is looked for
    Grouping grouping = Grouping::Messages;
    QSet<qint64> unfolded; ///< the conversations that have a row for each of their messages
    bool countsLater = false; ///< its first rows are wanted before it is known how many there are

    friend bool operator==(const RowQuery &, const RowQuery &) = default;
};

struct RowPage
{
    RowQuery query;
    int total = 0; ///< rows the query has in all
    QList<MessageRow> rows; ///< from offset, at most limit
    bool isMissing = false; ///< the index cannot be read now: no rows, though there may be messages
    quint64 generation = 0; ///< of the index: another one numbers its rows anew
    qint64 newest = 0; ///< the highest number of any row when this was read
    int messages = 0; ///< that its rows stand for in all
    bool isCounted = true; ///< else total and messages are those of the page, and there may be more
};

/// Every row of a query by the numbers of its messages, in the query's order.
struct RowOrder
{
    quint64 generation = 0; ///< of the index that numbered them
    QList<qint64> numbers; ///< of its messages
    QList<int> starts; ///< grouped by conversation: where in them each row begins. Empty: each is a row
};

/// Folders that changed since the last batch: what a view must ask again. At most some 30 a second.
struct StoreChange
{
    QList<FolderInfo> folders; ///< every folder whose counts or rows changed
    bool foldersCameOrWent = false;
    qint64 toBeIndexed = 0; ///< messages that stand in mailboxes and are not in the counts and rows yet
};

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::StoreChange)
