#pragma once

#include "mail/accept/captureinboxes.h"
#include "mail/accept/receptionevent.h"
#include "mail/settings/settings.h"
#include "mail/store/store.h"

#include <QObject>
#include <QTimer>

namespace glasspost::mail {

/// Removes from the Inboxes that capture what they need not keep any more: a moment after mail came, and each
/// minute for what grew old. One folder after another, in transactions of some hundred messages, on the
/// store's threads; what the index does not have yet has its turn later. People's mailboxes are never
/// touched, nor are those that were there before a binding captured into them. Mail thread.
class InboxRetention : public QObject
{
    Q_OBJECT
public:
    /// Both outlive it.
    InboxRetention(Store &store, const CaptureInboxes &inboxes);

    void configure(const Settings &settings);
    void noteArrival(const ReceptionEvent &event);

Q_SIGNALS:
    void troubled(const glasspost::mail::Error &error);

private:
    [[nodiscard]] QList<FolderId> folders() const;
    void sweep();
    void sweepNext();
    void remove(const QList<MessageId> &surplus);

    Store &m_store;
    const CaptureInboxes &m_inboxes;
    ListenerSettings m_settings;
    QList<LocalUser> m_users;
    QList<FolderId> m_left; ///< of this sweep
    bool m_isSweeping = false;
    QTimer m_soon;
    QTimer m_eachMinute;
};

} // namespace glasspost::mail
