#pragma once

#include <QStyledItemDelegate>
#include <QWidget>

class QTableWidget;

namespace glasspost::ui {

/// A small table that is edited in place, with Add and Remove below it: identities, users, bindings. Cells
/// are text; a column with choices shows them in a list, one with a check shows a tick.
class EditableTable : public QWidget
{
    Q_OBJECT
public:
    struct Column
    {
        QString title;
        QList<std::pair<QString, QString>> choices; ///< value and words; empty: free text
        bool isCheck = false; ///< values "true" and "false"
        bool stretches = false;
        int width = 0; ///< in characters; 0: by title
    };

    EditableTable(QList<Column> columns, const QString &accessibleName, QWidget *parent = nullptr);

    void setRows(const QList<QStringList> &rows);
    [[nodiscard]] QList<QStringList> rows() const; ///< those with any text, or all
    void keepRowsWithoutText() { m_keepsAll = true; } ///< what is chosen says enough
    void setNewRow(const QStringList &values); ///< what Add begins with
    /// The values a column offers.
    void setChoices(int column, const QList<std::pair<QString, QString>> &choices);
    [[nodiscard]] QTableWidget *table() const { return m_table; }
    void addRow();
    void removeRow();

Q_SIGNALS:
    void changed();

private:
    void put(int row, const QStringList &values);

    QList<Column> m_columns;
    QStringList m_newRow;
    bool m_keepsAll = false;
    QTableWidget *m_table;
};

/// Edits a cell with choices through a combo box.
class ChoiceDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    ChoiceDelegate(QList<std::pair<QString, QString>> choices, QObject *parent);

    [[nodiscard]] QString displayText(const QVariant &value, const QLocale &locale) const override;
    QWidget *createEditor(
        QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;

private:
    QList<std::pair<QString, QString>> m_choices;
};

} // namespace glasspost::ui
