#pragma once

#include "mail/base/posix.h"
#include "mail/index/arrivalquery.h"
#include "mail/index/conversationlist.h"
#include "mail/index/rows.h"
#include "mail/index/rowselection.h"
#include "mail/index/statementstop.h"
#include "mail/index/surplusquery.h"
#include "mail/index/tagcount.h"
#include "mail/message/messagereader.h"

#include <QDate>
#include <QHash>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <cerrno>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>

namespace glasspost::mail {

/// One row of the index with what no view shows.
struct IndexedMessage
{
    qint64 row = 0;
    QByteArray unique;
    QByteArray file; ///< below its Maildir: "new/...", "cur/...:2,S"
    MessageFlags flags;
};

/// Of the column; what an older or edited index has beside Maildir's six is left out.
inline MessageFlags flagsFromIndex(int column)
{
    static constexpr int all = 63;
    return MessageFlags(column & all);
}

/// What a statement gave, row by row.
class SqlRows
{
public:
    explicit SqlRows(std::shared_ptr<QSqlQuery> query) : m_query(std::move(query)) { }
    bool next() { return m_query->next(); }
    [[nodiscard]] QVariant value(int column) const { return m_query->value(column); }
    [[nodiscard]] int numRowsAffected() const { return m_query->numRowsAffected(); }
    [[nodiscard]] QVariant lastInsertId() const { return m_query->lastInsertId(); }
    [[nodiscard]] QSqlError lastError() const { return m_query->lastError(); }
    void finish() { m_query->finish(); } ///< lets the statement go before its last row

private:
    std::shared_ptr<QSqlQuery> m_query;
};

/// One connection to index.sqlite: one thread. The file is a cache over mail/: whatever is wrong with it is
/// answered with Damaged, upon which its owner deletes it and fills it anew.
class IndexDatabase
{
public:
    enum class Access { Write, Read };
    static Result<std::unique_ptr<IndexDatabase>> open(const QString &path, Access access);
    /// The database and what SQLite keeps beside it.
    static void removeFiles(const QString &path);
    ~IndexDatabase();
    IndexDatabase(const IndexDatabase &) = delete;
    IndexDatabase &operator=(const IndexDatabase &) = delete;

    Result<void> begin();
    Result<void> commit();
    void rollback();
    [[nodiscard]] bool isInTransaction() const { return m_isInTransaction; }

    struct Folder
    {
        qint64 row = 0;
        FolderId id;
        QByteArray stamp; ///< the times of new/ and cur/ when it was last compared with the files
        int total = 0;
        int unread = 0;
    };
    Result<QList<Folder>> folders();
    Result<qint64> addFolder(const FolderId &id);
    Result<void> removeFolder(qint64 folder);
    Result<void> setStamp(qint64 folder, const QByteArray &stamp);

    /// False when the folder has that message already; its session and queue ids are noted all the same.
    Result<bool> insert(
        qint64 folder, const QByteArray &file, const IndexFields &fields, const MessageRow &facts);
    Result<std::optional<IndexedMessage>> find(qint64 folder, const QByteArray &unique);
    /// Each of a folder, as it is read: none may be changed before the last.
    Result<void> forEach(qint64 folder, const std::function<void(const IndexedMessage &)> &visit);
    Result<void> setTags(qint64 row, const QStringList &tags);
    /// Of the messages in a folder, in alphabetical order.
    Result<QList<TagCount>> tagCounts(const FolderId &folder);
    Result<void> update(qint64 row, qint64 folder, const QByteArray &file, MessageFlags flags);
    Result<void> remove(qint64 row);

