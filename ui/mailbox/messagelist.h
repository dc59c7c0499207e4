#pragma once

#include "ui/mailbox/listcolumns.h"
#include "ui/mailbox/messagedelegate.h"
#include "ui/mailbox/messagelistmodel.h"
#include "ui/mailbox/selectedmessages.h"

#include <QElapsedTimer>
#include <QTableView>
#include <QTimer>

#include <chrono>

class QAction;
class QDrag;

namespace glasspost::ui {

class SortMenu;

/// The view of the message list. Folds from columns to two-line rows by its width; keeps selection, current
/// row and scroll place by message while rows come and go or are sorted; knows its columns. What is
/// selected are messages, not rows: those that were in the rows when they were selected, loaded or not.
class MessageList : public QTableView
{
    Q_OBJECT
public:
    explicit MessageList(MessageListModel *model, QWidget *parent = nullptr);

    static constexpr std::chrono::milliseconds leafingRest{150}; ///< from one key that leafs to the next

    [[nodiscard]] SelectedMessages &selected() const { return *m_selected; }
    [[nodiscard]] std::optional<mail::MessageRow> currentRow() const;
    /// What currentMessageChanged() named last: of the current row, or one of the conversation that this
    /// stands for which was its first message before.
    [[nodiscard]] const mail::MessageId &currentMessage() const { return m_told; }
    /// Makes this message current and selected as soon as its page is here.
    void selectMessage(const mail::MessageId &id);
    void selectRow(int row);
    void selectAll() override; ///< what is still to be counted, too
    /// Whether the current row is likely one of many on the way: a page further, or by a key that is held
    /// down.
    [[nodiscard]] bool isLeafing() const;
    /// J and K; after a delete the row that moved into the place.
    void goNext();
    void goPrevious();

    /// Of the selected messages; null when there is nothing to drag. The caller runs it.
    [[nodiscard]] QDrag *newDrag();

    [[nodiscard]] ListColumns &columns() const { return *m_columns; }
    /// The order and the columns, for a menu of the window.
    [[nodiscard]] QList<QAction *> viewMenus() const;
    /// What a search found is highlighted in sender and subject.
    void setHits(const mail::SearchHits &hits);
    /// Leaves out what does not meet these terms; what is selected and still there stays selected.
    void setFilter(const QString &filter);
    /// A row for each conversation, or one for each message again.
    void setGrouping(mail::Grouping grouping);
    /// Shows the order of the model's query in the header without asking again.
    void showOrder();

Q_SIGNALS:
    /// The row a person looks at changed; null when there is none.
    void currentMessageChanged(const glasspost::mail::MessageId &id);
    void opened(const glasspost::mail::MessageId &id); ///< Enter or double click
    void menuRequested(const QPoint &globalPosition);
    void leaveRequested(); ///< Escape
    void selectionNoted(); ///< other messages are selected

protected:
    void resizeEvent(QResizeEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    QItemSelectionModel::SelectionFlags selectionCommand(
        const QModelIndex &index, const QEvent *event = nullptr) const override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void focusInEvent(QFocusEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    bool viewportEvent(QEvent *event) override;
    void startDrag(Qt::DropActions actions) override;

private:
    void connectModel();
    void showChosen(); ///< columns and details
    void anchorAt(const QModelIndex &index);
    void noteAnchor(Qt::KeyboardModifiers modifiers);
    void noteLeafing(const QKeyEvent &event);
    void noteSelection();
    void keepOrderWhileNeeded();
    void setUnfolded(int row, bool unfolded);
    void unfoldOrEnter();
    void foldOrLeave();
    bool toggleAt(const QPoint &position);
    void sortBy(int column, Qt::SortOrder order);
    void fold();
    void tellVisible();
    [[nodiscard]] NumberSet numbersAt(int row) const;
    void keepPlace();
    void restorePlace();
    void takeLoaded();
    void tellCurrent();

    MessageListModel *m_model;
    MessageDelegate *m_delegate;
    SelectedMessages *m_selected;
    ListColumns *m_columns;
    SortMenu *m_sortMenu;
    quint64 m_keptGeneration = 0; ///< of the index that has these numbers
    NumberSet m_keptCurrent; ///< of the messages in that row
    NumberSet m_keptAnchor;
    NumberSet m_keptTop;
    int m_keptCurrentRow = -1;
    int m_anchorRow = -1; ///< where a Shift selection begins
    bool m_anchoring = false;
    bool m_keptAtTop = true;
    bool m_rearranging = true; ///< rows are not where they were, or not there yet
    bool m_sorting = false;
    bool m_folding = false;
    mail::MessageId m_wanted;
    mail::MessageId m_told;
    qint64 m_toldNumber = 0;
    QElapsedTimer m_leafed; ///< since the last key that leafs
    QTimer m_minute; ///< "3 min ago" grows old
};

} // namespace glasspost::ui
