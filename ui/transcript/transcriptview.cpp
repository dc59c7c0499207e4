#include "ui/transcript/transcriptview.h"

#include "ui/theme/theme.h"
#include "ui/transcript/transcriptdelegate.h"
#include "ui/transcript/transcriptsaving.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/format.h"
#include "ui/words/sessiontext.h"

#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollBar>

namespace glasspost::ui {

TranscriptView::TranscriptView(TranscriptModel *model, QWidget *parent)
    : QTableView(parent), m_model(model), m_delegate(new TranscriptDelegate(model, this)),
      m_newLines(new QPushButton(this))
{
    setModel(model);
    setItemDelegate(m_delegate);
    horizontalHeader()->setVisible(false);
    horizontalHeader()->setStretchLastSection(true);
    verticalHeader()->setVisible(false);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(1);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(NoFrame);
    setLayoutDirection(Qt::LeftToRight);
    setAccessibleName(tr("Transcript lines"));
    takeFont();

    m_newLines->setVisible(false);
    m_newLines->setFocusPolicy(Qt::NoFocus);
    m_newLines->setCursor(Qt::PointingHandCursor);
    connect(m_newLines, &QPushButton::clicked, this, &TranscriptView::follow);
    connect(model, &QAbstractItemModel::rowsInserted, this,
        [this](const QModelIndex &, int first, int last) { rowsCame(last - first + 1); });
    connect(model, &QAbstractItemModel::rowsRemoved, this,
        [this](const QModelIndex &, int first, int last) { rowsWent(first, last); });
    connect(model, &QAbstractItemModel::modelReset, this, &TranscriptView::follow, Qt::QueuedConnection);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &TranscriptView::scrolled);
}

void TranscriptView::takeFont()
{
    QFont body = parentWidget() ? parentWidget()->font() : QGuiApplication::font();
    // Set by name, so that a painter on this widget does not take its monospace family for it.
    body.setFamily(body.family());
    if (body.pointSizeF() > 0)
        body.setPointSizeF(body.pointSizeF());
    setProperty("bodyFont", body);
    setFont(monospaceFont(body));
    QStyleOptionViewItem option;
    option.font = font();
    verticalHeader()->setDefaultSectionSize(m_delegate->sizeHint(option, {}).height());
}

void TranscriptView::rowsCame(int count)
{
    if (m_follows) {
        QScopedValueRollback moving(m_moves, true);
        scrollToBottom();
        return;
    }
    m_unseen += count;
    m_newLines->setText(m_unseen == 1 ? tr("1 new line") : tr("%Ln new lines", nullptr, m_unseen));
    m_newLines->setVisible(true);
    placeButton();
}

void TranscriptView::rowsWent(int first, int last)
{
    // Old rows dropped at the front: what one reads stays under the eye.
    if (first != 0 || m_follows)
        return;
    const int value = verticalScrollBar()->value();
    QScopedValueRollback moving(m_moves, true);
    updateGeometries();
    verticalScrollBar()->setValue(std::max(0, value - (last - first + 1)));
}

void TranscriptView::scrolled()
{
    if (m_moves)
        return;
    m_follows = verticalScrollBar()->value() >= verticalScrollBar()->maximum();
    if (m_follows) {
        m_unseen = 0;
        m_newLines->setVisible(false);
    }
}

void TranscriptView::follow()
{
    m_follows = true;
    m_unseen = 0;
    m_newLines->setVisible(false);
    QScopedValueRollback moving(m_moves, true);
    scrollToBottom();
}

void TranscriptView::goToRow(int row)
{
    const QModelIndex index = m_model->index(row);
    if (!index.isValid())
        return;
    setCurrentIndex(index);
    scrollTo(index, PositionAtCenter);
    scrolled();
}

int TranscriptView::litExchange() const
{
    return m_model->exchangeAt(currentIndex().row());
}

void TranscriptView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    m_delegate->setLit(m_model->exchangeAt(current.row()));
    viewport()->update();
    QTableView::currentChanged(current, previous);
}