    /// Generation is left to the caller. Fails soon after the stop is requested, and never answers after it.
    Result<RowPage> rows(const RowQuery &query, const std::stop_token &stop = {});
    Result<RowPage> arrivals(const ArrivalQuery &query); ///< likewise; its query and total are not set
    Result<QList<MessageId>> surplus(const SurplusQuery &query);
    Result<RowOrder> order(const RowQuery &query, const std::stop_token &stop = {}); ///< like rows()
    /// The messages of these rows, in that order; rows that are gone are left out.
    Result<QList<MessageId>> identify(const QList<qint64> &numbers);
    /// The file below its Maildir; nothing when the index does not have it.
    Result<std::optional<QByteArray>> fileOf(const MessageId &id);
    Result<std::optional<MessageRow>> row(const MessageId &id);
    /// In whatever folder: one row, unless another program copied the file under its name.
    Result<QList<MessageRow>> named(const QByteArray &unique);

private:
    /// Where a message belongs that has no row yet.
    struct ThreadPlace
    {
        QList<qint64> threads; ///< those that it joins
        QList<QByteArray> ids; ///< its own and those that it names
        bool isReply = false; ///< it names any
    };
    Result<ThreadPlace> placeInThreads(qint64 folder, const IndexFields &fields);
    Result<qint64> threadOfSubject(qint64 folder, const QString &key);
    Result<qint64> joinThreads(const QList<qint64> &threads);
    Result<void> joinThread(qint64 from, qint64 to);
    Result<void> noteThread(qint64 row, const ThreadPlace &place);
    Result<void> leaveThread(qint64 row);
    Result<void> leaveThreadsOf(qint64 folder);

    explicit IndexDatabase(QString name) : m_name(std::move(name)) { }
    Result<void> prepareSchema();
    Result<void> checkSchema();
    Result<void> checkNumbers();
    Result<SqlRows> run(const QString &statement, const QVariantList &values = {});
    Result<qint64> count(const QString &statement, const QVariantList &values);
    /// What read() gives, all of it read of one moment.
    template <typename Read>
    std::invoke_result_t<Read> ofOneMoment(const Read &read, const std::stop_token &stop = {});
    /// Lets the statement go: why there was no further row, unless it had given its last.
    static Result<void> finished(SqlRows &rows);
    Result<RowPage> readPage(const RowQuery &query);
    Result<QList<MessageRow>> readRows(const RowQuery &query);
    /// What the query means, by the way that suits how many messages have its words.
    Result<RowSelection> select(const RowQuery &query);
    Result<qint64> total(const RowQuery &query);
    Result<qint64> countOf(const RowQuery &query);
    Result<RowPage> readArrivals(const ArrivalQuery &query);
    Result<QList<MessageId>> readSurplus(const SurplusQuery &query);
    Result<qint64> newestNumber();
    /// All conversations of a list: as they were read last, unless another connection has written since.
    Result<const ConversationList *> conversations(const RowQuery &query);
    Result<std::vector<ConversationList::Message>> messagesInOrder(const RowQuery &query);
    Result<void> readConversations(RowPage &page);
    Result<int> unreadOf(const ConversationList::Row &row);
    Result<RowOrder> readOrder(const RowQuery &query);
    Result<QList<MessageRow>> rowsFrom(const QString &where, const QVariantList &values);
    Result<RowPage> withSnippets(RowPage page, const QString &match);
    [[nodiscard]] QSqlDatabase database() const { return QSqlDatabase::database(m_name, false); }

    QString m_name;
    bool m_isInTransaction = false;
    QHash<QString, std::shared_ptr<QSqlQuery>> m_prepared;
    /// What was read of a list once stays right while this is the same.
    struct ListState
    {
        RowQuery query; ///< without the part that is read of it
        QDate day; ///< searches may mean it
        qint64 version = 0; ///< of the data, as this connection counts it

        friend bool operator==(const ListState &, const ListState &) = default;
    };
    Result<ListState> stateOf(const RowQuery &query);
    struct KeptConversations
    {
        ListState of;
        ConversationList list;
    };
    std::optional<KeptConversations> m_conversations;
    struct KeptTotal
    {
        ListState of;
        qint64 messages = 0;
    };
    std::optional<KeptTotal> m_total;
};

template <typename Read>
std::invoke_result_t<Read> IndexDatabase::ofOneMoment(const Read &read, const std::stop_token &stop)
{
    if (const auto begun = run(QStringLiteral("BEGIN")); !begun)
        return tl::unexpected(begun.error());
    std::optional<StatementStop> stopping(std::in_place, database(), stop);
    auto answer = read();
    stopping.reset();
    run(QStringLiteral("COMMIT"));
    if (stop.stop_requested())
        return systemFailure(ECANCELED, QStringLiteral("index.sqlite"));
    return answer;
}

} // namespace glasspost::mail
