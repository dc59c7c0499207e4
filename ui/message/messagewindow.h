#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/mailboxes.h"
#include "mail/system/outbox.h"
#include "mail/system/sessions.h"

#include <QWidget>

namespace glasspost::ui {

class MessagePane;

/// A message in a window of its own: one of the queue, to be read while it waits, or one that was attached to
/// another. Deletes itself when closed.
class MessageWindow : public QWidget
{
    Q_OBJECT
public:
    MessageWindow(mail::Mailboxes &mailboxes, mail::Outbox &outbox, mail::Sessions &sessions,
        mail::CurrentSettings &settings, const mail::QueueEntry &entry, QWidget *parent);
    MessageWindow(mail::Mailboxes &mailboxes, mail::Outbox &outbox, mail::Sessions &sessions,
        mail::CurrentSettings &settings, const mail::MessageView &attached, QWidget *parent);

    [[nodiscard]] MessagePane *pane() const { return m_pane; }

private:
    void build(const QString &subject);
    void addKeys();

    MessagePane *m_pane;
};

} // namespace glasspost::ui
