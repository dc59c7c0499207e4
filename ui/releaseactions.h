#pragma once

#include "mail/system/mailsystem.h"

#include <QObject>

class QAction;
class QWidget;

namespace glasspost::ui {

class CentralArea;

/// Captured messages that a person lets leave after all: those that are selected, in a dialog.
class ReleaseActions : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive this; release: the action; window: the parent of dialogs.
    ReleaseActions(mail::MailSystem &system, CentralArea &area, QAction *release, QWidget *window);

Q_SIGNALS:
    void settingsRequested(); ///< of the addresses that are allowed

private:
    [[nodiscard]] bool isCaptured(const QString &user) const;
    void update();
    void open();
    void tell(int messages);

    mail::MailSystem &m_system;
    CentralArea &m_area;
    QAction *m_release;
    QWidget *m_window;
};

} // namespace glasspost::ui
