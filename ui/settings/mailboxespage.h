#pragma once

#include "ui/settings/settingspage.h"

class QLineEdit;

namespace glasspost::ui {

class EditableTable;

/// The domains, users, aliases, lists and forwards of this machine.
class MailboxesPage : public SettingsPage
{
    Q_OBJECT
public:
    explicit MailboxesPage(QWidget *parent = nullptr);

    void load(const mail::Settings &settings) override;
    void store(mail::Settings &settings) const override;
    [[nodiscard]] EditableTable *users() const { return m_users; }
    [[nodiscard]] EditableTable *aliases() const { return m_aliases; }

private:
    QLineEdit *m_domains;
    EditableTable *m_users;
    EditableTable *m_aliases;
};

} // namespace glasspost::ui
