#include "ui/mailbox/messagelist.h"

#include "ui/widgets/plaintext.h"

#include <QContextMenuEvent>
#include <QFocusEvent>
#include <QHeaderView>
#include <QHelpEvent>
#include <QScrollBar>
#include <QToolTip>

namespace glasspost::ui {

namespace {

constexpr int columnsFrom = 620; ///< width in device-independent pixels from which columns are shown

} // namespace

MessageList::MessageList(MessageListModel *model, QWidget *parent)
    : QTableView(parent), m_model(model), m_delegate(new MessageDelegate(model, this))
{
    setModel(model);
    setItemDelegate(m_delegate);
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setMouseTracking(true);
    setDragEnabled(true);
    setDragDropMode(DragOnly);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Messages"));
    verticalHeader()->setVisible(false);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(1);

    QHeaderView *header = horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setMinimumSectionSize(56);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(MessageListModel::Subject, QHeaderView::Stretch);
    header->resizeSection(MessageListModel::Who, 190);
    header->resizeSection(MessageListModel::Date, 104);
    header->resizeSection(MessageListModel::Size, 80);
    header->setSortIndicatorShown(true);
    header->setSectionsClickable(true);
    showOrder();
    connect(header, &QHeaderView::sortIndicatorChanged, m_model, &MessageListModel::sort);
    connect(m_model, &MessageListModel::aboutToRearrange, this, &MessageList::keepPlace);
    connect(m_model, &MessageListModel::rearranged, this, &MessageList::restorePlace);
    connect(m_model, &MessageListModel::loaded, this, &MessageList::takeLoaded);
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        if (!m_rearranging)
            tellCurrent();
    });
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (!m_rearranging)
            tellCurrent();
    });
    connect(this, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex &index) {
        if (const std::optional<mail::MessageRow> row = m_model->row(index.row()))
            Q_EMIT opened(row->id);
    });
    m_minute.setInterval(std::chrono::minutes(1));
    connect(&m_minute, &QTimer::timeout, viewport(), qOverload<>(&QWidget::update));
    m_minute.start();
    fold();
}

QList<mail::MessageId> MessageList::selectedIds() const
{
    QList<mail::MessageId> ids;
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    for (const QModelIndex &index : std::as_const(rows)) {
        if (const std::optional<mail::MessageRow> row = m_model->row(index.row()))
            ids.append(row->id);
    }
    return ids;
}

std::optional<mail::MessageRow> MessageList::currentRow() const
{
    return m_model->row(currentIndex().row());
}

void MessageList::selectMessage(const mail::MessageId &id)
{
    m_wanted = id;
    takeLoaded();
}

void MessageList::selectRow(int row)
{
    const int last = m_model->rowCount() - 1;
    if (last < 0)
        return;
    const QModelIndex index = m_model->index(std::clamp(row, 0, last), 0);
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index);
}

void MessageList::goNext()
{
    selectRow(currentIndex().isValid() ? currentIndex().row() + 1 : 0);
}

void MessageList::goPrevious()
{
    selectRow(currentIndex().isValid() ? currentIndex().row() - 1 : 0);
}

QByteArray MessageList::saveColumns() const
{
    return horizontalHeader()->saveState();
}

void MessageList::restoreColumns(const QByteArray &state)
{
    if (!state.isEmpty())
        horizontalHeader()->restoreState(state);
    fold();
}

void MessageList::showOrder()
{
    constexpr std::array columns
        = {MessageListModel::Date, MessageListModel::Who, MessageListModel::Subject, MessageListModel::Size};
    const QSignalBlocker quiet(horizontalHeader());
    horizontalHeader()->setSortIndicator(columns[size_t(m_model->query().sort)], m_model->query().order);
}

void MessageList::resizeEvent(QResizeEvent *event)
{
    fold();
    QTableView::resizeEvent(event);
    tellVisible();
}

void MessageList::fold()
{
    using Layout = MessageDelegate::Layout;
    const Layout layout = width() >= columnsFrom ? Layout::Columns : Layout::TwoLines;
    const bool wide = layout == Layout::Columns;
    const int height = MessageDelegate::rowHeight(fontMetrics(), layout);
    if (m_delegate->layout() == layout && verticalHeader()->defaultSectionSize() == height)
        return;
    m_delegate->setLayout(layout);
    verticalHeader()->setDefaultSectionSize(height);
    horizontalHeader()->setVisible(wide);
    for (const int column : {MessageListModel::Subject, MessageListModel::Date, MessageListModel::Size})
        setColumnHidden(column, !wide);
    horizontalHeader()->setSectionResizeMode(
        MessageListModel::Who, wide ? QHeaderView::Interactive : QHeaderView::Stretch);
    if (wide)
        horizontalHeader()->resizeSection(MessageListModel::Who, std::min(220, width() / 4));
    viewport()->update();
}

