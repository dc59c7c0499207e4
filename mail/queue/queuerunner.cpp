#include "mail/queue/queuerunner.h"

#include "mail/message/bounce.h"
#include "mail/queue/carrier.h"
#include "mail/queue/messagesources.h"

#include <QDateTime>
#include <QFile>
#include <QPointer>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr int clockLook = 60 * 1000; // how often the wall clock is looked at
constexpr int troubleWait = 10 * 1000; // the disk said no
constexpr int passwordWait = 60 * 1000;
constexpr qint64 returnedOctets = 1024 * 1024; // of the original, for its header

QByteArray headOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(returnedOctets) : QByteArray();
}

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

// Whether what was written down is still true; age and the time it was looked at always move.
bool saysTheSame(QueueEntry written, const QueueEntry &now)
{
    written.age = now.age;
    written.seenAt = now.seenAt;
    return written == now;
}

} // namespace

QueueRunner::QueueRunner(
    Queue &queue, DeliveryAgent &agent, Dispatcher &dispatcher, RunnerSettings settings, QObject *parent)
    : QObject(parent), m_queue(queue), m_agent(agent), m_dispatcher(dispatcher),
      m_settings(std::move(settings))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &QueueRunner::wake);
    connect(&m_queue, &Queue::dueChanged, this, [this] {
        if (m_phase == Phase::Running)
            m_timer.start(0);
    });
    connect(&m_agent, &DeliveryAgent::sessionOpened, this, &QueueRunner::sessionOpened);
    connect(&m_agent, &DeliveryAgent::partFinished, this, &QueueRunner::partFinished);
    connect(&m_agent, &DeliveryAgent::finished, this,
        [this](quint64 delivery) { m_deliveries.remove(delivery); });
}

void QueueRunner::configure(RunnerSettings settings)
{
    m_settings = std::move(settings);
}

