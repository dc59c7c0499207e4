#pragma once

#include "mail/system/mailsystem.h"

#include <QStringListModel>

namespace glasspost::ui {

/// Addresses to offer while recipients are typed: local users, whom one wrote to and who wrote, from the
/// newest messages of the index. Filled after it is made, without blocking.
class KnownAddresses : public QStringListModel
{
    Q_OBJECT
public:
    explicit KnownAddresses(mail::MailSystem &system, QObject *parent = nullptr);

    void add(const QStringList &mailboxes);

private:
    void ask(const mail::FolderId &folder);

    mail::MailSystem &m_system;
    QSet<QString> m_seen; ///< addresses in lower case
};

} // namespace glasspost::ui
