#include "mail/queue/queuerunner.h"

#include "mail/queue/messagesources.h"
#include "mail/queue/sitereports.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr int clockLook = 60 * 1000; // how often the wall clock is looked at
constexpr int troubleWait = 10 * 1000; // the disk said no
constexpr int passwordWait = 60 * 1000;
constexpr int networkWait = 60 * 1000; // the system tells before

smtp::RecipientReport keptHere(const smtp::Mailbox &recipient)
{
    return ownReport(recipient, smtp::DeliveryResult::Delivered, smtp::DeliveryStage::Local, {2, 0, 0},
        "kept in the mailbox here");
}

smtp::RecipientReport unknownHere(const smtp::Mailbox &recipient)
{
    return ownReport(
        recipient, smtp::DeliveryResult::Refused, smtp::DeliveryStage::Local, {5, 1, 1}, "no such user here");
}

} // namespace

QueueRunner::QueueRunner(
    Queue &queue, DeliveryService &service, Acceptance &acceptance, Reporter &reporter, QObject *parent)
    : QObject(parent), m_queue(queue), m_service(service), m_acceptance(acceptance), m_reporter(reporter)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &QueueRunner::wake);
    connect(&m_queue, &Queue::dueChanged, this, [this] {
        if (m_phase == Phase::Running)
            m_timer.start(0);
    });
    connect(&m_service, &DeliveryService::sessionOpened, this, &QueueRunner::sessionOpened);
    connect(&m_service, &DeliveryService::partFinished, this, &QueueRunner::partFinished);
    connect(&m_service, &DeliveryService::finished, this,
        [this](quint64 delivery) { m_deliveries.remove(delivery); });
}

void QueueRunner::configure(RunnerSettings settings)
{
    m_settings = std::move(settings);
}

void QueueRunner::setReachability(Reachability reachability)
{
    m_reachability = reachability;
    if (reachability == Reachability::Offline)
        return;
    QList<QByteArray> due;
    const QHash<QByteArray, qint64> waited = std::exchange(m_unreachable, {});
    for (const auto &[id, notBefore] : waited.asKeyValueRange()) {
        if (m_queue.entry(id).notBefore == notBefore) // a person may have put it off since
            due.append(id);
    }
    if (!due.isEmpty())
        m_queue.act(QueueAction::TryNow, due);
}

void QueueRunner::start()
{
    m_phase = Phase::Running;
    m_timer.start(0);
}

void QueueRunner::stop()
{
    m_phase = Phase::Stopped;
    m_timer.stop();
    m_service.close(QByteArrayLiteral("shutting down"));
}

void QueueRunner::wake()
{
    m_queue.checkClock();
    const QList<QByteArray> ids
        = m_queue.dueEntries(std::max(0, m_settings.openEntries - int(m_runs.size())));
    for (const QByteArray &id : ids)
        begin(id);
    const bool full = m_runs.size() >= m_settings.openEntries;
    const qint64 next = full ? -1 : m_queue.nextDueIn();
    m_timer.start(int(next < 0 ? clockLook : std::min<qint64>(next, clockLook)));
}

// A route of its own is the way of the whole entry, past the mailboxes here.
bool QueueRunner::isLocal(const QueueEntry &entry, int recipient) const
{
    if (entry.route)
        return false;
    return m_acceptance.isHere(entry.recipients.at(recipient).recipient.forwardPath);
}

Account QueueRunner::accountOf(const QueueEntry &entry) const
{
    return Account::of(entry.route.value_or(m_settings.route));
}

// What cannot leave without a password; recipients here are served.
QList<int> QueueRunner::withoutPassword(const QueueEntry &entry, const QList<int> &recipients)
{
    const std::optional<Account> awaiting = m_service.accountAwaitingPassword(entry.route);
    if (!awaiting)
        return {};
    QList<int> waiting = recipients;
    waiting.removeIf([&](int i) { return isLocal(entry, i); });
    if (!waiting.isEmpty())
        Q_EMIT passwordNeeded(*awaiting);
    return waiting;
}

QList<int> QueueRunner::unreachable(const QueueEntry &entry, const QList<int> &recipients)
{
    if (m_reachability != Reachability::Offline)
        return {};
    const OutgoingRoute &route = entry.route ? *entry.route : m_settings.route;
    QList<int> waiting = recipients;
    waiting.removeIf([&](int i) {
        return isLocal(entry, i) || !needsNetwork(route, entry.recipients.at(i).recipient.forwardPath.domain);
    });
    if (!waiting.isEmpty())
        m_unreachable.insert(entry.id, entry.notBefore);
    return waiting;
}

