#include "mail/system/inboxretention.h"

#include <QDateTime>

#include <algorithm>

namespace glasspost::mail {

namespace {

using namespace std::chrono_literals;

constexpr auto afterArrival = 1s;

} // namespace

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
    m_soon.start();
    m_eachMinute.start();
}

void InboxRetention::noteArrival(const ReceptionEvent &event)
{
    if (event.kind == ReceptionEvent::Kind::Stored && !m_soon.isActive())
        m_soon.start();
}

QList<FolderId> InboxRetention::folders() const
{
    QStringList names(m_inboxes.names().cbegin(), m_inboxes.names().cend());
    const QString usual = ListenerBinding().captureMailbox; // has no mark
    const bool isUsed = std::any_of(m_settings.bindings.cbegin(), m_settings.bindings.cend(),
        [&usual](const ListenerBinding &binding) { return binding.captureMailbox == usual; });
    if (isUsed && !names.contains(usual))
        names.append(usual);
    QList<FolderId> folders;
    for (const QString &name : std::as_const(names)) {
        const bool isPersons = std::any_of(m_users.cbegin(), m_users.cend(),
            [&name](const LocalUser &user) { return user.name.compare(name, Qt::CaseInsensitive) == 0; });
        if (!isPersons)
            folders.append({name, {}});
    }
    return folders;
}

void InboxRetention::sweep()
{
    if (m_settings.policy != RecipientPolicy::CatchAll || m_settings.retention.isUnlimited())
        return;
    if (m_isSweeping) {
        m_soon.start(); // mail has come to folders that it is past
        return;
    }
    m_isSweeping = true;
    m_left = folders();
    sweepNext();
}

void InboxRetention::sweepNext()
{
    if (m_left.isEmpty()) {
        m_isSweeping = false;
        return;
    }
    const CaptureRetention &retention = m_settings.retention;
    SurplusQuery query;
    query.folder = m_left.constFirst();
    query.mostMessages = retention.messages;
    query.mostOctets = retention.octets;
    if (retention.age > 0s)
        query.arrivedBefore = QDateTime::currentSecsSinceEpoch() - retention.age.count();
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
