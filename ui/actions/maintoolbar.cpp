#include "ui/actions/maintoolbar.h"

#include "ui/actions/actions.h"
#include "ui/status/listenerchip.h"
#include "ui/widgets/plaintext.h"

#include <QAction>
#include <QLineEdit>
#include <QPushButton>
#include <QResizeEvent>
#include <QShortcut>

namespace glasspost::ui {

namespace {

constexpr int wordsFrom = 1240; ///< width from which every button has its word
constexpr std::chrono::milliseconds typingPause(180);

QWidget *filler(QSizePolicy::Policy policy, int width)
{
    auto *widget = new QWidget;
    widget->setSizePolicy(policy, QSizePolicy::Preferred);
    widget->setMinimumWidth(width);
    return widget;
}

} // namespace

MainToolBar::MainToolBar(const Actions &actions, QWidget *parent)
    : QToolBar(tr("Main tool bar"), parent), m_search(new QLineEdit),
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
    buildSearch();
    addWidget(m_search);
    addWidget(filler(QSizePolicy::Fixed, space::one));
    addWidget(m_listener);
    addWidget(filler(QSizePolicy::Fixed, 2));
}

void MainToolBar::buildSearch()
{
    m_search->setPlaceholderText(tr("Search all mail"));
    m_search->setClearButtonEnabled(true);
    m_search->setToolTip(
        plainToolTip(toolTipWithKeys(tr("Words, “phrases”, from: to: subject: before: after: has:attachment"),
            {QKeySequence(Qt::Key_Slash)})));
    m_search->setAccessibleName(tr("Search all mail"));
    m_search->addAction(icon(IconName::Search), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(160);
    m_search->setMaximumWidth(320);
    m_search->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPause);
    connect(m_search, &QLineEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    connect(&m_pause, &QTimer::timeout, this, [this] { Q_EMIT searched(m_search->text().trimmed()); });
    connect(m_search, &QLineEdit::returnPressed, this, &MainToolBar::searchEntered);
    auto *leave = new QShortcut(QKeySequence(Qt::Key_Escape), m_search);
    leave->setContext(Qt::WidgetShortcut);
    connect(leave, &QShortcut::activated, this, [this] {
        m_search->clear();
        Q_EMIT searchLeft();
    });
}

void MainToolBar::clearSearch()
{
    m_search->clear();
    m_pause.stop(); // nobody is told: it was not the person who cleared it
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
