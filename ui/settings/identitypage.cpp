#include "ui/settings/identitypage.h"

#include "ui/settings/editabletable.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace glasspost::ui {

IdentityPage::IdentityPage(QWidget *parent)
    : SettingsPage(tr("Identity"), parent),
      m_identities(new EditableTable({{tr("Name"), {}, false, true, 0}, {tr("Address"), {}, false, true, 0},
                                         {tr("Mailbox"), {}, false, false, 16}},
          tr("Identities"))),
      m_host(new QLineEdit), m_messageIdDomain(new QLineEdit)
{
    addHeading(tr("Your identities"),
        tr("The first one is the default for new messages. Its mailbox holds Sent and Drafts."));
    column()->addWidget(m_identities, 1);
    addNote(SettingsField::Identities);
    addHeading(
        tr("This host"), tr("The name that other servers see in the greeting and in Received fields."));
    m_messageIdDomain->setPlaceholderText(tr("Domain of the sender's address"));
    QFormLayout *form = addForm();
    form->addRow(tr("&Host name"), m_host);
    form->addRow(tr("&Domain in Message-ID"), m_messageIdDomain);
    addNote(SettingsField::HostName);
    connect(m_identities, &EditableTable::changed, this, &SettingsPage::changed);
    for (QLineEdit *edit : {m_host, m_messageIdDomain})
        connect(edit, &QLineEdit::textEdited, this, &SettingsPage::changed);
}

void IdentityPage::load(const mail::Settings &settings)
{
    QList<QStringList> rows;
    for (const mail::Identity &identity : settings.identities)
        rows << QStringList{identity.name, identity.address, identity.user};
    m_identities->setRows(rows);
    QList<std::pair<QString, QString>> users;
    for (const mail::LocalUser &user : settings.users)
        users.append({user.name, user.name});
    m_identities->setChoices(2, users);
    m_identities->setNewRow(
        {QString(), QString(), settings.users.isEmpty() ? QString() : settings.users[0].name});
    m_host->setText(settings.hostName);
    m_messageIdDomain->setText(settings.messageIdDomain);
}

void IdentityPage::store(mail::Settings &settings) const
{
    settings.identities.clear();
    for (const QStringList &row : m_identities->rows())
        settings.identities.append({row[0], row[1], row[2]});
    settings.hostName = m_host->text().trimmed();
    settings.messageIdDomain = m_messageIdDomain->text().trimmed();
}

} // namespace glasspost::ui
