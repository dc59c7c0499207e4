#pragma once

// An outbox without a mail system, for a window's test.

#include "mail/system/outbox.h"

namespace glasspost::test {

/// Holds the queue that a test gives it, notes what it is asked to do, and does none of it.
class FakeOutbox : public mail::Outbox
{
public:
    struct Request
    {
        mail::QueueAction action = mail::QueueAction::TryNow;
        QList<QByteArray> ids;

        friend bool operator==(const Request &, const Request &) = default;
    };

    /// As when the queue has them now.
    void change(const QList<mail::QueueEntry> &entries)
    {
        for (const mail::QueueEntry &entry : entries) {
            remove(entry.id);
            m_queue.append(entry);
        }
        Q_EMIT changed(entries);
    }
    /// As when they have left the queue.
    void takeOut(const QList<QByteArray> &ids)
    {
        for (const QByteArray &id : ids)
            remove(id);
        Q_EMIT removed(ids);
    }
    /// As when their records are kept.
    void keep(const QList<mail::Journey> &journeys) { m_journeys = journeys; }
    [[nodiscard]] const QList<Request> &requests() const { return m_requests; }
    [[nodiscard]] int answers() const { return m_answers; } ///< given to entries()

    mail::Task<mail::SubmitReceipt> submit(const mail::Draft &draft, const mail::SubmitTerms &) override
    {
        return refusal<mail::SubmitReceipt>(draft.subject);
    }
    mail::Task<mail::SubmitReceipt> submitMessage(
        const smtp::Envelope &, const mail::MessageOctets &, const mail::SubmitTerms &) override
    {
        return refusal<mail::SubmitReceipt>({});
    }
    mail::RecipientRoute routeFor(const QString &) const override { return {}; }
    mail::Task<QList<mail::QueueEntry>> entries() override
    {
        return mail::runOn(this, [this] {
            ++m_answers;
            return m_queue;
        });
    }
    mail::Task<mail::QueueEntry> entry(const QByteArray &id) override
    {
        for (const mail::QueueEntry &one : std::as_const(m_queue)) {
            if (one.id == id)
                return mail::Result<mail::QueueEntry>(one);
        }
        return refusal<mail::QueueEntry>(QString::fromLatin1(id));
    }
    mail::Task<QList<mail::Journey>> journeys(const mail::JourneyKey &key) override
    {
        QList<mail::Journey> found;
        for (const mail::Journey &journey : std::as_const(m_journeys)) {
            const bool isIts = key.queueId.isEmpty() ? journey.entry.messageIdField == key.messageId
                                                     : journey.entry.id == key.queueId;
            if (isIts && (key.sessionId.isEmpty() || journey.entry.originSessionId == key.sessionId))
                found.append(journey);
        }
        return mail::Result<QList<mail::Journey>>(found);
    }
    mail::Task<QList<mail::Journey>> journeysOfSession(const QByteArray &sessionId) override
    {
        QList<mail::Journey> found = m_journeys;
        found.removeIf([&sessionId](const mail::Journey &journey) {
            return !journey.entry.attemptSessionIds.contains(sessionId);
        });
        return mail::Result<QList<mail::Journey>>(found);
    }
    mail::Task<QList<mail::Journey>> journeysMadeFrom(const mail::OriginalKey &original) override
    {
        QList<mail::Journey> found = m_journeys;
        found.removeIf([&original](const mail::Journey &journey) {
            return !journey.entry.madeFrom || journey.entry.madeFrom->message.unique != original.unique;
        });
        return mail::Result<QList<mail::Journey>>(found);
    }
    mail::Task<mail::JourneyList> listJourneys(const mail::JourneyFilter &) override
    {
        return mail::Result<mail::JourneyList>({m_journeys, {}});
    }
    mail::Task<QList<mail::QueueEntry>> past(const QList<QByteArray> &ids) override
    {
        QList<mail::QueueEntry> entries;
        for (const mail::Journey &journey : std::as_const(m_journeys)) {
            if (ids.contains(journey.entry.id))
                entries.append(journey.entry);
        }
        return mail::Result<QList<mail::QueueEntry>>(entries);
    }
    mail::Task<void> removeJourneys(const QList<QByteArray> &queueIds) override
    {
        m_journeys.removeIf(
            [&queueIds](const mail::Journey &journey) { return queueIds.contains(journey.entry.id); });
        Q_EMIT journeysRemoved(queueIds);
        return mail::Result<void>();
    }
    mail::Task<mail::MessageView> message(const QByteArray &id) override
    {
        return refusal<mail::MessageView>(QString::fromLatin1(id));
    }
    mail::Task<int> act(const mail::QueueRequest &request, const QList<QByteArray> &ids) override
    {
        m_requests.append({request.action, ids});
        return mail::Result<int>(int(ids.size()));
    }
    void setPassword(const QString &, const QString &, const QByteArray &) override { }
    void setReachability(mail::Reachability reachability) override
    {
        m_reachability = reachability;
        Q_EMIT reachabilityChanged(reachability);
    }
    mail::Reachability reachability() const override { return m_reachability; }

private:
    template <typename T> static mail::Task<T> refusal(const QString &subject)
    {
        return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, subject, {}});
    }
    void remove(const QByteArray &id)
    {
        m_queue.removeIf([&id](const mail::QueueEntry &one) { return one.id == id; });
    }

    QList<mail::QueueEntry> m_queue;
    QList<mail::Journey> m_journeys;
    QList<Request> m_requests;
    int m_answers = 0;
    mail::Reachability m_reachability = mail::Reachability::Unknown;
};

} // namespace glasspost::test
