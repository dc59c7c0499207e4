#include "ui/mailbox/messagelist.h"

#include "ui/mailbox/dragpicture.h"
#include "ui/mailbox/messagecells.h"
#include "ui/mailbox/messagecolumns.h"
#include "ui/mailbox/sortmenu.h"
#include "ui/widgets/plaintext.h"

#include <QContextMenuEvent>
#include <QDrag>
#include <QFocusEvent>
#include <QHeaderView>
#include <QHelpEvent>
#include <QMimeData>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr int columnsFrom = 620; ///< width in device-independent pixels from which columns are shown

} // namespace

MessageList::MessageList(MessageListModel *model, QWidget *parent)
    : QTableView(parent), m_model(model), m_delegate(new MessageDelegate(model, this)), m_selected(nullptr),
      m_columns(nullptr), m_sortMenu(nullptr)
{
    setModel(model);
    m_selected = new SelectedMessages(*model, *selectionModel(), this);
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

    m_columns = new ListColumns(*horizontalHeader(), *model, this);
    connect(m_columns, &ListColumns::changed, this, &MessageList::showChosen);
    showChosen();
    m_sortMenu = new SortMenu(*horizontalHeader(), *model);
    showOrder();
    connect(horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, &MessageList::sortBy);
    connectModel();
    connect(this, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex &index) {
        if (const std::optional<mail::MessageRow> row = m_model->row(index.row()))
            Q_EMIT opened(row->id);
    });
    m_minute.setInterval(std::chrono::minutes(1));
    connect(&m_minute, &QTimer::timeout, viewport(), qOverload<>(&QWidget::update));
    m_minute.start();
    fold();
    m_rearranging = false;
}

void MessageList::showChosen()
{
    m_delegate->setTagColumn(m_columns->shows(MessageListModel::Tags));
    m_delegate->setDetails(m_columns->details());
    viewport()->update();
}

void MessageList::connectModel()
{
    connect(m_model, &MessageListModel::aboutToRearrange, this, &MessageList::keepPlace);
    connect(m_model, &MessageListModel::rearranged, this, &MessageList::restorePlace);
    connect(m_model, &MessageListModel::loaded, this, &MessageList::takeLoaded);
    // What was asked of the selection happens now or not at all, rather than after some later answer.
    connect(m_model, &MessageListModel::failed, m_selected, &SelectedMessages::callOff);
    connect(m_model, &MessageListModel::pageArrived, this, [this] {
        if (!m_rearranging)
            tellCurrent();
    });
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        if (m_rearranging)
            return;
        m_anchorRow = -1;
        m_selected->forget();
        tellCurrent();
    });
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (!m_rearranging)
            tellCurrent();
    });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &MessageList::noteSelection);
}

QList<QAction *> MessageList::viewMenus() const
{
    return {m_sortMenu->menuAction(), m_columns->menuAction()};
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
    anchorAt(index);
    scrollTo(index);
}

void MessageList::selectAll()
{
    QTableView::selectAll();
    if (m_model->isCounting())
        m_selected->awaitRest();
}

/// Where a Shift selection begins. A view lets that be set only along with its current row.
void MessageList::anchorAt(const QModelIndex &index)
{
    m_anchorRow = index.row();
    m_anchoring = true;
    setCurrentIndex(index);
    m_anchoring = false;
}

QItemSelectionModel::SelectionFlags MessageList::selectionCommand(
    const QModelIndex &index, const QEvent *event) const
{
    return m_anchoring ? QItemSelectionModel::NoUpdate : QTableView::selectionCommand(index, event);
}

void MessageList::goNext()
{
    selectRow(currentIndex().isValid() ? currentIndex().row() + 1 : 0);
}

void MessageList::goPrevious()
{
    selectRow(currentIndex().isValid() ? currentIndex().row() - 1 : 0);
}

void MessageList::showOrder()
{
    const QSignalBlocker quiet(horizontalHeader());
    horizontalHeader()->setSortIndicator(
        columnOf(m_model->query().sort, m_model->dateKey()), m_model->query().order);
}

void MessageList::resizeEvent(QResizeEvent *event)
{
    fold();
    QTableView::resizeEvent(event);
    tellVisible();
}

