#pragma once

#include "mail/message/messageview.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace glasspost::ui {

/// The header fields in order, those of a kind in one color, with a search through all of every field and
/// what the chosen one means.
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
    void filter();
    void tint();
    void explain();
    void openMenu(const QPoint &position);

    QList<mail::HeaderField> m_all;
    QLineEdit *m_search;
    QTreeWidget *m_fields;
    QLabel *m_meaning;
};

} // namespace glasspost::ui
