#pragma once

#include "mail/queue/queuevalues.h"

#include <QAbstractItemModel>

namespace glasspost::ui {

/// The outgoing queue as a tree from values: a row for each message, newest first, below it one for each
/// recipient. GUI thread.
class QueueModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { What, State, NextAttempt, Attempts, LastReply, Size, ColumnCount };

    explicit QueueModel(QObject *parent = nullptr);

    void setEntries(QList<mail::QueueEntry> entries);
    void merge(const QList<mail::QueueEntry> &entries); ///< came or changed
    void remove(const QList<QByteArray> &ids);
    /// "in 4 min" becomes "in 3 min".
    void tick();

    [[nodiscard]] const mail::QueueEntry *entry(const QModelIndex &index) const; ///< of the row or its parent
    [[nodiscard]] const mail::QueueEntry *entry(const QByteArray &id) const;
    /// Of a recipient's row; of a message's row its worst-off one.
    [[nodiscard]] const mail::QueueRecipient *recipient(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex indexOf(const QByteArray &id) const;
    [[nodiscard]] const QList<mail::QueueEntry> &entries() const { return m_entries; }

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] int rowOf(const QByteArray &id) const;
    [[nodiscard]] QString messageText(const mail::QueueEntry &entry, int column) const;
    [[nodiscard]] QString recipientText(
        const mail::QueueEntry &entry, const mail::QueueRecipient &recipient, int column) const;
    void replace(int row, const mail::QueueEntry &entry);

    QList<mail::QueueEntry> m_entries;
    QList<quint64> m_keys; ///< of each entry: the internal id of its recipients' indexes
    quint64 m_nextKey = 1;
};

} // namespace glasspost::ui
