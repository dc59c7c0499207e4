#pragma once

#include "ui/settings/settingspage.h"

class QComboBox;
class QLineEdit;
class QSpinBox;

namespace glasspost::ui {

/// What becomes of the mail that a capturing listener accepts.
class CapturePage : public SettingsPage
{
    Q_OBJECT
public:
    explicit CapturePage(QWidget *parent = nullptr);

    void load(const mail::Settings &settings) override;
    void store(mail::Settings &settings) const override;

private:
    void addInboxes();
    void addRetention();
    void addRecipients();
    void addSpamFilter();
    void showUse();

    QComboBox *m_by;
    QLineEdit *m_field;
    QSpinBox *m_most;
    QSpinBox *m_messages;
    QSpinBox *m_days;
    QSpinBox *m_size;
    QLineEdit *m_rejected;
    QLineEdit *m_discarded;
    QLineEdit *m_release;
    QLineEdit *m_spamd;
};

} // namespace glasspost::ui
