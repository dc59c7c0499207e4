#pragma once

#include "ui/settings/settingspage.h"

class QButtonGroup;
class QCheckBox;
class QPlainTextEdit;

namespace glasspost::ui {

/// The colors of the windows, what lays out HTML in them, and which remote pictures of messages are shown.
class AppearancePage : public SettingsPage
{
    Q_OBJECT
public:
    explicit AppearancePage(bool hasWebEngine, QWidget *parent = nullptr);

    void load(const mail::Settings &settings) override;
    void store(mail::Settings &settings) const override;
    [[nodiscard]] QButtonGroup *choices() const { return m_choices; } ///< ids of mail::Appearance
    [[nodiscard]] QButtonGroup *engines() const { return m_engines; } ///< ids of mail::HtmlEngine

private:
    void addEngines(bool hasWebEngine);
    void addPictures();

    QButtonGroup *m_choices;
    QButtonGroup *m_engines;
    QCheckBox *m_allPictures;
    QPlainTextEdit *m_senders; ///< an address a line
};

} // namespace glasspost::ui
