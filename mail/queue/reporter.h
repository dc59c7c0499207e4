#pragma once

#include "mail/message/notification.h"
#include "mail/queue/acceptance.h"
#include "mail/queue/queue.h"
#include "mail/queue/reportpolicy.h"

#include <QObject>

#include <functional>

namespace glasspost::mail {

/// The text of what was said in the session of that report, or an error when it is not known any more.
using AttemptTexts = std::function<Task<QByteArray>(const smtp::RecipientReport &)>;

/// Tells senders what became of their messages (RFC 3461 5, RFC 3464): each report with the note that it was
/// made in one transaction, so that a crash neither repeats nor loses it (C65). Lives on the mail thread;
/// queue and acceptance outlive it.
class Reporter : public QObject
{
    Q_OBJECT
public:
    Reporter(Queue &queue, Acceptance &acceptance, AttemptTexts texts, QObject *parent = nullptr);

    void configure(const QByteArray &hostName, const RetrySchedule &schedule);
    /// Whether report() would tell anything now.
    [[nodiscard]] bool isDue(const QByteArray &id) const;
    /// Makes one report of the entry, which is in the runner's hands; answers when it is durable, and not
    /// before the disk takes it.
    Task<void> report(const QByteArray &id);

Q_SIGNALS:
    void troubled(const glasspost::mail::Error &error);

private:
    struct Due
    {
        DsnKind what = DsnKind::Failure;
        QList<int> recipients;
    };
    [[nodiscard]] Due dueFor(const QueueEntry &entry) const;
    [[nodiscard]] NotificationFacts facts(const QueueEntry &entry, const Due &due) const;
    [[nodiscard]] NotifiedRecipient notified(const QueueEntry &entry, int recipient, DsnKind what) const;
    void send(const QByteArray &id, const Due &due, const QByteArray &transcript, const Promise<void> &sent);

    Queue &m_queue;
    Acceptance &m_acceptance;
    AttemptTexts m_texts;
    QByteArray m_hostName;
    RetrySchedule m_schedule = RetrySchedule::standard();
};

} // namespace glasspost::mail
