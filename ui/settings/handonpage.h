#pragma once

#include "ui/settings/settingspage.h"

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace glasspost::ui {

class ConnectionFields;

/// Whether what comes in for the mailboxes here is kept, or handed on to another server's.
class HandOnPage : public SettingsPage
{
    Q_OBJECT
public:
    explicit HandOnPage(QWidget *parent = nullptr);

    void load(const mail::Settings &settings) override;
    void store(mail::Settings &settings) const override;

private:
    void showUse();

    QCheckBox *m_use;
    QComboBox *m_protocol;
    QLineEdit *m_host;
    ConnectionFields *m_connection;
};

} // namespace glasspost::ui
