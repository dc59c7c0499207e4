#include "ui/actions/maintoolbar.h"

#include "ui/actions/actions.h"
#include "ui/actions/searchfield.h"
#include "ui/status/listenerchip.h"
#include "ui/widgets/plaintext.h"

#include <QAction>
#include <QPushButton>
#include <QResizeEvent>

namespace glasspost::ui {

namespace {

constexpr int wordsFrom = 1240; ///< width from which every button has its word

QWidget *filler(QSizePolicy::Policy policy, int width)
{
    auto *widget = new QWidget;
    widget->setSizePolicy(policy, QSizePolicy::Preferred);
    widget->setMinimumWidth(width);
    return widget;
}

} // namespace

MainToolBar::MainToolBar(const Actions &actions, QWidget *parent)
    : QToolBar(tr("Main tool bar"), parent), m_search(new SearchField),
      m_listener(new ListenerChip(ListenerChip::Form::Short))
{
    setObjectName(QStringLiteral("mainToolBar"));
    setMovable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    auto *write = new QPushButton(icon(IconName::NewMessage), tr("New message"));
    write->setDefault(true);
    write->setFocusPolicy(Qt::TabFocus);
    write->setToolTip(plainToolTip(actions[ActionId::NewMessage]->toolTip()));
    connect(write, &QPushButton::clicked, actions[ActionId::NewMessage], &QAction::trigger);
    addWidget(filler(QSizePolicy::Fixed, 2));
    addWidget(write);
    addWidget(filler(QSizePolicy::Fixed, space::half));
    for (const ActionId id : {ActionId::Reply, ActionId::ReplyAll, ActionId::Forward})
        addAction(actions[id]);
    addSeparator();
    for (const ActionId id : {ActionId::Delete, ActionId::Junk, ActionId::Archive})
        addAction(actions[id]);
    addWidget(filler(QSizePolicy::Expanding, 0));
    addWidget(m_search);
    addWidget(filler(QSizePolicy::Fixed, space::one));
    addWidget(m_listener);
    addWidget(filler(QSizePolicy::Fixed, 2));
}

void MainToolBar::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void MainToolBar::resizeEvent(QResizeEvent *event)
{
    QToolBar::resizeEvent(event);
    setToolButtonStyle(
        event->size().width() >= wordsFrom ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
}

} // namespace glasspost::ui
