#include "mail/system/outbox.h"

#include "mail/base/mutex.h"
#include "mail/message/messagereader.h"
#include "mail/queue/reportpolicy.h"
#include "mail/system/mailthread.h"
#include "mail/system/services.h"

#include <QFile>

#include <fcntl.h>

namespace glasspost::mail {

namespace {

Result<QueueEntry> entryOf(const Queue &queue, const QByteArray &id)
{
    const QueueEntry entry = queue.entry(id);
    if (entry.id.isEmpty())
        return tl::unexpected(Error{ErrorCode::NotFound, QString::fromLatin1(id), {}});
    return entry;
}

/// The queue knows best how an entry stands. One that it does not know has ended, or the record's end is
/// lost.
Journey settled(const Queue &queue, Journey journey)
{
    const QueueEntry known = queue.entry(journey.entry.id);
    if (!known.id.isEmpty())
        journey.entry = known;
    else if (journey.removedAt == 0 && !isOver(journey.entry))
        journey.isDamaged = true;
    return journey;
}

QList<Journey> settledAll(const Queue &queue, const QList<Journey> &journeys)
{
    QList<Journey> all;
    for (const Journey &journey : journeys)
        all.append(settled(queue, journey));
    return all;
}

Result<MessageView> readQueued(const QString &path, const QByteArray &id)
{
    Result<MessageView> view
        = OctetsReader::open(AT_FDCWD, QFile::encodeName(path)).and_then([](const OctetsReader &source) {
              return readMessage(source);
          });
    if (view)
        view->queueId = id;
    return view;
}

class CoreOutbox : public Outbox
{
public:
    CoreOutbox(MailThread &mail, const CurrentSettings &settings) : m_mail(mail), m_settings(settings)
    {
        m_mail.onMailThread([this](MailCore &core) {
            connect(&core.batches(), &Batches::queueChanged, this, &Outbox::changed);
            connect(&core.batches(), &Batches::queueRemoved, this, &Outbox::removed);
            connect(&core.passwords(), &RoutePasswords::needed, this, &Outbox::passwordNeeded);
        });
    }

    Task<SubmitReceipt> submit(const Draft &draft, const SubmitTerms &terms) override
    {
        return m_mail.onMailThread(
            [draft, terms](MailCore &core) { return core.submission().submit(draft, terms); });
    }
    Task<SubmitReceipt> submitMessage(
        const smtp::Envelope &envelope, const MessageOctets &message, const SubmitTerms &terms) override
    {
        return m_mail.onMailThread([envelope, message, terms](MailCore &core) {
            return core.submission().submitMessage(envelope, message, terms);
        });
    }
    RecipientRoute routeFor(const QString &recipient) const override
    {
        return mail::routeFor(recipient, m_settings.value());
    }

    Task<QList<QueueEntry>> entries() override
    {
        return m_mail.onMailThread([](MailCore &core) { return core.queue().entries(); });
    }
    Task<QueueEntry> entry(const QByteArray &id) override
    {
        return m_mail.onMailThread([id](MailCore &core) { return entryOf(core.queue(), id); });
    }
    Task<QList<Journey>> journeys(const JourneyKey &key) override
    {
        return m_mail.onMailThread([key](MailCore &core) {
            return core.journeys().find(key).andThen(&core, [&core, key](const QList<Journey> &found) {
                const QueueEntry known = core.queue().entry(key.queueId);
                if (found.isEmpty() && !known.id.isEmpty())
                    return QList<Journey>{Journey{known, {}, {}, 0, false}};
                return settledAll(core.queue(), found);
            });
        });
    }
    Task<QList<Journey>> journeysOfSession(const QByteArray &sessionId) override
    {
        return m_mail.onMailThread([sessionId](MailCore &core) {
            return core.journeys().ofSession(sessionId).andThen(
                &core, [&core](const QList<Journey> &found) { return settledAll(core.queue(), found); });
        });
    }
    Task<QList<Journey>> journeysMadeFrom(const OriginalKey &original) override
    {
        return m_mail.onMailThread([original](MailCore &core) {
            return core.journeys().madeFrom(original).andThen(
                &core, [&core](const QList<Journey> &found) { return settledAll(core.queue(), found); });
        });
    }
    Task<JourneyList> listJourneys(const JourneyFilter &filter) override
    {
        return m_mail.onMailThread([filter](MailCore &core) {
            return core.journeys().list(filter).andThen(&core, [&core](const JourneyList &found) {
                return JourneyList{settledAll(core.queue(), found.journeys), found.next};
            });
        });
    }
    Task<QList<QueueEntry>> past(const QList<QByteArray> &ids) override
    {
        return m_mail.onMailThread([ids](MailCore &core) {
            return core.journeys().journeys(ids).andThen(&core, [](const QList<Journey> &found) {
                QList<QueueEntry> entries;
                for (const Journey &journey : found) {
                    if (isOver(journey.entry))
                        entries.append(journey.entry);
                }
                return entries;
            });
        });
    }
    Task<void> removeJourneys(const QList<QByteArray> &queueIds) override
    {
        const auto tell = [this, queueIds] {
            QMetaObject::invokeMethod(
                this, [this, queueIds] { Q_EMIT journeysRemoved(queueIds); }, Qt::QueuedConnection);
        };
        return m_mail.onMailThread([queueIds, tell](MailCore &core) -> Task<void> {
            for (const QByteArray &id : queueIds) {
                if (core.queue().contains(id))
                    return tl::unexpected(Error{ErrorCode::StillQueued, QString::fromLatin1(id), {}});
            }
            return core.queue()
                .removeRecords(queueIds)
                .andThen(&core, [&core, queueIds] { return core.journeys().remove(queueIds); })
                .andThen(&core, tell);
        });
    }
    Task<MessageView> message(const QByteArray &id) override
    {
        return m_mail.onMailThread([id](MailCore &core) -> Task<MessageView> {
            if (const Result<QueueEntry> entry = entryOf(core.queue(), id); !entry)
                return tl::unexpected(entry.error());
            return core.worker().run(
                [path = core.queue().messageFile(id), id] { return readQueued(path, id); });
        });
    }
    Task<int> act(const QueueRequest &request, const QList<QByteArray> &ids) override
    {
        return m_mail.onMailThread(
            [request, ids](MailCore &core) { return core.queue().act(request, ids).done; });
    }

    void setPassword(const QString &host, const QString &user, const QByteArray &password) override
    {
        m_mail.onMailThread([account = Account{host, user}, password](MailCore &core) {
            core.passwords().set(account, password, core.settings().route);
        });
    }
    void setReachability(Reachability reachability) override
    {
        {
            const MutexLock lock(m_mutex);
            m_reachability = reachability;
        }
        m_mail.onMailThread([reachability](MailCore &core) { core.runner().setReachability(reachability); });
        QMetaObject::invokeMethod(
            this, [this, reachability] { Q_EMIT reachabilityChanged(reachability); }, Qt::QueuedConnection);
    }
    Reachability reachability() const override
    {
        const MutexLock lock(m_mutex);
        return m_reachability;
    }

private:
    MailThread &m_mail;
    const CurrentSettings &m_settings;
    mutable Mutex m_mutex;
    Reachability m_reachability GUARDED_BY(m_mutex) = Reachability::Unknown;
};

} // namespace

std::unique_ptr<Outbox> makeOutbox(MailThread &mail, const CurrentSettings &settings)
{
    return std::make_unique<CoreOutbox>(mail, settings);
}

} // namespace glasspost::mail
