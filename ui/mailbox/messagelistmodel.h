#pragma once

#include "mail/base/task.h"
#include "mail/index/rows.h"
#include "mail/queue/queuevalues.h"
#include "ui/mailbox/roworder.h"
#include "ui/widgets/chip.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>

#include <functional>
#include <optional>
#include <stop_token>

namespace glasspost::ui {

/// Where the rows come from: Mailboxes::rows and rowOrder, or a test's. Once the stop is requested no answer
/// is waited for.
struct RowSource
{
    std::function<mail::Task<mail::RowPage>(const mail::RowQuery &query, const std::stop_token &stop)> rows;
    std::function<mail::Task<mail::RowOrder>(const mail::RowQuery &query, const std::stop_token &stop)> order;
};

/// A window over a query of any length: pages are asked for when a view wants to show them and forgotten when
/// they are far. A change in the store asks the pages in sight again and puts them in place at once; when
/// rows moved, aboutToRearrange and rearranged surround the reset so that the view can keep selection and
/// place. A selection may reach beyond the pages that are here: for as long as it does, the model keeps the
/// order of all rows by their numbers in the index.
class MessageListModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Who, Subject, Date, Size, Recipient, Tags, OtherDate, ColumnCount };
    enum Role { RowRole = Qt::UserRole };
    static constexpr int pageSize = 200;

    explicit MessageListModel(RowSource source, QObject *parent = nullptr);
    ~MessageListModel() override;

    /// Another folder, search or order: everything is asked for again.
    void setQuery(const mail::RowQuery &query);
    /// The same, with another meaning of the dates; an order by date follows it.
    void setQuery(mail::RowQuery query, mail::SortKey dateKey);
    [[nodiscard]] const mail::RowQuery &query() const { return m_query; }
    /// What the column of dates shows and sorts by: Date, or Arrival where mail is captured.
    [[nodiscard]] mail::SortKey dateKey() const { return m_dateKey; }
    [[nodiscard]] qint64 dateOf(const mail::MessageRow &row) const
    {
        return m_dateKey == mail::SortKey::Arrival ? row.arrivedAt : row.date;
    }
    /// What the column of the other date shows.
    [[nodiscard]] qint64 otherDateOf(const mail::MessageRow &row) const
    {
        return m_dateKey == mail::SortKey::Arrival ? row.date : row.arrivedAt;
    }
    /// Of the same place those that meet these terms too, in the language of mail/index/searchtree.h; empty:
    /// all.
    void setFilter(const QString &filter);
    /// Of the same place a row for each conversation, or one for each message again.
    void setGrouping(mail::Grouping grouping);
    [[nodiscard]] bool isGrouped() const { return m_query.grouping == mail::Grouping::Conversations; }
    /// Gives each message of a row's conversation a row, or takes them into one. False where that changes
    /// nothing.
    bool setUnfolded(int row, bool unfolded);
    /// Of a conversation, the row that it begins with; -1 when its page is not here.
    [[nodiscard]] int firstRowOf(qint64 thread) const;
    /// The rows in sight: pages that are missing there are asked for, and a refresh knows what matters.
    void setVisibleRows(int first, int last);
    /// The store changed: asks again, at once or when the running question is answered.
    void refresh();
    /// True from setQuery until its first page is there.
    [[nodiscard]] bool isLoading() const { return m_loading; }
    /// The first page of a search is there, and what comes behind it is still being counted: loaded says when
    /// it is known.
    [[nodiscard]] bool isCounting() const { return m_counting; }

    /// The messages that its rows stand for, loaded or not.
    [[nodiscard]] int messageCount() const { return m_messages; }
    /// The row, when its page is here.
    [[nodiscard]] std::optional<mail::MessageRow> row(int row) const;
    /// Among the pages that are here; -1 when it is in none.
    [[nodiscard]] int find(const mail::MessageId &id) const;

    /// Whether rows beyond the pages in sight are to have numbers; orderKnown says when they have.
    void keepOrder(bool needed);
    /// The numbers of the messages in these rows as they were when they were shown: nothing that arrived
    /// since is among them. Nothing while they are not known.
    [[nodiscard]] std::optional<QList<qint64>> numbers(int first, int last) const;
    /// The rows that have any of these numbers, as far as they are known.
    [[nodiscard]] FoundRows rowsOf(const NumberSet &numbers) const;
    [[nodiscard]] int rowOfAny(const NumberSet &numbers) const; ///< the first of them; -1: none
    /// Whether rowsOf() finds every one that is still there: false when the order and the pages are of two
    /// moments, which the next refresh mends.
    [[nodiscard]] bool knowsPlaces() const { return !m_order || m_order->rowCount() == m_total; }
    [[nodiscard]] quint64 indexGeneration() const { return m_indexGeneration; }
    /// The queue entries of the rows that are here, waiting or long gone.
    [[nodiscard]] QList<QByteArray> queueIds() const;
    void setQueueEntries(const QHash<QByteArray, mail::QueueEntry> &entries);
    /// The state of what was sent; among search results, the folder.
    [[nodiscard]] std::optional<StateChip> chip(const mail::MessageRow &row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    void sort(int column, Qt::SortOrder order) override;
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData *mimeData(const QModelIndexList &indexes) const override;

Q_SIGNALS:
    void aboutToRearrange();
    void rearranged();
    void loaded(int total);
    void pageArrived();
    void orderKnown();
    void failed(const glasspost::mail::Error &error);

private:
    struct Refresh
    {
        QHash<int, QList<mail::MessageRow>> pages;
        int waiting = 0;
        int total = 0;
        int messages = 0;
        quint64 generation = 0;
        qint64 newest = 0;
        bool withOrder = false;
        mail::RowOrder order; ///< of generation 0 when it could not be read
    };

    void abandonAsked();
    void ask(int page);
    void take(const mail::RowPage &page);
    void askCount();
    void takeCount(const mail::RowPage &counted);
    void startRefresh();
    void takeRefreshed(int page, const mail::RowPage &answer);
    void takeRefreshedOrder(const mail::Result<mail::RowOrder> &answer);
    void answerRefresh();
    void finishRefresh();
    void replaceRows(const Refresh &fresh);
    void askOrder();
    void takeOrder(const mail::RowOrder &order);
    [[nodiscard]] int placeInOrder(int row) const;
    void rearrange(const mail::RowQuery &query);
    void forgetFarPages();
    [[nodiscard]] QSet<int> pagesInSight() const;

    RowSource m_source;
    mail::RowQuery m_query;
    mail::SortKey m_dateKey = mail::SortKey::Date;
    int m_generation = 0;
    std::stop_source m_outdated; ///< for all that is asked in this generation
    int m_total = 0;
    int m_messages = 0;
    bool m_loading = false;
    bool m_counting = false;
    QHash<int, QList<mail::MessageRow>> m_pages;
    QSet<int> m_asked;
    int m_firstVisible = 0;
    int m_lastVisible = 0;
    std::optional<Refresh> m_refresh;
    bool m_refreshAgain = false;
    bool m_isRearranging = false; ///< aboutToRearrange was emitted, rearranged was not
    quint64 m_indexGeneration = 0;
    qint64 m_newest = 0; ///< what has a higher number arrived after the rows were read
    bool m_orderNeeded = false;
    bool m_orderAsked = false;
    std::optional<RowOrder> m_order; ///< of all rows that were there at m_newest and still are
    QHash<QByteArray, mail::QueueEntry> m_queue;
};

} // namespace glasspost::ui
