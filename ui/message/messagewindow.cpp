#include "ui/message/messagewindow.h"

#include "ui/message/attachmentcard.h"
#include "ui/message/htmlpane.h"
#include "ui/message/messageattachments.h"
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
    addKeys();
    resizeWithinScreen(*this, {720, 600});
}

/// Those of the main window for what one reads.
void MessageWindow::addKeys()
{
    const auto on = [this](const QKeySequence &keys, auto what) {
        connect(new QShortcut(keys, this), &QShortcut::activated, m_pane, what);
    };
    on(QKeySequence(QKeySequence::Find), [this] { m_pane->openFind(); });
    on(QKeySequence(QKeySequence::Print), [this] { m_pane->print(); });
    on(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P), [this] { m_pane->savePdf(); });
    for (const auto &[keys, steps] : {std::pair(QKeySequence(QKeySequence::ZoomIn), 1),
             std::pair(QKeySequence(Qt::CTRL | Qt::Key_Equal), 1),
             std::pair(QKeySequence(QKeySequence::ZoomOut), -1),
             std::pair(QKeySequence(Qt::CTRL | Qt::Key_0), 0)})
        on(keys, [this, steps = steps] { m_pane->zoom(steps); });
    for (const auto &[key, by] : {std::pair(Qt::Key_PageDown, 1), std::pair(Qt::Key_PageUp, -1)})
        on(QKeySequence(Qt::CTRL | key), [this, by = by] {
            if (m_pane->view() == MessagePane::View::Html)
                m_pane->html().turnPage(by);
        });
    on(QKeySequence(Qt::Key_A), [this] {
        if (AttachmentCard *card = m_pane->attachments().currentCard())
            card->setFocus(Qt::ShortcutFocusReason);
    });
}

} // namespace glasspost::ui
