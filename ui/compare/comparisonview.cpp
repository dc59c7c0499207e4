#include "ui/compare/comparisonview.h"

#include "ui/compare/comparisondelegate.h"
#include "ui/compare/comparisonmodel.h"
#include "ui/theme/theme.h"
#include "ui/words/comparisontext.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>

namespace glasspost::ui {

ComparisonView::ComparisonView(const mail::Comparison &comparison, QWidget *parent)
    : QTreeView(parent), m_model(new ComparisonModel(comparison, this))
{
    setModel(m_model);
    setItemDelegate(new ComparisonDelegate(m_model, this));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setFrameShape(QFrame::NoFrame);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    setAccessibleName(tr("Comparison"));
    setAccessibleDescription(
        tr("N and P go to the next and the previous difference, Enter and Shift+Enter show "
           "the lines of the left and of the right side."));
    sizeColumns();
    addActions();
    connect(this, &QTreeView::doubleClicked, this,
        [this](const QModelIndex &index) { ask(index.column() == ComparisonModel::Right); });
    setCurrentIndex(m_model->index(0, 0));
}

void ComparisonView::sizeColumns()
{
    const auto width = [this](const QString &sample) { return fontMetrics().horizontalAdvance(sample); };
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(40);
    header()->setSectionsMovable(false);
    setColumnWidth(ComparisonModel::Title, width(QStringLiteral("≠ someone@example.org")) + space::two);
    setColumnWidth(ComparisonModel::Times,
        width(QStringLiteral("000 ms, 000 ms, +000 ms")) + ComparisonDelegate::barsWidth() + space::two);
    setColumnWidth(
        ComparisonModel::Differences, width(QStringLiteral("accepted on one side only")) + space::two);
    header()->setSectionResizeMode(ComparisonModel::Left, QHeaderView::Stretch);
    header()->setSectionResizeMode(ComparisonModel::Right, QHeaderView::Stretch);
}

void ComparisonView::addAction(
    const QString &text, const QList<QKeySequence> &keys, const std::function<void()> &what)
{
    auto *action = new QAction(text, this);
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    connect(action, &QAction::triggered, this, what);
    QTreeView::addAction(action);
}

void ComparisonView::addActions()
{
    addAction(tr("Show &left in transcript"), {QKeySequence(Qt::Key_Return), QKeySequence(Qt::Key_Enter)},
        [this] { ask(false); });
    addAction(tr("Show &right in transcript"),
        {QKeySequence(Qt::SHIFT | Qt::Key_Return), QKeySequence(Qt::SHIFT | Qt::Key_Enter)},
        [this] { ask(true); });
    addAction(tr("&Next difference"), {QKeySequence(Qt::Key_N)}, [this] { goToDifference(1); });
    addAction(tr("&Previous difference"), {QKeySequence(Qt::Key_P)}, [this] { goToDifference(-1); });
    addAction(tr("&Copy as text"), {QKeySequence(QKeySequence::Copy)}, [this] { copy(); });
}

void ComparisonView::setOnlyDifferences(bool only)
{
    m_model->setOnlyDifferences(only);
    setCurrentIndex(m_model->index(0, 0));
}

void ComparisonView::goToDifference(int step)
{
    if (const int row = m_model->differenceFrom(currentIndex().row(), step); row >= 0)
        setCurrentIndex(m_model->index(row, 0));
}

void ComparisonView::copy() const
{
    QGuiApplication::clipboard()->setText(comparisonText(m_model->rows()));
}

void ComparisonView::ask(bool isRight)
{
    if (!currentIndex().isValid())
        return;
    const mail::ComparisonRow &row = m_model->row(currentIndex().row());
    const mail::ComparedCell &cell = isRight ? row.right : row.left;
    if (cell.isThere)
        Q_EMIT linesRequested(cell.sessionId, cell.from);
}

} // namespace glasspost::ui
