#pragma once

#include "ui/mailbox/messagelistmodel.h"

#include <QMenu>

#include <functional>

class QActionGroup;
class QHeaderView;

namespace glasspost::ui {

/// The order of the message list as a menu: what it sorts by, and which way. It does what a click on the
/// header does, and so works where the list is narrow and hides that.
class SortMenu : public QMenu
{
    Q_OBJECT
public:
    /// Of the list with that header, which owns this, and that model, which outlives it.
    SortMenu(QHeaderView &header, const MessageListModel &model);

private:
    void fill();
    void add(QActionGroup &group, const QString &text, bool isChosen, const std::function<void()> &choose);

    QHeaderView &m_header;
    const MessageListModel &m_model;
    QActionGroup *m_keys;
    QActionGroup *m_orders;
};

} // namespace glasspost::ui
