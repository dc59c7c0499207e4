#pragma once

#include "ui/settings/settingspage.h"

class QLineEdit;
class QSpinBox;

namespace glasspost::ui {

/// When the queue tries again and gives up, how many connections it opens, and how long an undo is possible.
class DeliveryPage : public SettingsPage
{
    Q_OBJECT
public:
    explicit DeliveryPage(QWidget *parent = nullptr);

    void load(const mail::Settings &settings) override;
    void store(mail::Settings &settings) const override;

private:
    void addRetries();
    void addConnections();

    QSpinBox *m_undo;
    QLineEdit *m_waits;
    QSpinBox *m_giveUp;
    QSpinBox *m_tellDelay;
    QSpinBox *m_connections;
    QSpinBox *m_toOneServer;
    QSpinBox *m_messages;
    QSpinBox *m_rate;
    QSpinBox *m_hops;
    QSpinBox *m_kept;
    QSpinBox *m_journeysKept;
};

} // namespace glasspost::ui
