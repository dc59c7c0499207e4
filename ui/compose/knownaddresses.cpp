#include "ui/compose/knownaddresses.h"

#include "mail/message/messagebuilder.h"
#include "ui/compose/replies.h"

namespace glasspost::ui {

namespace {

constexpr int messagesRead = 300;

} // namespace

KnownAddresses::KnownAddresses(mail::Mailboxes &mailboxes, const mail::Settings &settings, QObject *parent)
    : QStringListModel(parent), m_mailboxes(mailboxes)
{
    QStringList own;
    for (const mail::Identity &identity : settings.identities)
        own << identityText(identity);
    for (const mail::LocalUser &user : settings.users)
        own << mailboxText({user.fullName, user.name + QLatin1Char('@') + settings.hostName});
    add(own);
    for (const mail::LocalUser &user : settings.users) {
        ask({user.name, QStringLiteral("Sent")});
        ask({user.name, {}});
    }
}

void KnownAddresses::ask(const mail::FolderId &folder)
{
    mail::RowQuery query;
    query.folder = folder;
    query.limit = messagesRead;
    m_mailboxes.rows(query).then(this, [this](const mail::Result<mail::RowPage> &page) {
        if (!page)
            return;
        QStringList found;
        const bool isSent = !page->query.folder.folder.isEmpty();
        for (const mail::MessageRow &row : page->rows) {
            if (isSent) {
                for (const mail::AddressView &mailbox : mail::parseAddressList(row.to).mailboxes)
                    found << mailboxText(mailbox);
            } else if (!row.fromAddress.isEmpty()) {
                const bool hasName = row.fromName != row.fromAddress;
                found << mailboxText({hasName ? row.fromName : QString(), row.fromAddress});
            }
        }
        add(found);
    });
}

void KnownAddresses::add(const QStringList &mailboxes)
{
    QStringList all = stringList();
    for (const QString &mailbox : mailboxes) {
        const mail::AddressList parsed = mail::parseAddressList(mailbox);
        if (parsed.mailboxes.size() != 1 || m_seen.contains(parsed.mailboxes.constFirst().address.toLower()))
            continue;
        m_seen.insert(parsed.mailboxes.constFirst().address.toLower());
        all << mailbox;
    }
    setStringList(all);
}

} // namespace glasspost::ui
