#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/mailboxes.h"
#include "mail/system/outbox.h"
#include "mail/system/sessions.h"

#include <QWidget>

namespace glasspost::ui {

class MessagePane;

/// A message of the queue in a window of its own, to be read while it waits. Deletes itself when closed.
class MessageWindow : public QWidget
{
    Q_OBJECT
public:
    MessageWindow(mail::Mailboxes &mailboxes, mail::Outbox &outbox, mail::Sessions &sessions,
        mail::CurrentSettings &settings, const mail::QueueEntry &entry, QWidget *parent);

    [[nodiscard]] MessagePane *pane() const { return m_pane; }

private:
    MessagePane *m_pane;
};

} // namespace glasspost::ui
