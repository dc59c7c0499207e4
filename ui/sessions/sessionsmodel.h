#pragma once

#include "smtp/session/transcript.h"

#include <QAbstractTableModel>
#include <QHash>

#include <deque>

namespace glasspost::ui {

/// Sessions, newest first, from values: pages of the past at the end, live batches at the front. GUI thread.
class SessionsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        Time,
        Label,
        Direction,
        Peer,
        Name,
        User,
        Tls,
        Messages,
        Octets,
        Outcome,
        Duration,
        ColumnCount
    };
    enum Role { FactsRole = Qt::UserRole + 1 };
    static constexpr int cap = 20000; ///< rows; older ones stay on disk

    explicit SessionsModel(QObject *parent = nullptr);

    /// Sessions that opened, changed or closed, oldest first.
    void merge(const QList<smtp::SessionFacts> &sessions);
    /// A page of older ones, newest first.
    void append(const QList<smtp::SessionFacts> &older);
    /// Durations of open sessions grow.
    void tick();
    [[nodiscard]] const smtp::SessionFacts &facts(int row) const { return m_rows[size_t(row)]; }
    /// The sessions there are, newest first.
    [[nodiscard]] const std::deque<smtp::SessionFacts> &all() const { return m_rows; }
    [[nodiscard]] int rowOf(const QByteArray &id) const; ///< -1 when not there

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(const smtp::SessionFacts &facts, int column) const;
    void changed(int row);

    std::deque<smtp::SessionFacts> m_rows;
    QHash<QByteArray, qint64> m_serials; ///< row = m_topSerial - serial
    qint64 m_topSerial = -1;
};

} // namespace glasspost::ui
