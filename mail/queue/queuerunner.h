#pragma once

#include "mail/queue/acceptance.h"
#include "mail/queue/deliveryservice.h"
#include "mail/queue/queue.h"
#include "mail/queue/reachability.h"
#include "mail/queue/reporter.h"
#include "mail/queue/retrypolicy.h"

#include <QHash>
#include <QObject>
#include <QTimer>

namespace glasspost::mail {

struct RunnerSettings
{
    RetrySchedule retry = RetrySchedule::standard();
    OutgoingRoute route; ///< of entries without one of their own
    int openEntries = 200; ///< tried at once
};

/// Makes the queue move: takes what is due, notes the attempt before anything is opened (so a crash makes no
/// storm of retries, F40), lets the service carry it, notes each result as soon as it is known, and has the
/// reporter tell the sender. Lives on the mail thread; queue, service, acceptance and reporter outlive it.
class QueueRunner : public QObject
{
    Q_OBJECT
public:
    QueueRunner(Queue &queue, DeliveryService &service, Acceptance &acceptance, Reporter &reporter,
        QObject *parent = nullptr);

    void configure(RunnerSettings settings);
    /// Offline: what would leave this machine is not tried, and no attempt is counted; it is due when the
    /// machine is online again.
    void setReachability(Reachability reachability);
    void start();
    /// Breaks off what runs, but for messages past the dot (the service tells when it is idle); what was
    /// broken off is due at the next start. Nothing is begun any more.
    void stop();
    [[nodiscard]] bool isIdle() const { return m_runs.isEmpty(); } ///< no attempt, no report in the making

Q_SIGNALS:
    /// A message waits for that password: recipients elsewhere are not served.
    void passwordNeeded(const glasspost::mail::Account &account);
    void signInRefused(const glasspost::mail::Account &account);
    void troubled(const glasspost::mail::Error &error);

private:
    /// An entry in our hands.
    struct Run
    {
        QList<int> open; ///< the recipients whose result is not known yet
        QList<QByteArray> sessions; ///< recorded as opened in this attempt
    };

    void wake();
    void begin(const QByteArray &id);
    void launch(const QByteArray &id, const QList<int> &recipients);
    void launchRemote(const QByteArray &id, const QList<int> &recipients);
    void launchLocal(const QByteArray &id, const QList<int> &recipients, const QList<int> &then);
    void undoAttempt(const QByteArray &id, const QList<int> &recipients);
    void sessionOpened(quint64 delivery, const QByteArray &sessionId);
    void partFinished(quint64 delivery, const smtp::DeliveryReport &report, quint64 part);
    [[nodiscard]] QueueEvent ended(
        const QueueEntry &entry, int recipient, const smtp::RecipientReport &report) const;
    void endRun(const QByteArray &id);
    void report(const QByteArray &id);
    [[nodiscard]] QList<int> withoutPassword(const QueueEntry &entry, const QList<int> &recipients);
    [[nodiscard]] QList<int> unreachable(const QueueEntry &entry, const QList<int> &recipients);
    [[nodiscard]] qint64 waitFor(const QueueEntry &entry, int attempts) const;
    [[nodiscard]] bool isLocal(const QueueEntry &entry, int recipient) const;
    [[nodiscard]] Account accountOf(const QueueEntry &entry) const;

    Queue &m_queue;
    DeliveryService &m_service;
    Acceptance &m_acceptance;
    Reporter &m_reporter;
    RunnerSettings m_settings;
    Reachability m_reachability = Reachability::Unknown;
    QHash<QByteArray, qint64> m_unreachable; // entries that wait for the network, and their notBefore then
    QTimer m_timer;
    QHash<QByteArray, Run> m_runs;
    QHash<quint64, QByteArray> m_deliveries; // to entries
    enum class Phase { Waiting, Running, Stopped } m_phase = Phase::Waiting;
};

} // namespace glasspost::mail
