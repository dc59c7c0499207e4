#include "ui/message/messagewindow.h"

#include "ui/message/messagepane.h"
#include "ui/widgets/windowsize.h"

#include <QShortcut>
#include <QVBoxLayout>

namespace glasspost::ui {

MessageWindow::MessageWindow(mail::Mailboxes &mailboxes, mail::Outbox &outbox, mail::Sessions &sessions,
    mail::CurrentSettings &settings, const mail::QueueEntry &entry, QWidget *parent)
    : QWidget(parent, Qt::Window), m_pane(new MessagePane(mailboxes, outbox, sessions, settings))
{
    build(entry.subject);
    m_pane->openQueued(entry);
}

MessageWindow::MessageWindow(mail::Mailboxes &mailboxes, mail::Outbox &outbox, mail::Sessions &sessions,
    mail::CurrentSettings &settings, const mail::MessageView &attached, QWidget *parent)
    : QWidget(parent, Qt::Window), m_pane(new MessagePane(mailboxes, outbox, sessions, settings))
{
    build(attached.subject);
    m_pane->show(attached);
    m_pane->focusView();
}

void MessageWindow::build(const QString &subject)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(subject.isEmpty() ? tr("(no subject)") : subject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pane);
    for (const QKeySequence &keys : {QKeySequence(Qt::Key_Escape), QKeySequence(QKeySequence::Close)})
        connect(new QShortcut(keys, this), &QShortcut::activated, this, &QWidget::close);
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, m_pane, &MessagePane::openFind);
    connect(new QShortcut(QKeySequence::Print, this), &QShortcut::activated, m_pane, &MessagePane::print);
    for (const auto &[keys, steps] :
        {std::pair(QKeySequence(QKeySequence::ZoomIn), 1), std::pair(QKeySequence(QKeySequence::ZoomOut), -1),
            std::pair(QKeySequence(Qt::CTRL | Qt::Key_0), 0)})
        connect(new QShortcut(keys, this), &QShortcut::activated, m_pane,
            [this, steps = steps] { m_pane->zoom(steps); });
    resizeWithinScreen(*this, {720, 600});
}

} // namespace glasspost::ui
