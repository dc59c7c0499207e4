#include "ui/settings/appearancepage.h"

#include <QButtonGroup>
#include <QRadioButton>
#include <QVBoxLayout>

namespace glasspost::ui {

AppearancePage::AppearancePage(QWidget *parent)
    : SettingsPage(tr("Appearance"), parent), m_choices(new QButtonGroup(this))
{
    addHeading(tr("Colors"), tr("Follow the desktop, or always use light or dark."));
    using mail::Appearance;
    for (const auto &[appearance, words] : {std::pair(Appearance::System, tr("Same as the &system")),
             std::pair(Appearance::Light, tr("&Light")), std::pair(Appearance::Dark, tr("&Dark"))}) {
        auto *button = new QRadioButton(words);
        m_choices->addButton(button, int(appearance));
        column()->addWidget(button);
    }
    column()->addStretch(1);
    connect(m_choices, &QButtonGroup::idClicked, this, &SettingsPage::changed);
}

void AppearancePage::load(const mail::Settings &settings)
{
    m_choices->button(int(settings.appearance))->setChecked(true);
}

void AppearancePage::store(mail::Settings &settings) const
{
    settings.appearance = mail::Appearance(m_choices->checkedId());
}

} // namespace glasspost::ui
