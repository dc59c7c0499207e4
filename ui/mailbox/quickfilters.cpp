#include "ui/mailbox/quickfilters.h"

#include "ui/theme/icons.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/addresstext.h"

#include <QAction>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QStyleOptionToolBar>
#include <QStylePainter>
#include <QToolBar>
#include <QToolButton>

namespace glasspost::ui {

namespace {

constexpr QLatin1String senderTermStart("from:\"");
constexpr int longestSender = 40; ///< in characters

QString senderTerm(const QString &address)
{
    // A quotation mark in it would end the phrase.
    const QString plain = QString(address).remove(u'"').trimmed();
    return plain.isEmpty() ? QString() : senderTermStart + plain + u'"';
}

} // namespace

QuickFilters::QuickFilters(QWidget *parent)
    : QWidget(parent), m_bar(new QToolBar(tr("Quick filters"))), m_fromSender(nullptr)
{
    m_bar->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_bar->setContextMenuPolicy(Qt::PreventContextMenu);
    add(tr("Unread"), tr("Only messages that are not read yet"), QStringLiteral("is:unread"));
    add(tr("Flagged"), tr("Only messages with a flag"), QStringLiteral("is:flagged"));
    add(tr("Attachment"), tr("Only messages with an attached file"), QStringLiteral("has:attachment"));
    add(tr("Today"), tr("Only messages dated today"), QStringLiteral("date:today"));
    m_fromSender = add({}, tr("Only messages from the sender of the current one"), {});
    showSender();

    auto *close = new QToolButton;
    close->setIcon(icon(IconName::Close));
    close->setAutoRaise(true);
    close->setToolTip(plainToolTip(tr("Show all messages and close the filter bar (Esc)")));
    close->setAccessibleName(tr("Close the filter bar"));
    connect(close, &QToolButton::clicked, this, &QuickFilters::closeRequested);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::half, 0, space::one, 0);
    row->setSpacing(space::half);
    row->addWidget(m_bar, 1);
    row->addWidget(close);
    setFocusProxy(m_bar->widgetForAction(m_bar->actions().first()));
}

QAction *QuickFilters::add(const QString &text, const QString &toolTip, const QString &term)
{
    QAction *action = m_bar->addAction(text);
    action->setCheckable(true);
    action->setToolTip(plainToolTip(toolTip));
    action->setData(term);
    m_bar->widgetForAction(action)->setFocusPolicy(Qt::TabFocus); // a tool bar's buttons have none
    connect(action, &QAction::triggered, this, [this] {
        showSender();
        Q_EMIT changed();
    });
    return action;
}

QString QuickFilters::terms() const
{
    QStringList terms;
    for (const QAction *action : m_bar->actions()) {
        if (action->isChecked())
            terms += action->data().toString();
    }
    return terms.join(u' ');
}

void QuickFilters::setSender(const QString &address)
{
    m_sender = address;
    showSender();
}

/// While it is on it says whose messages these are.
void QuickFilters::showSender()
{
    if (m_fromSender->isChecked()) {
        const QString address = m_fromSender->data().toString().sliced(senderTermStart.size()).chopped(1);
        m_fromSender->setText(plainCaption(tr("From %1").arg(shortened(safeLine(address), longestSender))));
        return;
    }
    const QString term = senderTerm(m_sender);
    m_fromSender->setText(tr("From this sender"));
    m_fromSender->setData(term);
    m_fromSender->setEnabled(!term.isEmpty());
}

void QuickFilters::clear()
{
    for (QAction *action : m_bar->actions())
        action->setChecked(false);
    showSender();
}

/// One band from edge to edge, the cross on it too.
void QuickFilters::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    QStyleOptionToolBar band;
    band.initFrom(this);
    painter.drawControl(QStyle::CE_ToolBar, band);
}

void QuickFilters::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closeRequested();
    else
        QWidget::keyPressEvent(event);
}

} // namespace glasspost::ui
