#pragma once

#include "mail/settings/settings.h"
#include "mail/system/mailboxes.h"

#include <QStringListModel>

namespace glasspost::ui {

/// Addresses to offer while recipients are typed: local users, whom one wrote to and who wrote, from the
/// newest messages of the index. Filled after it is made, without blocking.
class KnownAddresses : public QStringListModel
{
    Q_OBJECT
public:
    /// The mailboxes outlive it; the users are those of settings.
    KnownAddresses(mail::Mailboxes &mailboxes, const mail::Settings &settings, QObject *parent = nullptr);

    void add(const QStringList &mailboxes);

private:
    void ask(const mail::FolderId &folder);

    mail::Mailboxes &m_mailboxes;
    QSet<QString> m_seen; ///< addresses in lower case
};

} // namespace glasspost::ui
