#pragma once

#include "mail/message/messageview.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace glasspost::ui {

/// The header fields in order, those of a kind in one color, with a search through all of every field and
/// what the chosen one means. That search goes on in the pool: a header may be large.
class HeaderView : public QWidget
{
    Q_OBJECT
public:
    explicit HeaderView(QWidget *parent = nullptr);

    void show(const QList<mail::HeaderField> &fields);
    void openFind();

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Row
    {
        mail::HeaderField field;
        QString excerpt; ///< of its value
    };
    /// What is listed, and how many more there are.
    struct Found
    {
        QList<Row> rows;
        qsizetype more = 0;
    };
    [[nodiscard]] static Found search(const QList<mail::HeaderField> &fields, const QString &words);
    void filter();
    void list(const Found &found);
    [[nodiscard]] static QTreeWidgetItem *itemOf(const Row &row);
    void tint();
    void explain();
    void openMenu(const QPoint &position);

    QList<mail::HeaderField> m_all;
    quint64 m_shown = 0; ///< counts the headers
    bool m_isSearching = false; ///< once at a time
    QLineEdit *m_search;
    QTreeWidget *m_fields;
    QLabel *m_meaning;
};

} // namespace glasspost::ui
