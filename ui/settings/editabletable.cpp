#include "ui/settings/editabletable.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QTableWidget>

namespace glasspost::ui {

ChoiceDelegate::ChoiceDelegate(QList<std::pair<QString, QString>> choices, QObject *parent)
    : QStyledItemDelegate(parent), m_choices(std::move(choices))
{ }

QString ChoiceDelegate::displayText(const QVariant &value, const QLocale &) const
{
    for (const auto &[key, words] : m_choices) {
        if (key == value.toString())
            return words;
    }
    return value.toString();
}

QWidget *ChoiceDelegate::createEditor(
    QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &) const
{
    auto *box = new QComboBox(parent);
    for (const auto &[key, words] : m_choices)
        box->addItem(words, key);
    return box;
}

void ChoiceDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    auto *box = static_cast<QComboBox *>(editor);
    box->setCurrentIndex(std::max(0, box->findData(index.data(Qt::EditRole))));
}

void ChoiceDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    model->setData(index, static_cast<QComboBox *>(editor)->currentData());
}

EditableTable::EditableTable(QList<Column> columns, const QString &accessibleName, QWidget *parent)
    : QWidget(parent), m_columns(std::move(columns)), m_table(new QTableWidget)
{
    m_table->setColumnCount(int(m_columns.size()));
    m_table->setAccessibleName(accessibleName);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::SelectedClicked
        | QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->setVisible(false);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + space::one + space::half);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    m_table->setTabKeyNavigation(false);
    const int oneCharacter = fontMetrics().averageCharWidth();
    for (int i = 0; i < m_columns.size(); ++i) {
        const Column &column = m_columns[i];
        m_table->setHorizontalHeaderItem(i, new QTableWidgetItem(column.title));
        const int byTitle = fontMetrics().horizontalAdvance(column.title) + space::three;
        m_table->setColumnWidth(i, std::max(byTitle, column.width * oneCharacter + space::two));
        if (column.stretches)
            m_table->horizontalHeader()->setSectionResizeMode(i, QHeaderView::Stretch);
        setChoices(i, column.choices);
    }

    auto *add = new QPushButton(icon(IconName::Add), tr("Add"));
    auto *removal = new QPushButton(icon(IconName::Remove), tr("Remove"));
    add->setAccessibleName(tr("Add to %1").arg(accessibleName));
    removal->setAccessibleName(tr("Remove from %1").arg(accessibleName));
    removal->setEnabled(false);
    connect(add, &QPushButton::clicked, this, &EditableTable::addRow);
    connect(removal, &QPushButton::clicked, this, &EditableTable::removeRow);
    connect(new QShortcut(QKeySequence::Delete, m_table, nullptr, nullptr, Qt::WidgetShortcut),
        &QShortcut::activated, this, &EditableTable::removeRow);
    connect(m_table, &QTableWidget::itemSelectionChanged, this,
        [this, removal] { removal->setEnabled(!m_table->selectedItems().isEmpty()); });
    connect(m_table, &QTableWidget::itemChanged, this, &EditableTable::changed);

    auto *buttons = new QHBoxLayout;
    buttons->addWidget(add);
    buttons->addWidget(removal);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::half);
    column->addWidget(m_table);
    column->addLayout(buttons);
    m_table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_table->setMinimumHeight(5 * (fontMetrics().height() + space::one + space::half));
}

void EditableTable::setChoices(int column, const QList<std::pair<QString, QString>> &choices)
{
    m_columns[column].choices = choices;
    if (!choices.isEmpty())
        m_table->setItemDelegateForColumn(column, new ChoiceDelegate(choices, m_table));
}

void EditableTable::put(int row, const QStringList &values)
{
    for (int i = 0; i < m_columns.size(); ++i) {
        auto *item = new QTableWidgetItem;
        if (m_columns[i].isCheck) {
            item->setFlags(Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemIsUserCheckable);
            item->setCheckState(values.value(i) == QLatin1String("true") ? Qt::Checked : Qt::Unchecked);
        } else {
            item->setText(values.value(i));
        }
        m_table->setItem(row, i, item);
    }
}

void EditableTable::setRows(const QList<QStringList> &rows)
{
    const QSignalBlocker quiet(m_table);
    m_table->setRowCount(0);
    m_table->setRowCount(int(rows.size()));
    for (int row = 0; row < rows.size(); ++row)
        put(row, rows[row]);
}

QList<QStringList> EditableTable::rows() const
{
    QList<QStringList> all;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        QStringList values;
        bool hasText = false;
        for (int i = 0; i < m_columns.size(); ++i) {
            const QTableWidgetItem *item = m_table->item(row, i);
            if (m_columns[i].isCheck) {
                values << (item->checkState() == Qt::Checked ? QStringLiteral("true")
                                                             : QStringLiteral("false"));
            } else {
                values << item->text().trimmed();
                hasText = hasText || (m_columns[i].choices.isEmpty() && !values.constLast().isEmpty());
            }
        }
        if (hasText || m_keepsAll)
            all << values;
    }
    return all;
}

void EditableTable::setNewRow(const QStringList &values)
{
    m_newRow = values;
}

void EditableTable::addRow()
{
    const int row = m_table->rowCount();
    {
        const QSignalBlocker quiet(m_table);
        m_table->insertRow(row);
        put(row, m_newRow);
    }
    m_table->setCurrentCell(row, 0);
    m_table->editItem(m_table->item(row, 0));
    Q_EMIT changed();
}

void EditableTable::removeRow()
{
    const int row = m_table->currentRow();
    if (row < 0)
        return;
    m_table->removeRow(row);
    Q_EMIT changed();
}

} // namespace glasspost::ui
