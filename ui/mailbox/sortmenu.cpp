#include "ui/mailbox/sortmenu.h"

#include "ui/mailbox/messagecolumns.h"
#include "ui/words/foldertext.h"

#include <QAction>
#include <QActionGroup>
#include <QHeaderView>

namespace glasspost::ui {

namespace {

using Key = mail::SortKey;

constexpr Key sortKeys[]
    = {Key::Date, Key::Arrival, Key::From, Key::Recipient, Key::Subject, Key::Tags, Key::Size};

/// As the columns are called; each keeps its letter in every folder.
QString sortTitle(Key key, const mail::FolderId &folder)
{
    switch (key) {
    case Key::Date:
        return SortMenu::tr("&Date");
    case Key::Arrival:
        return SortMenu::tr("R&eceived");
    case Key::From:
        return showsRecipients(folder) ? SortMenu::tr("T&o") : SortMenu::tr("&From");
    case Key::Recipient:
        return SortMenu::tr("&Recipient");
    case Key::Subject:
        return SortMenu::tr("&Subject");
    case Key::Tags:
        return SortMenu::tr("&Tags");
    case Key::Size:
        return SortMenu::tr("Si&ze");
    }
    return {};
}

} // namespace

SortMenu::SortMenu(QHeaderView &header, const MessageListModel &model)
    : QMenu(tr("S&ort by"), &header), m_header(header), m_model(model), m_keys(new QActionGroup(this)),
      m_orders(new QActionGroup(this))
{
    connect(this, &QMenu::aboutToShow, this, &SortMenu::fill);
}

void SortMenu::fill()
{
    clear();
    for (const Key key : sortKeys) {
        const int column = columnOf(key, m_model.dateKey());
        add(*m_keys, sortTitle(key, m_model.query().folder), column == m_header.sortIndicatorSection(),
            [this, column] { m_header.setSortIndicator(column, m_header.sortIndicatorOrder()); });
    }
    addSeparator();
    for (const auto &[text, order] :
        {std::pair(tr("&Ascending"), Qt::AscendingOrder), std::pair(tr("Des&cending"), Qt::DescendingOrder)})
        add(*m_orders, text, order == m_header.sortIndicatorOrder(),
            [this, order = order] { m_header.setSortIndicator(m_header.sortIndicatorSection(), order); });
}

void SortMenu::add(
    QActionGroup &group, const QString &text, bool isChosen, const std::function<void()> &choose)
{
    QAction *action = addAction(text);
    action->setCheckable(true);
    action->setChecked(isChosen);
    group.addAction(action);
    connect(action, &QAction::triggered, this, choose);
}

} // namespace glasspost::ui
