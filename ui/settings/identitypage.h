#pragma once

#include "ui/settings/settingspage.h"

class QLineEdit;

namespace glasspost::ui {

class EditableTable;

/// Who one writes as, and this host's own name.
class IdentityPage : public SettingsPage
{
    Q_OBJECT
public:
    explicit IdentityPage(QWidget *parent = nullptr);

    void load(const mail::Settings &settings) override;
    void store(mail::Settings &settings) const override;

private:
    EditableTable *m_identities;
    QLineEdit *m_host;
    QLineEdit *m_messageIdDomain;
};

} // namespace glasspost::ui