// The schedule's wait, but an attempt is due when the time of DELIVERBY is over, to tell of it.
qint64 QueueRunner::waitFor(const QueueEntry &entry, int attempts) const
{
    const qint64 wait = waitAfter(m_settings.retry, attempts).count();
    const auto left = timeLeft(entry, std::chrono::milliseconds(m_queue.inQueue(entry.id)));
    return left && left->count() > 0 ? std::min<qint64>(wait, left->count()) : wait;
}

void QueueRunner::begin(const QByteArray &id)
{
    const QueueEntry entry = m_queue.entry(id);
    if (isOwedAnyReport(entry)) {
        m_queue.setInDelivery(id, true);
        m_runs.insert(id, {});
        report(id);
        return;
    }
    if (mustReturn(entry, std::chrono::milliseconds(m_queue.inQueue(id)))) {
        m_queue.record(id, {Returned{m_queue.now()}});
        return;
    }
    QList<int> recipients = m_queue.due(id);
    QueueEvents events;
    const auto putOff = [&](const QList<int> &waiting, int wait) {
        for (const int i : waiting) {
            recipients.removeOne(i);
            events.append(PutOff{i, m_queue.now() + wait});
        }
    };
    putOff(unreachable(entry, recipients), networkWait);
    putOff(withoutPassword(entry, recipients), passwordWait);
    if (recipients.isEmpty()) {
        m_queue.pauseAge(id);
        m_queue.record(id, events);
        return;
    }
    for (const int i : std::as_const(recipients)) {
        const qint64 wait = waitFor(entry, entry.recipients.at(i).attempts() + 1);
        events.append(AttemptBegan{i, m_queue.now() + wait});
    }
    m_queue.setInDelivery(id, true);
    m_runs.insert(id, {recipients, {}});
    m_queue.record(id, events, Answer::WhenFiled)
        .then(this, [this, id, recipients](const Result<void> &noted) {
            if (noted && m_phase != Phase::Stopped)
                launch(id, recipients);
            else
                undoAttempt(id, recipients);
        });
}

// Nothing was opened: the disk is in trouble, or the program ends, and then it is due at the next start.
void QueueRunner::undoAttempt(const QByteArray &id, const QList<int> &recipients)
{
    const qint64 nextAttemptAt = m_phase == Phase::Stopped ? 0 : m_queue.now() + troubleWait;
    QueueEvents events;
    for (const int i : recipients)
        events.append(AttemptUndone{i, nextAttemptAt});
    m_queue.record(id, events);
    m_runs.remove(id);
    m_queue.setInDelivery(id, false);
}

void QueueRunner::launch(const QByteArray &id, const QList<int> &recipients)
{
    const QueueEntry entry = m_queue.entry(id);
    QList<int> here;
    QList<int> elsewhere;
    for (const int i : recipients)
        (isLocal(entry, i) ? here : elsewhere).append(i);
    // One after the other: while the copies here are staged, no result of the others could be noted.
    if (here.isEmpty())
        launchRemote(id, elsewhere);
    else
        launchLocal(id, here, elsewhere);
}

void QueueRunner::launchRemote(const QByteArray &id, const QList<int> &recipients)
{
    const QueueEntry entry = m_queue.entry(id);
    smtp::Envelope envelope = entry.envelope;
    envelope.recipients.clear();
    for (const int i : recipients)
        envelope.recipients.append(entry.recipients.at(i).recipient);
    envelope.holdUntil = 0; // it was held here (RFC 4865)
    if (const auto left = timeLeft(entry, std::chrono::milliseconds(m_queue.inQueue(id)))) // RFC 2852 4.2
        envelope.deliverBy->seconds = std::chrono::floor<std::chrono::seconds>(*left).count();
    const quint64 delivery = m_service.deliver(
        envelope, fileSources(m_queue.messageFile(id), entry.size, m_queue.spoolFolder()), entry.route);
    m_deliveries.insert(delivery, id);
}

