#pragma once

#include "ui/settings/settingspage.h"

class QButtonGroup;

namespace glasspost::ui {

/// The colors of the windows.
class AppearancePage : public SettingsPage
{
    Q_OBJECT
public:
    explicit AppearancePage(QWidget *parent = nullptr);

    void load(const mail::Settings &settings) override;
    void store(mail::Settings &settings) const override;
    [[nodiscard]] QButtonGroup *choices() const { return m_choices; } ///< ids of mail::Appearance

private:
    QButtonGroup *m_choices;
};

} // namespace glasspost::ui