void MessageList::setHits(const mail::SearchHits &hits)
{
    m_delegate->setHits(hits);
    viewport()->update();
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
    m_columns->setWide(wide);
    viewport()->update();
}

void MessageList::contextMenuEvent(QContextMenuEvent *event)
{
    if (selectionModel()->hasSelection())
        Q_EMIT menuRequested(event->globalPos());
}

void MessageList::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (const std::optional<mail::MessageRow> row = currentRow())
            Q_EMIT opened(row->id);
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT leaveRequested();
        return;
    }
    // With Ctrl, or when that row is current already, a view leaves the selection behind: the next key would
    // act on what is out of sight.
    if (event->key() == Qt::Key_Home || event->key() == Qt::Key_End) {
        QKeyEvent plain(event->type(), event->key(), event->modifiers() & ~Qt::ControlModifier);
        if (event->modifiers().testFlag(Qt::ShiftModifier))
            QTableView::keyPressEvent(&plain);
        else
            selectRow(event->key() == Qt::Key_Home ? 0 : m_model->rowCount() - 1);
        return;
    }
    const bool isForward = event->key() == (isRightToLeft() ? Qt::Key_Left : Qt::Key_Right);
    const bool isBack = event->key() == (isRightToLeft() ? Qt::Key_Right : Qt::Key_Left);
    if (m_model->isGrouped() && (isForward || isBack)) {
        isForward ? unfoldOrEnter() : foldOrLeave();
        return;
    }
    // Letters belong to the shortcuts (N, R, J ...), not to a search by typing.
    if (event->text().size() == 1 && event->text().at(0).isLetterOrNumber()
        && !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier))) {
        event->ignore();
        return;
    }
    noteLeafing(*event);
    const int before = currentIndex().row();
    QTableView::keyPressEvent(event);
    if (currentIndex().row() != before) // Ctrl by itself, say, moves nothing
        noteAnchor(event->modifiers());
}

void MessageList::noteLeafing(const QKeyEvent &event)
{
    if (event.isAutoRepeat() || event.key() == Qt::Key_PageDown || event.key() == Qt::Key_PageUp)
        m_leafed.start();
    else
        m_leafed.invalidate();
}

bool MessageList::isLeafing() const
{
    return m_leafed.isValid() && m_leafed.elapsed() < leafingRest.count();
}

/// As the view does: without Shift a selection begins at the row that is current now.
void MessageList::noteAnchor(Qt::KeyboardModifiers modifiers)
{
    if (!modifiers.testFlag(Qt::ShiftModifier))
        m_anchorRow = currentIndex().row();
}

QModelIndex MessageList::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    // In a list of rows Home and End mean the first and the last row, not a column.
    if ((action != MoveHome && action != MoveEnd) || m_model->rowCount() == 0)
        return QTableView::moveCursor(action, modifiers);
    return m_model->index(
        action == MoveHome ? 0 : m_model->rowCount() - 1, std::max(0, currentIndex().column()));
}

QDrag *MessageList::newDrag()
{
    const std::optional<mail::MessageRow> row = currentRow();
    if (!row || m_selected->count() == 0)
        return nullptr;
    auto *drag = new QDrag(this);
    drag->setMimeData(m_model->mimeData({currentIndex()}));
    // Small and beside the pointer: the folder below it stays in sight.
    drag->setPixmap(dragPicture(tr("%Ln message(s)", nullptr, m_selected->count()), *this));
    drag->setHotSpot({-16, -16});
    return drag;
}

void MessageList::startDrag(Qt::DropActions actions)
{
    if (QDrag *drag = newDrag())
        drag->exec(actions, Qt::MoveAction);
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
    const bool isLeft = event->button() == Qt::LeftButton; // another one asks for the row's menu
    if (!indexAt(event->pos()).isValid() || (isLeft && toggleAt(event->pos())))
        return;
    QTableView::mousePressEvent(event);
    noteAnchor(event->modifiers());
}

void MessageList::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !toggleAt(event->pos()))
        QTableView::mouseDoubleClickEvent(event);
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
    QToolTip::showText(help->globalPos(), plainToolTip(rowToolTip(indexAt(help->pos()))), viewport());
    return true;
}

} // namespace glasspost::ui
