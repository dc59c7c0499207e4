#include "ui/compare/comparisonwindow.h"

#include "mail/base/worker.h"
#include "ui/compare/comparisonview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/windowsize.h"
#include "ui/words/comparisontext.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>

namespace glasspost::ui {

namespace {

constexpr QSize comparisonSize(1080, 640);
constexpr qsizetype mostNameCharacters = 200;

} // namespace

ComparisonWindow::ComparisonWindow(
    const mail::Comparison &comparison, const QString &leftName, const QString &rightName, QWidget *parent)
    : QWidget(parent, Qt::Window), m_view(new ComparisonView(comparison))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Comparison"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, space::one, 0, 0);
    column->setSpacing(space::one);
    addNames(column, leftName, rightName);
    addTools(column, comparison);
    column->addWidget(m_view, 1);
    connect(m_view, &ComparisonView::linesRequested, this, &ComparisonWindow::linesRequested);
    for (const QKeySequence &keys : {QKeySequence(Qt::Key_Escape), QKeySequence(QKeySequence::Close)})
        connect(new QShortcut(keys, this), &QShortcut::activated, this, &QWidget::close);
    m_view->setFocus();
    resizeWithinScreen(*this, comparisonSize);
}

void ComparisonWindow::addNames(QVBoxLayout *column, const QString &leftName, const QString &rightName)
{
    auto *grid = new QGridLayout;
    grid->setContentsMargins(space::two, 0, space::two, 0);
    grid->setHorizontalSpacing(space::one);
    grid->setVerticalSpacing(space::half);
    grid->setColumnStretch(1, 1);
    int line = 0;
    for (const auto &[side, name] : {std::pair(tr("Left:"), leftName), std::pair(tr("Right:"), rightName)}) {
        QLabel *title = plainLabel(side);
        title->setFont(boldFont(font()));
        grid->addWidget(title, line, 0, Qt::AlignTop);
        QLabel *words = leadingLabel(shortened(name, mostNameCharacters));
        words->setWordWrap(true);
        words->setTextInteractionFlags(Qt::TextSelectableByMouse);
        grid->addWidget(words, line++, 1);
    }
    column->addLayout(grid);
}

void ComparisonWindow::addTools(QVBoxLayout *column, const mail::Comparison &comparison)
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(space::two, 0, space::two, 0);
    row->setSpacing(space::one);
    QLabel *summary = plainLabel(comparisonSummary(comparison));
    summary->setObjectName(QStringLiteral("comparisonSummary"));
    row->addWidget(summary, 1);
    auto *only = new QCheckBox(tr("&Only differences"));
    only->setToolTip(plainToolTip(tr("Leave out the rows that are the same on both sides")));
    only->setEnabled(comparison.differences() > 0);
    connect(only, &QCheckBox::toggled, m_view, &ComparisonView::setOnlyDifferences);
    row->addWidget(only);
    const auto add = [row, this](const QString &text, const QString &tip, const auto &what) {
        auto *button = new QPushButton(text);
        button->setToolTip(plainToolTip(tip));
        connect(button, &QPushButton::clicked, m_view, what);
        row->addWidget(button);
        return button;
    };
    QPushButton *next = add(tr("&Next difference"), tr("Go to the next row that differs (N)"),
        [this] { m_view->goToDifference(1); });
    next->setEnabled(comparison.differences() > 0);
    add(tr("&Copy as text"), tr("Copy all rows that are shown as text"), [this] { m_view->copy(); });
    column->addLayout(row);
}

void openComparison(const mail::ComparedDelivery &left, const QString &leftName,
    const mail::ComparedDelivery &right, const QString &rightName, QWidget *parent,
    const std::function<void(ComparisonWindow &)> &shown)
{
    mail::runInPool([left, right] {
        return mail::compared(left, right);
    }).then(parent, [leftName, rightName, parent, shown](const mail::Result<mail::Comparison> &comparison) {
        if (!comparison)
            return;
        auto *window = new ComparisonWindow(*comparison, leftName, rightName, parent);
        shown(*window);
        window->show();
    });
}

} // namespace glasspost::ui