void QueueRunner::setRemote(Remote remote)
{
    m_remote = remote;
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
    m_agent.close(QByteArrayLiteral("shutting down"));
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

bool QueueRunner::isLocal(const QueueRecipient &recipient) const
{
    const Destination where = m_dispatcher.router().destination(recipient.recipient.forwardPath);
    return where.kind != Destination::Kind::Remote;
}

void QueueRunner::begin(const QByteArray &id)
{
    QueueEntry entry = m_queue.entry(id);
    if (isOwedAnyBounce(entry)) {
        m_queue.setBusy(id, true);
        m_runs.insert(id, {});
        bounce(id);
        return;
    }
    QList<int> recipients = m_queue.due(id);
    if (m_remote == Remote::WaitsForPassword) {
        Q_EMIT passwordNeeded();
        for (const int i : std::as_const(recipients)) {
            if (!isLocal(entry.recipients.at(i)))
                m_queue.postpone(entry, i, passwordWait);
        }
        recipients.removeIf([&](int i) { return !isLocal(entry.recipients.at(i)); });
    }
    for (const int i : std::as_const(recipients)) {
        QueueRecipient &one = entry.recipients[i];
        one.state = RecipientState::Delivering;
        ++one.attempts;
        m_queue.postpone(entry, i, waitAfter(m_settings.retry, one.attempts).count());
    }
    if (recipients.isEmpty()) {
        m_queue.restAge(id);
        m_queue.adopt(entry);
        return;
    }
    m_queue.setBusy(id, true);
    m_runs.insert(id, {recipients});
    // Noted, and the message stands in its file, since the journal applies in order: only now a connection.
    m_queue.change(entry, {}, [this, self = QPointer(this), id, recipients](const Result<void> &result) {
        if (!self || m_phase == Phase::Stopped)
            return;
        if (result)
            launch(id, recipients);
        else
            putOff(id, recipients);
    });
}

void QueueRunner::putOff(const QByteArray &id, const QList<int> &recipients)
{
    QueueEntry entry = m_queue.entry(id);
    for (const int i : recipients) {
        entry.recipients[i].state = RecipientState::Deferred;
        --entry.recipients[i].attempts;
        m_queue.postpone(entry, i, troubleWait);
    }
    m_queue.adopt(entry);
    m_runs.remove(id);
    m_queue.setBusy(id, false);
}

void QueueRunner::launch(const QByteArray &id, const QList<int> &recipients)
{
    const QueueEntry entry = m_queue.entry(id);
    QList<int> here;
    QList<int> elsewhere;
    for (const int i : recipients)
        (isLocal(entry.recipients.at(i)) ? here : elsewhere).append(i);
    // One after the other: a state file written for one part must never undo what it says of the other.
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
    const quint64 delivery = m_agent.deliver(envelope, fileSources(m_queue.messageFile(id)));
    m_deliveries.insert(delivery, id);
}

// Recipients here, whose copy waited with the rest (undo): mailboxes and state file in one transaction.
void QueueRunner::launchLocal(const QByteArray &id, const QList<int> &recipients, const QList<int> &then)
{
    QueueEntry entry = m_queue.entry(id);
    Posting posting;
    posting.envelope = entry.envelope;
    posting.envelope.recipients.clear();
    for (const int i : recipients) {
        QueueRecipient &one = entry.recipients[i];
        smtp::Envelope alone = entry.envelope;
        alone.recipients = {one.recipient};
        const bool known = distribute(m_dispatcher.router(), alone).unknown.isEmpty();
        settle(
            entry, i, known ? keptHere(one.recipient.forwardPath) : unknownHere(one.recipient.forwardPath));
        if (known)
            posting.envelope.recipients.append(one.recipient);
    }
    QFile file(m_queue.messageFile(id));
    if (!file.open(QIODevice::ReadOnly)) {
        Q_EMIT troubled({ErrorCode::InputOutput, file.fileName(), file.errorString()});
        putOff(id, recipients + then);
        return;
    }
    posting.message = file.readAll();
    posting.subject = entry.subject;
    posting.messageIdField = entry.messageIdField;
    posting.originSessionId = entry.originSessionId;
    posting.alongside = m_queue.stateSteps(entry);
    m_dispatcher.post(
        posting, [this, self = QPointer(this), id, recipients, then, entry](const Result<Posted> &posted) {
            if (!self)
                return;
            if (!posted) {
                Q_EMIT troubled(posted.error());
                putOff(id, recipients + then);
                return;
            }
            QueueEntry now = m_queue.entry(id); // it may be held meanwhile
            for (const int i : recipients) {
                now.recipients[i] = entry.recipients.at(i);
                m_runs[id].open.removeOne(i);
            }
            takeOver(now, entry);
            if (!then.isEmpty() && m_phase != Phase::Stopped)
                launchRemote(id, then);
            endRun(id);
        });
}

// What came meanwhile (hold, release) went to the disk before or after; the last word there must be this one.
void QueueRunner::takeOver(const QueueEntry &now, const QueueEntry &written)
{
    if (saysTheSame(written, now))
        m_queue.adopt(now);
    else
        m_queue.change(now);
}

void QueueRunner::sessionOpened(quint64 delivery, const QByteArray &sessionId)
{
    const QByteArray id = m_deliveries.value(delivery);
    if (id.isEmpty())
        return;
    QueueEntry entry = m_queue.entry(id);
    if (entry.attemptSessionIds.contains(sessionId))
        return;
    entry.attemptSessionIds.append(sessionId);
    m_queue.adopt(entry); // for the window; written down with the result
}

void QueueRunner::partFinished(quint64 delivery, const smtp::DeliveryReport &report, quint64 part)
{
    const QByteArray id = m_deliveries.value(delivery);
    const auto run = m_runs.find(id);
    if (run == m_runs.end())
        return;
    QueueEntry entry = m_queue.entry(id);
    bool refused = false;
    for (const smtp::RecipientReport &one : report.recipients) {
        const auto place = std::find_if(run->open.begin(), run->open.end(),
            [&](int i) { return entry.recipients.at(i).recipient.forwardPath == one.recipient; });
        if (place == run->open.end())
            continue;
        const int index = *place;
        run->open.erase(place);
        settle(entry, index, one);
        refused = refused || isSignInRefused(one);
    }
    // A disk that takes no notes must not stop the mail, but slows it down.
    m_queue.change(entry, [this, self = QPointer(this), part](const Result<void> &durable) {
        if (self && durable)
            m_agent.noted(part);
        else if (self)
            QTimer::singleShot(troubleWait, this, [this, part] { m_agent.noted(part); });
    });
    if (refused)
        Q_EMIT signInRefused();
    endRun(id);
}

void QueueRunner::settle(QueueEntry &entry, int recipient, const smtp::RecipientReport &report)
{
    QueueRecipient &one = entry.recipients[recipient];
    one.lastReport = report;
    one.state = stateAfter(report, std::chrono::milliseconds(m_queue.age(entry.id)), m_settings.retry);
    const bool brokenOffByUs = m_phase == Phase::Stopped && report.reply.isNull()
        && report.result == smtp::DeliveryResult::Deferred;
    if (brokenOffByUs) {
        one.state = RecipientState::Deferred;
        one.nextAttemptAt = 0;
    }
    if (entry.held && one.state == RecipientState::Deferred)
        one.state = RecipientState::Held;
}

void QueueRunner::endRun(const QByteArray &id)
{
    const auto run = m_runs.constFind(id);
    if (run == m_runs.constEnd() || !run->open.isEmpty())
        return;
    if (m_phase != Phase::Stopped && isOwedAnyBounce(m_queue.entry(id))) {
        bounce(id);
        return;
    }
    m_runs.erase(run);
    m_queue.setBusy(id, false);
    if (m_phase == Phase::Running)
        m_timer.start(0);
}

// The bounce and the note that it was made stand or fall together.
void QueueRunner::bounce(const QByteArray &id)
{
    QueueEntry entry = m_queue.entry(id);
    BounceFacts facts;
    facts.hostName = m_settings.hostName;
    facts.sender = entry.envelope.reversePath.toBytes();
    facts.envelopeId = entry.envelope.envelopeId;
    facts.arrivedAt = QDateTime::fromMSecsSinceEpoch(entry.queuedAt);
    facts.gaveUp = true;
    for (int i = 0; i < entry.recipients.size(); ++i) {
        if (!isOwedBounce(entry, i))
            continue;
        facts.failed.append(entry.recipients.at(i).lastReport);
        facts.failed.last().recipient = entry.recipients.at(i).recipient.forwardPath;
        facts.gaveUp = facts.gaveUp && entry.recipients.at(i).state == RecipientState::Expired;
        entry.recipients[i].bounced = true;
    }
    facts.original = headOf(m_queue.messageFile(id));

    Posting posting;
    posting.envelope.recipients = {{entry.envelope.reversePath, smtp::Notify::Never, {}}};
    posting.envelope.smtpUtf8 = entry.envelope.smtpUtf8;
    posting.message = makeBounce(facts);
    posting.subject = entry.subject;
    posting.alongside = m_queue.stateSteps(entry);
    posting.unknown = Posting::Unknown::ToPostmaster;
    m_dispatcher.post(posting, [this, self = QPointer(this), id, entry](const Result<Posted> &posted) {
        if (!self)
            return;
        if (!posted) {
            Q_EMIT troubled(posted.error());
            QTimer::singleShot(troubleWait, this, [this, id] { bounce(id); });
            return;
        }
        QueueEntry now = m_queue.entry(id);
        for (int i = 0; i < now.recipients.size(); ++i)
            now.recipients[i].bounced = entry.recipients.at(i).bounced;
        takeOver(now, entry);
        endRun(id);
    });
}

} // namespace glasspost::mail
