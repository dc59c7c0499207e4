#include "ui/settings/mailboxespage.h"

#include "ui/settings/editabletable.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace glasspost::ui {

namespace {

QStringList pieces(const QString &text)
{
    static const QRegularExpression between(QStringLiteral("[,;\\s]+"));
    return text.split(between, Qt::SkipEmptyParts);
}

QList<std::pair<QString, QString>> kinds()
{
    return {{QStringLiteral("0"), MailboxesPage::tr("alias")},
        {QStringLiteral("1"), MailboxesPage::tr("list")},
        {QStringLiteral("2"), MailboxesPage::tr("forward")}};
}

} // namespace

MailboxesPage::MailboxesPage(QWidget *parent)
    : SettingsPage(tr("Mailboxes"), parent), m_domains(new QLineEdit),
      m_users(new EditableTable(
          {{tr("Local name"), {}, false, true, 0}, {tr("Full name"), {}, false, true, 0}}, tr("Users"))),
      m_aliases(
          new EditableTable({{tr("Local name"), {}, false, false, 18},
                                {tr("Kind"), kinds(), false, false, 10}, {tr("Targets"), {}, false, true, 0}},
              tr("Aliases, lists and forwards")))
{
    addHeading(tr("Domains whose mail is delivered here"));
    addForm()->addRow(tr("&Domains"), m_domains);
    m_domains->setPlaceholderText(tr("The host name and localhost are always included"));
    addNote(SettingsField::LocalDomains);
    addHeading(tr("Users"), tr("Each has a mailbox. Removing a name leaves its mail on disk."));
    column()->addWidget(m_users, 1);
    addNote(SettingsField::Users);
    addHeading(tr("Aliases, lists and forwards"),
        tr("Targets are local names or whole addresses, separated by commas. EXPN shows a list's members; a "
           "forward "
           "is answered with 251 and goes on through the queue."));
    m_aliases->setNewRow({QString(), QStringLiteral("0"), QString()});
    column()->addWidget(m_aliases, 1);
    addNote(SettingsField::Aliases);
    connect(m_domains, &QLineEdit::textEdited, this, &SettingsPage::changed);
    connect(m_users, &EditableTable::changed, this, &SettingsPage::changed);
    connect(m_aliases, &EditableTable::changed, this, &SettingsPage::changed);
}

void MailboxesPage::load(const mail::Settings &settings)
{
    m_domains->setText(settings.localDomains.join(QStringLiteral(", ")));
    QList<QStringList> users;
    for (const mail::LocalUser &user : settings.users)
        users << QStringList{user.name, user.fullName};
    m_users->setRows(users);
    QList<QStringList> aliases;
    for (const mail::Alias &alias : settings.aliases)
        aliases << QStringList{
            alias.name, QString::number(int(alias.kind)), alias.targets.join(QStringLiteral(", "))};
    m_aliases->setRows(aliases);
}

void MailboxesPage::store(mail::Settings &settings) const
{
    settings.localDomains = pieces(m_domains->text());
    settings.users.clear();
    for (const QStringList &row : m_users->rows())
        settings.users.append({row[0], row[1]});
    settings.aliases.clear();
    for (const QStringList &row : m_aliases->rows())
        settings.aliases.append({row[0], mail::Alias::Kind(row[1].toInt()), pieces(row[2])});
}

} // namespace glasspost::ui
