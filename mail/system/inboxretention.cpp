#include "mail/system/inboxretention.h"

#include <QDateTime>

#include <algorithm>

namespace glasspost::mail {

namespace {

using namespace std::chrono_literals;

constexpr auto afterArrival = 1s;

} // namespace

SurplusQuery surplusQuery(const FolderId &folder, const CaptureRetention &retention)
{
    SurplusQuery query;
    query.folder = folder;
    query.mostMessages = retention.messages;
    query.mostOctets = retention.octets;
    if (retention.age > 0s)
        query.arrivedBefore = QDateTime::currentSecsSinceEpoch() - retention.age.count();
    return query;
}

InboxRetention::InboxRetention(Store &store, const CaptureInboxes &inboxes)
    : m_store(store), m_inboxes(inboxes), m_soon(this), m_eachMinute(this)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(afterArrival);
    m_eachMinute.setInterval(1min);
    connect(&m_soon, &QTimer::timeout, this, &InboxRetention::sweep);
    connect(&m_eachMinute, &QTimer::timeout, this, &InboxRetention::sweep);
}

void InboxRetention::configure(const Settings &settings)
{
    m_settings = settings.listener;
    m_users = settings.users;
    configureFolders(settings.folders);
}

void InboxRetention::configureFolders(const QList<FolderKeeping> &folders)
{
    m_folders = folders;
    m_soon.start();
    m_eachMinute.start();
}

void InboxRetention::noteArrival(const ReceptionEvent &event)
{
    if (event.kind == ReceptionEvent::Kind::Stored && !m_soon.isActive())
        m_soon.start();
}

QList<FolderId> InboxRetention::captured() const
{
    QStringList names(m_inboxes.names().cbegin(), m_inboxes.names().cend());
    if (const QString usual = ListenerBinding().captureMailbox; !names.contains(usual))
        names.append(usual);
    QList<FolderId> folders;
    for (const QString &name : std::as_const(names)) {
        if (const FolderId inbox{name, {}}; isCaptured(inbox))
            folders.append(inbox);
    }
    return folders;
}

/// Whether the listener's limits are meant for it.
bool InboxRetention::isCaptured(const FolderId &folder) const
{
    if (m_settings.policy != RecipientPolicy::CatchAll || !folder.folder.isEmpty())
        return false;
    const QString usual = ListenerBinding().captureMailbox; // has no mark
    const bool isUsed = folder.user == usual
        && std::any_of(m_settings.bindings.cbegin(), m_settings.bindings.cend(),
            [&usual](const ListenerBinding &binding) { return binding.captureMailbox == usual; });
    const bool isPersons = std::any_of(m_users.cbegin(), m_users.cend(), [&folder](const LocalUser &user) {
        return user.name.compare(folder.user, Qt::CaseInsensitive) == 0;
    });
    return !isPersons && (isUsed || m_inboxes.names().contains(folder.user));
}

CaptureRetention InboxRetention::retentionOf(const FolderId &folder) const
{
    const CaptureRetention own = keepingOf(m_folders, folder.user, folder.folder).retention;
    return own.isUnlimited() && isCaptured(folder) ? m_settings.retention : own;
}

void InboxRetention::sweep()
{
    QList<FolderId> limited = m_settings.retention.isUnlimited() ? QList<FolderId>() : captured();
    for (const FolderKeeping &keeping : std::as_const(m_folders)) {
        const FolderId folder{keeping.mailbox, keeping.folder};
        if (!keeping.retention.isUnlimited() && !limited.contains(folder))
            limited.append(folder);
    }
    if (limited.isEmpty())
        return;
    if (m_isSweeping) {
        m_soon.start(); // mail has come to folders that it is past
        return;
    }
    m_isSweeping = true;
    m_left = limited;
    sweepNext();
}

void InboxRetention::sweepNext()
{
    if (m_left.isEmpty()) {
        m_isSweeping = false;
        return;
    }
    const SurplusQuery query = surplusQuery(m_left.constFirst(), retentionOf(m_left.constFirst()));
    m_store.surplus(query).then(this, [this](const Result<QList<MessageId>> &surplus) {
        if (surplus && !surplus->isEmpty())
            return remove(*surplus);
        m_left.removeFirst(); // nothing to do, or an index that is made anew: another time
        sweepNext();
    });
}

void InboxRetention::remove(const QList<MessageId> &surplus)
{
    m_store.remove(surplus).then(this, [this](const Result<void> &removed) {
        if (!removed) {
            m_left.removeFirst();
            if (removed.error().code != ErrorCode::NotFound) // somebody else was faster
                Q_EMIT troubled(removed.error());
        }
        sweepNext();
    });
}

} // namespace glasspost::mail
