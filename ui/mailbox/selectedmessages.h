#pragma once

#include "mail/index/rows.h"
#include "ui/mailbox/roworder.h"

#include <QItemSelection>
#include <QObject>

#include <functional>
#include <optional>

namespace glasspost::ui {

class MessageListModel;

/// The messages that are selected in a message list. They are those that were in the rows when the rows were
/// selected, loaded or not: a row that comes into a selected range later is not among them. Known by the
/// numbers of their rows in the index, so that a million cost little.
class SelectedMessages : public QObject
{
    Q_OBJECT
public:
    using Then = std::function<void(const mail::RowOrder &)>;

    /// Both outlive this.
    SelectedMessages(MessageListModel &model, QItemSelectionModel &rows, QObject *parent);

    [[nodiscard]] int count() const;
    [[nodiscard]] int rowCount() const; ///< of the rows that stand for them
    /// By name, when all of them are loaded.
    [[nodiscard]] std::optional<QList<mail::MessageId>> ids() const;
    /// Calls once with their numbers, sorted: now, or as soon as they are known. Another selection before
    /// that calls it off.
    void withNumbers(Then then);
    /// Whether a selected row lies outside of these.
    [[nodiscard]] bool reachBeyond(int firstRow, int lastRow) const;

    /// More rows are to be selected once it is known how many there are: until takeRest(), or until other
    /// rows are selected, nobody is told which messages these are.
    void awaitRest();
    void takeRest(const std::function<void()> &select);
    void callOff(); ///< whoever waits: it cannot be known

    void note(); ///< other rows were selected
    void forget(); ///< another folder or search
    /// The rows where they are after the model was rearranged; those that are gone are no longer selected.
    [[nodiscard]] QItemSelection again();

private:
    void takeNumbers();

    MessageListModel &m_model;
    QItemSelectionModel &m_rows;
    std::optional<NumberSet> m_numbers = NumberSet(); ///< nothing: not known yet
    quint64 m_generation = 0; ///< of the index that has these numbers
    bool m_awaitsRest = false;
    Then m_waiting;
};

[[nodiscard]] QItemSelection selectionOf(const MessageListModel &model, const QList<RowRange> &rows);

} // namespace glasspost::ui
