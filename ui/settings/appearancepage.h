#pragma once

#include "ui/settings/settingspage.h"

class QButtonGroup;
class QCheckBox;
class QPlainTextEdit;

namespace glasspost::ui {

/// The colors of the windows, and which remote pictures of messages are shown in them.
class AppearancePage : public SettingsPage
{
    Q_OBJECT
public:
    explicit AppearancePage(QWidget *parent = nullptr);

    void load(const mail::Settings &settings) override;
    void store(mail::Settings &settings) const override;
    [[nodiscard]] QButtonGroup *choices() const { return m_choices; } ///< ids of mail::Appearance

private:
    void addPictures();

    QButtonGroup *m_choices;
    QCheckBox *m_allPictures;
    QPlainTextEdit *m_senders; ///< an address a line
};

} // namespace glasspost::ui
