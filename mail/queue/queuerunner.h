#pragma once

#include "mail/queue/deliveryagent.h"
#include "mail/queue/dispatcher.h"
#include "mail/queue/queue.h"
#include "mail/queue/retrypolicy.h"

#include <QHash>
#include <QObject>
#include <QTimer>

namespace glasspost::mail {

struct RunnerSettings
{
    RetrySchedule retry = RetrySchedule::standard();
    QByteArray hostName; ///< Reporting-MTA of bounces
    int openEntries = 200; ///< tried at once
};

/// Makes the queue move: takes what is due, notes the attempt before anything is opened (so a crash makes no
/// storm of retries, F40), lets the agent carry it, notes each result as soon as it is known, and tells the
/// sender of what failed for good: once, across crashes too. Lives on the mail thread; queue, agent and
/// dispatcher outlive it.
class QueueRunner : public QObject
{
    Q_OBJECT
public:
    QueueRunner(Queue &queue, DeliveryAgent &agent, Dispatcher &dispatcher, RunnerSettings settings,
        QObject *parent = nullptr);

    void configure(RunnerSettings settings);
    /// While paused only recipients here are served: the smarthost's password is not known.
    enum class Remote { Goes, WaitsForPassword };
    void setRemote(Remote remote);
    void start();
    /// Breaks off what runs, but for messages past the dot (the agent tells when it is idle); what was broken
    /// off is due at the next start. Nothing is begun any more.
    void stop();

Q_SIGNALS:
    void passwordNeeded();
    void signInRefused();
    void troubled(const glasspost::mail::Error &error);

private:
    /// An entry in our hands: the recipients whose result is not known yet.
    struct Run
    {
        QList<int> open;
    };

    void wake();
    void begin(const QByteArray &id);
    void launch(const QByteArray &id, const QList<int> &recipients);
    void launchRemote(const QByteArray &id, const QList<int> &recipients);
    void launchLocal(const QByteArray &id, const QList<int> &recipients, const QList<int> &then);
    void putOff(const QByteArray &id, const QList<int> &recipients);
    void sessionOpened(quint64 delivery, const QByteArray &sessionId);
    void partFinished(quint64 delivery, const smtp::DeliveryReport &report, quint64 part);
    void settle(QueueEntry &entry, int recipient, const smtp::RecipientReport &report);
    void takeOver(const QueueEntry &now, const QueueEntry &written);
    void endRun(const QByteArray &id);
    void bounce(const QByteArray &id);
    [[nodiscard]] bool isLocal(const QueueRecipient &recipient) const;

    Queue &m_queue;
    DeliveryAgent &m_agent;
    Dispatcher &m_dispatcher;
    RunnerSettings m_settings;
    QTimer m_timer;
    QHash<QByteArray, Run> m_runs;
    QHash<quint64, QByteArray> m_deliveries; // to entries
    Remote m_remote = Remote::Goes;
    enum class Phase { Waiting, Running, Stopped } m_phase = Phase::Waiting;
};

} // namespace glasspost::mail