// Recipients here, whose copy waited with the rest (undo): mailboxes and state file in one transaction.
void QueueRunner::launchLocal(const QByteArray &id, const QList<int> &recipients, const QList<int> &then)
{
    const auto octets = openOctets(m_queue.messageFile(id));
    if (!octets) {
        Q_EMIT troubled(octets.error());
        undoAttempt(id, recipients + then);
        return;
    }
    const QueueEntry entry = m_queue.entry(id);
    IncomingMessage message;
    message.origin = IncomingMessage::Origin::Queue;
    message.envelope = entry.envelope;
    message.envelope.recipients.clear();
    for (const int i : recipients)
        message.envelope.recipients.append(entry.recipients.at(i).recipient);
    message.content = *octets;
    message.subject = entry.subject;
    message.messageId = entry.messageIdField;
    message.session.id = entry.originSessionId;
    const Plan plan = m_acceptance.planFor(message);
    QueueEvents events;
    for (const int i : recipients) {
        const smtp::EnvelopeRecipient &one = entry.recipients.at(i).recipient;
        const bool isKnown = !plan.unknown.contains(one);
        events.append(ended(entry, i, isKnown ? keptHere(one.forwardPath) : unknownHere(one.forwardPath)));
        if (isKnown) // the plan says who is told of a success, and whose relay will be
            events.append(Notified{i, DsnKind::Success});
    }
    m_acceptance.accept(message, plan, m_queue.stage(id, events))
        .durable.then(this, [this, id, recipients, then](const Result<Accepted> &accepted) {
            if (!accepted) {
                Q_EMIT troubled(accepted.error());
                m_queue.abandon(id);
                undoAttempt(id, recipients + then);
                return;
            }
            for (const int i : recipients)
                m_runs[id].open.removeOne(i);
            m_queue.confirm(id);
            if (!then.isEmpty() && m_phase == Phase::Stopped)
                undoAttempt(id, then);
            else if (!then.isEmpty())
                launchRemote(id, then);
            endRun(id);
        });
}

// Each attempt names its sessions, one that an earlier attempt left open included; a message that a server
// takes in several transactions is told of the same one several times.
void QueueRunner::sessionOpened(quint64 delivery, const QByteArray &sessionId)
{
    const QByteArray id = m_deliveries.value(delivery);
    const auto run = m_runs.find(id);
    if (run == m_runs.end() || run->sessions.contains(sessionId))
        return;
    run->sessions.append(sessionId);
    m_queue.record(id, {SessionOpened{sessionId}}); // for the window; written down with the result
}

void QueueRunner::partFinished(quint64 delivery, const smtp::DeliveryReport &report, quint64 part)
{
    const QByteArray id = m_deliveries.value(delivery);
    const auto run = m_runs.find(id);
    if (run == m_runs.end())
        return;
    const QueueEntry entry = m_queue.entry(id);
    QueueEvents events;
    bool refused = false;
    for (const smtp::RecipientReport &one : report.recipients) {
        const auto place = std::find_if(run->open.begin(), run->open.end(),
            [&](int i) { return entry.recipients.at(i).recipient.forwardPath == one.recipient; });
        if (place == run->open.end())
            continue;
        events.append(ended(entry, *place, one));
        run->open.erase(place);
        refused = refused || isSignInRefused(one);
    }
    // A disk that takes no notes must not stop the mail, but slows it down.
    m_queue.record(id, events).then(this, [this, part](const Result<void> &durable) {
        if (durable)
            m_service.noted(part);
        else
            QTimer::singleShot(troubleWait, this, [this, part] { m_service.noted(part); });
    });
    if (refused)
        Q_EMIT signInRefused(accountOf(entry));
    endRun(id);
}

QueueEvent QueueRunner::ended(
    const QueueEntry &entry, int recipient, const smtp::RecipientReport &report) const
{
    const bool brokenOffByUs = m_phase == Phase::Stopped && report.reply.isNull()
        && report.result == smtp::DeliveryResult::Deferred;
    if (brokenOffByUs)
        return AttemptInterrupted{recipient, report};
    AttemptOutcome outcome
        = outcomeOf(report, std::chrono::milliseconds(m_queue.age(entry.id)), m_settings.retry);
    if (outcome == AttemptOutcome::Deferred
        && mustReturn(entry, std::chrono::milliseconds(m_queue.inQueue(entry.id))))
        outcome = AttemptOutcome::Expired;
    return Attempted{recipient, report, outcome};
}

void QueueRunner::endRun(const QByteArray &id)
{
    const auto run = m_runs.constFind(id);
    if (run == m_runs.constEnd() || !run->open.isEmpty())
        return;
    if (m_phase != Phase::Stopped && m_reporter.isDue(id)) {
        report(id);
        return;
    }
    m_runs.erase(run);
    m_queue.setInDelivery(id, false);
    if (m_phase == Phase::Running)
        m_timer.start(0);
}

void QueueRunner::report(const QByteArray &id)
{
    m_reporter.report(id).then(this, [this, id](const Result<void> &) { endRun(id); });
}

} // namespace glasspost::mail
