#pragma once

#include "mail/journal/transaction.h"
#include "mail/maildir/messageid.h"
#include "mail/settings/settings.h"

#include <QList>
#include <QSet>
#include <QString>

namespace glasspost::mail {

/// The mailboxes that captured mail made by the rule of the listener. Clients choose their names, so their
/// number is bounded, and none of them may be a mailbox that is there for another reason: captured mail never
/// lies among people's own. A file in each, written with its first message, tells them apart at the next
/// start. Mail thread.
class CaptureInboxes
{
public:
    /// Looks through mail/: blocks on the disk.
    explicit CaptureInboxes(const QString &dataFolder);

    void configure(const Settings &settings);

    /// Where a message is filed, and what has to be written with it.
    struct Filing
    {
        QList<FolderId> folders;
        FileTransaction marks;
    };
    /// The wished folders, with fallback, the binding's, in the place of those that may not be.
    Filing admit(const QList<FolderId> &wished, const FolderId &fallback);
    /// What was admitted is durable.
    void made(const QList<FolderId> &folders);

    /// Those that are marked.
    [[nodiscard]] const QSet<QString> &names() const { return m_made; }

private:
    [[nodiscard]] bool mayBe(const QString &name) const;

    QSet<QString> m_made; ///< with their mark on the disk
    QSet<QString> m_coming; ///< their first message is on its way
    QSet<QString> m_found; ///< mailboxes without a mark, in lower case
    QSet<QString> m_people; ///< the users of the settings, in lower case
    qsizetype m_most = 0;
};

} // namespace glasspost::mail
