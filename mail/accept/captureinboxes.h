#pragma once

#include "mail/base/error.h"
#include "mail/journal/transaction.h"
#include "mail/maildir/messageid.h"
#include "mail/settings/settings.h"

#include <QHash>
#include <QList>
#include <QSet>
#include <QString>

namespace glasspost::mail {

/// The Inbox that a binding of a capturing listener captures into: of that name, or the first binding's
/// without one. BadSettings, whose subject is a sentence, where nothing is captured into it, or it is a
/// person's: other people's mail is not shown to programs. Any thread.
Result<FolderId> bindingInbox(const Settings &settings, const QString &name = {});

/// The mailboxes that were made for captured mail: by the rule of the listener, or for its bindings. Clients
/// choose the names of the former, so their number is bounded, and none of them may be a mailbox that is
/// there for another reason: captured mail never lies among people's own. A file in each, written with its
/// first message, tells them apart at the next start. Mail thread.
class CaptureInboxes
{
public:
    /// Looks through mail/: blocks on the disk.
    explicit CaptureInboxes(QString dataFolder);

    /// What has to be written: names that are users' now lose their marks.
    FileTransaction configure(const Settings &settings);
    /// The same for the bindings' mailboxes, before they are made: those that are not there yet are marked.
    FileTransaction claim(const QList<ListenerBinding> &bindings);

    /// Where a message is filed, and what has to be written with it.
    struct Admission
    {
        QList<FolderId> folders;
        FileTransaction marks;
    };
    /// The wished folders, with fallback, the binding's, in the place of those that may not be. Asks the disk
    /// of names that are new.
    Admission admit(const QList<FolderId> &wished, const FolderId &fallback);
    /// What was admitted is durable, or will not be.
    void made(const QList<FolderId> &folders);
    void failed(const QList<FolderId> &folders);

    /// The Inbox of captured mail of that name: a binding's, or one that the rule has made, or would make for
    /// the next message. BadSettings as bindingInbox(). The settings are those of configure().
    Result<FolderId> find(const Settings &settings, const QString &name);
    /// Every one there is: the bindings' in their order, then those that were made, by name.
    [[nodiscard]] QList<FolderId> all(const Settings &settings) const;

    /// Those that are marked.
    [[nodiscard]] const QSet<QString> &names() const { return m_made; }

private:
    [[nodiscard]] bool mayBe(const QString &name);
    [[nodiscard]] bool isNew(const QString &name);
    [[nodiscard]] bool hasRoom() const;

    QString m_dataFolder;
    QSet<QString> m_made; ///< with their mark on the disk
    QHash<QString, int> m_coming; ///< how many messages for each are on their way, the first among them
    QSet<QString> m_found; ///< mailboxes without a mark, in lower case
    QSet<QString> m_people; ///< the users of the settings, in lower case
    QSet<QString> m_bindings; ///< their mailboxes, which do not count
    qsizetype m_most = 0;
};

} // namespace glasspost::mail
