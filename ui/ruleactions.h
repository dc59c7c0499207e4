#pragma once

#include "mail/system/rules.h"

#include <QObject>

class QAction;
class QWidget;

namespace glasspost::ui {

class MailNews;
class MessagesPage;

/// The rules in the main window: run by hand over the messages that are selected, and what they notify.
class RuleActions : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive this; run: the action that runs them; window: the parent of dialogs.
    RuleActions(mail::Rules &rules, MessagesPage &page, MailNews &news, QAction *run, QWidget *window);

private:
    void run();

    mail::Rules &m_rules;
    MessagesPage &m_page;
    QWidget *m_window;
};

} // namespace glasspost::ui
