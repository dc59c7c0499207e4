#pragma once

#include "mail/accept/captureinboxes.h"
#include "mail/accept/receptionevent.h"
#include "mail/settings/settings.h"
#include "mail/store/store.h"

#include <QObject>
#include <QTimer>

namespace glasspost::mail {

/// What the folder has more than it is to keep, by now.
[[nodiscard]] SurplusQuery surplusQuery(const FolderId &folder, const CaptureRetention &retention);

/// Removes permanently what folders need not keep any more: those with limits of their own, and by the
/// listener's limits the Inboxes that capture and have none. A moment after mail came, and each minute for
/// what grew old. One folder after another, in transactions of some hundred messages, on the store's threads;
/// what the index does not have yet has its turn later. Without limits of their own people's mailboxes are
/// never touched, nor are those that were there before a binding captured into them. Mail thread.
class InboxRetention : public QObject
{
    Q_OBJECT
public:
    /// Both outlive it.
    InboxRetention(Store &store, const CaptureInboxes &inboxes);

    void configure(const Settings &settings);
    /// What folders have of their own has changed alone.
    void configureFolders(const QList<FolderKeeping> &folders);
    void noteArrival(const ReceptionEvent &event);

Q_SIGNALS:
    void troubled(const glasspost::mail::Error &error);

private:
    [[nodiscard]] QList<FolderId> captured() const;
    [[nodiscard]] bool isCaptured(const FolderId &folder) const;
    [[nodiscard]] CaptureRetention retentionOf(const FolderId &folder) const;
    void sweep();
    void sweepNext();
    void remove(const QList<MessageId> &surplus);

    Store &m_store;
    const CaptureInboxes &m_inboxes;
    ListenerSettings m_settings;
    QList<LocalUser> m_users;
    QList<FolderKeeping> m_folders;
    QList<FolderId> m_left; ///< of this sweep
    bool m_isSweeping = false;
    QTimer m_soon;
    QTimer m_eachMinute;
};

} // namespace glasspost::mail