void MessageList::contextMenuEvent(QContextMenuEvent *event)
{
    if (!selectedIds().isEmpty())
        Q_EMIT menuAsked(event->globalPos());
}

void MessageList::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (const std::optional<mail::MessageRow> row = currentRow())
            Q_EMIT opened(row->id);
        return;
    }
    // Letters belong to the shortcuts (N, R, J ...), not to a search by typing.
    if (event->text().size() == 1 && event->text().at(0).isLetterOrNumber()
        && !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier))) {
        event->ignore();
        return;
    }
    QTableView::keyPressEvent(event);
}

// A table goes to the first and last column; of a list of messages one wants the first and last message.
QModelIndex MessageList::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    const int rows = m_model->rowCount();
    if (rows > 0 && (action == MoveHome || action == MoveEnd))
        return m_model->index(action == MoveHome ? 0 : rows - 1, std::max(0, currentIndex().column()));
    return QTableView::moveCursor(action, modifiers);
}

void MessageList::focusInEvent(QFocusEvent *event)
{
    // The view would make its first row current: that would open a message, and count it as read.
    // NOLINTNEXTLINE(bugprone-parent-virtual-call)
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void MessageList::mousePressEvent(QMouseEvent *event)
{
    // Below the last row nothing is meant: the message that is open stays the selected one.
    if (indexAt(event->pos()).isValid())
        QTableView::mousePressEvent(event);
}

void MessageList::scrollContentsBy(int dx, int dy)
{
    QTableView::scrollContentsBy(dx, dy);
    tellVisible();
}

bool MessageList::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || m_delegate->layout() == MessageDelegate::Layout::Columns)
        return QTableView::viewportEvent(event);
    // A row of two lines is all columns in one.
    const auto *help = static_cast<QHelpEvent *>(event);
    const QModelIndex index = indexAt(help->pos());
    QStringList lines;
    for (const int column :
        {MessageListModel::Who, MessageListModel::Subject, MessageListModel::Date, MessageListModel::Size}) {
        if (const QString line = index.siblingAtColumn(column).data(Qt::ToolTipRole).toString();
            !line.isEmpty())
            lines.append(line);
    }
    QToolTip::showText(help->globalPos(), plainToolTip(lines.join(QLatin1Char('\n'))), viewport());
    return true;
}

void MessageList::tellVisible()
{
    const int first = rowAt(0);
    const int last = rowAt(viewport()->height() - 1);
    m_model->setVisibleRows(std::max(first, 0), last < 0 ? std::max(0, m_model->rowCount() - 1) : last);
}

void MessageList::keepPlace()
{
    m_rearranging = true;
    m_keptSelection = selectedIds();
    const std::optional<mail::MessageRow> current = currentRow();
    m_keptCurrent = current ? current->id : mail::MessageId();
    m_keptCurrentRow = currentIndex().row();
    m_keptAtTop = verticalScrollBar()->value() == verticalScrollBar()->minimum();
    const std::optional<mail::MessageRow> top = m_model->row(rowAt(0));
    m_keptTop = top ? top->id : mail::MessageId();
}

void MessageList::restorePlace()
{
    // Scrolled down, the message at the top edge stays there; at the very top, new mail is let in.
    if (const int top = m_keptAtTop ? -1 : m_model->find(m_keptTop); top >= 0)
        scrollTo(m_model->index(top, 0), PositionAtTop);
    int current = m_keptCurrent.isNull() ? -1 : m_model->find(m_keptCurrent);
    QItemSelection selection;
    for (const mail::MessageId &id : std::as_const(m_keptSelection)) {
        if (const int row = m_model->find(id); row >= 0)
            selection.select(m_model->index(row, 0), m_model->index(row, MessageListModel::ColumnCount - 1));
    }
    // What was looked at is gone: its place is taken by the next one.
    if (current < 0 && m_keptCurrentRow >= 0 && m_model->rowCount() > 0) {
        current = std::min(m_keptCurrentRow, m_model->rowCount() - 1);
        if (selection.isEmpty())
            selection.select(
                m_model->index(current, 0), m_model->index(current, MessageListModel::ColumnCount - 1));
    }
    if (current >= 0)
        selectionModel()->setCurrentIndex(m_model->index(current, 0), QItemSelectionModel::NoUpdate);
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    m_rearranging = false;
    tellVisible();
    tellCurrent();
}

void MessageList::takeLoaded()
{
    tellVisible();
    if (m_wanted.isNull())
        return;
    if (const int row = m_model->find(m_wanted); row >= 0) {
        m_wanted = {};
        selectRow(row);
    }
}

void MessageList::tellCurrent()
{
    const std::optional<mail::MessageRow> row = currentRow();
    const mail::MessageId id = row ? row->id : mail::MessageId();
    if (id == m_told)
        return;
    m_told = id;
    Q_EMIT currentMessageChanged(id);
}

} // namespace glasspost::ui
