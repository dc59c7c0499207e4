#pragma once

#include "mail/error.h"
#include "mail/queue/queuevalues.h"
#include "mail/store/storevalues.h"
#include "ui/widgets/chip.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>

#include <functional>
#include <optional>

namespace glasspost::ui {

/// Where the rows come from: MailSystem::rows, or a test's.
using RowSource = std::function<void(
    const mail::RowQuery &query, QObject *context, mail::Completion<mail::RowPage> done)>;

/// A window over a query of any length: pages are asked for when a view wants to show them and forgotten when
/// they are far. A change in the store asks the pages in sight again and puts them in place at once; when
/// rows moved, aboutToRearrange and rearranged stand around the reset so that the view can keep selection and
/// place.
class MessageListModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Who, Subject, Date, Size, ColumnCount };
    enum Role { RowRole = Qt::UserRole };
    static constexpr int pageSize = 200;

    explicit MessageListModel(RowSource source, QObject *parent = nullptr);

    /// Another folder, search or order: everything anew.
    void setQuery(const mail::RowQuery &query);
    [[nodiscard]] const mail::RowQuery &query() const { return m_query; }
    /// The rows in sight: pages that are missing there are asked for, and a refresh knows what matters.
    void setVisibleRows(int first, int last);
    /// The store changed: asks again, at once or when the running question is answered.
    void refresh();
    /// True from setQuery until its first page is there.
    [[nodiscard]] bool isLoading() const { return m_loading; }

    /// The row, when its page is here.
    [[nodiscard]] std::optional<mail::MessageRow> row(int row) const;
    /// Among the pages that are here; -1 when it is in none.
    [[nodiscard]] int find(const mail::MessageId &id) const;
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
    void failed(const glasspost::mail::Error &error);

private:
    struct Refresh
    {
        QHash<int, QList<mail::MessageRow>> pages;
        int waiting = 0;
        int total = 0;
    };

    void ask(int page);
    void take(const mail::RowPage &page);
    void startRefresh();
    void takeRefreshed(int page, const mail::RowPage &answer);
    void finishRefresh();
    void forgetFarPages();
    [[nodiscard]] QSet<int> pagesInSight() const;
    [[nodiscard]] static QString spokenMarks(const mail::MessageRow &row);
    [[nodiscard]] static QString who(const mail::MessageRow &row);
    [[nodiscard]] QString toolTip(const mail::MessageRow &row, int column) const;

    RowSource m_source;
    mail::RowQuery m_query;
    int m_generation = 0;
    int m_total = 0;
    bool m_loading = false;
    QHash<int, QList<mail::MessageRow>> m_pages;
    QSet<int> m_asked;
    int m_firstVisible = 0;
    int m_lastVisible = 0;
    std::optional<Refresh> m_refresh;
    bool m_refreshAgain = false;
    QHash<QByteArray, mail::QueueEntry> m_queue;
};

} // namespace glasspost::ui
