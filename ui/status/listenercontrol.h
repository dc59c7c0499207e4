#pragma once

#include "mail/system/currentsettings.h"
#include "mail/system/listenerswitch.h"

#include <QObject>

namespace glasspost::ui {

class InlineBar;
class ListenerChip;

/// Joins the chips to the listener: starts, stops, changes the policy, and says in the bar what went wrong
/// and what can be done.
class ListenerControl : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive this.
    ListenerControl(mail::ListenerSwitch &listener, mail::CurrentSettings &settings, InlineBar &bar,
        QObject *parent = nullptr);

    void attach(ListenerChip *chip);
    void start();
    /// On ports that the system chooses, for this run alone: the settings stay.
    void startOnFreePort();
    void stop();
    void setPolicy(mail::RecipientPolicy policy);
    [[nodiscard]] const mail::ListenerState &state() const { return m_state; }

Q_SIGNALS:
    void changed(const glasspost::mail::ListenerState &state);
    void happened(const QString &event); ///< for the status bar
    void settingsRequested();

private:
    void take(const mail::ListenerState &state);

    mail::ListenerSwitch &m_listener;
    mail::CurrentSettings &m_settings;
    InlineBar &m_bar;
    QList<ListenerChip *> m_chips;
    mail::ListenerState m_state;
};

} // namespace glasspost::ui