void TranscriptView::mousePressEvent(QMouseEvent *event)
{
    QTableView::mousePressEvent(event);
    const QModelIndex index = indexAt(event->pos());
    if (event->button() != Qt::LeftButton || !index.isValid())
        return;
    Q_EMIT rowChosen(index.row());
    // The message line is its own button; a long line unfolds by double-click or key, so that it can be
    // marked.
    const TranscriptRow row = m_model->row(index.row());
    if (row.isData && row.fold != TranscriptRow::Fold::None && event->modifiers() == Qt::NoModifier)
        m_model->toggleFold(index.row());
}

void TranscriptView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->pos());
    if (index.isValid() && !m_model->row(index.row()).isData)
        m_model->toggleFold(index.row());
}

void TranscriptView::keyPressEvent(QKeyEvent *event)
{
    const int row = currentIndex().row();
    const bool hasRow = row >= 0;
    const TranscriptRow::Fold fold = hasRow ? m_model->row(row).fold : TranscriptRow::Fold::None;
    if (event->matches(QKeySequence::Copy)) {
        copySelected();
    } else if (hasRow && fold != TranscriptRow::Fold::None
        && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter
            || event->key() == Qt::Key_Space)) {
        m_model->toggleFold(row);
    } else if (fold == TranscriptRow::Fold::Folded && event->key() == Qt::Key_Right) {
        m_model->toggleFold(row);
    } else if (fold == TranscriptRow::Fold::Unfolded && event->key() == Qt::Key_Left) {
        m_model->toggleFold(row);
    } else {
        QTableView::keyPressEvent(event);
        if (currentIndex().row() != row)
            Q_EMIT rowChosen(currentIndex().row());
        if (event->key() == Qt::Key_End)
            follow();
    }
}

/// Home and End go to the first and the last line, as in a list.
QModelIndex TranscriptView::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    if (action == MoveHome || action == MoveEnd)
        return m_model->index(action == MoveHome ? 0 : m_model->rowCount() - 1);
    return QTableView::moveCursor(action, modifiers);
}

void TranscriptView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), QKeySequence::Copy, this, &TranscriptView::copySelected)
        ->setEnabled(selectionModel()->hasSelection());
    menu->addAction(tr("Select &all"), QKeySequence::SelectAll, this, &TranscriptView::selectAll);
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    const int row = isByKey ? currentIndex().row() : indexAt(event->pos()).row();
    if (row >= 0 && m_model->row(row).fold != TranscriptRow::Fold::None)
        menu->addAction(m_model->row(row).fold == TranscriptRow::Fold::Folded ? tr("&Unfold") : tr("&Fold"),
            this, [this, row] { m_model->toggleFold(row); });
    menu->addSeparator();
    if (const auto session = m_model->sessionAt(row))
        menu->addAction(plainCaption(tr("Follow session %1").arg(sessionLabel(session->id))), this,
            [this, id = session->id] { Q_EMIT followRequested(id); });
    if (!m_model->filter().lines.isEmpty())
        menu->addAction(tr("&Remove the filter"), this, [this] { Q_EMIT followRequested({}); });
    menu->popup(event->globalPos());
}

void TranscriptView::copySelected()
{
    QList<int> rows;
    for (const QModelIndex &index : selectionModel()->selectedIndexes())
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    if (!rows.isEmpty())
        copyTranscript(m_model->saved(rows), this);
}

void TranscriptView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    m_model->setWrapColumns(m_delegate->columnsFor(viewport()->width(), font()));
    placeButton();
    if (m_follows) {
        QScopedValueRollback moving(m_moves, true);
        scrollToBottom();
    }
}

void TranscriptView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange)
        takeFont();
}

void TranscriptView::placeButton()
{
    const QSize size = m_newLines->sizeHint();
    m_newLines->setGeometry((viewport()->width() - size.width()) / 2,
        viewport()->height() - size.height() - space::one, size.width(), size.height());
    m_newLines->raise();
}

} // namespace glasspost::ui
