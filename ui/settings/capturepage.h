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
    void showUse();

    QComboBox *m_by;
    QLineEdit *m_field;
    QSpinBox *m_most;
};

} // namespace glasspost::ui
