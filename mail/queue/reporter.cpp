#include "mail/queue/reporter.h"

#include <QFile>
#include <QTimer>

namespace glasspost::mail {

namespace {

constexpr int diskWait = 10 * 1000; // the disk said no
constexpr qint64 mostReturned = 1024 * 1024; // octets; of a larger message the header alone is returned

QByteArray beginningOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(mostReturned) : QByteArray();
}

} // namespace

Reporter::Reporter(Queue &queue, Acceptance &acceptance, AttemptTexts texts, QObject *parent)
    : QObject(parent), m_queue(queue), m_acceptance(acceptance), m_texts(std::move(texts))
{ }

void Reporter::configure(const QByteArray &hostName, const RetrySchedule &schedule)
{
    m_hostName = hostName;
    m_schedule = schedule;
}

Reporter::Due Reporter::dueFor(const QueueEntry &entry) const
{
    const std::chrono::milliseconds age(m_queue.age(entry.id));
    const std::chrono::milliseconds inQueue(m_queue.inQueue(entry.id));
    for (const DsnKind what : {DsnKind::Failure, DsnKind::Success, DsnKind::Delay}) {
        Due due{what, {}};
        for (int i = 0; i < entry.recipients.size(); ++i) {
            const bool owed = what == DsnKind::Delay ? isOwedDelay(entry, i, age, inQueue, m_schedule)
                                                     : owedNow(entry, i).testFlag(what);
            if (owed)
                due.recipients.append(i);
        }
        if (!due.recipients.isEmpty())
            return due;
    }
    return {};
}

bool Reporter::isDue(const QByteArray &id) const
{
    return m_queue.contains(id) && !dueFor(m_queue.entry(id)).recipients.isEmpty();
}

NotifiedRecipient Reporter::notified(const QueueEntry &entry, int recipient, DsnKind what) const
{
    const QueueRecipient &one = entry.recipients.at(recipient);
    NotifiedRecipient result;
    result.report = one.lastReport().value_or(smtp::RecipientReport());
    result.report.recipient = one.recipient.forwardPath;
    result.originalRecipient = one.recipient.originalRecipient;
    switch (what) {
    case DsnKind::Failure:
        result.action = ReportAction::Failed;
        result.gaveUp = entry.stateOf(one) == RecipientState::Expired;
        break;
    case DsnKind::Delay: {
        result.action = ReportAction::Delayed;
        const auto left = std::chrono::milliseconds(m_schedule.giveUpAfter).count() - m_queue.age(entry.id);
        result.retryUntil = QDateTime::currentDateTime().addMSecs(left);
        break;
    }
    case DsnKind::Success:
        // RFC 3464 2.3.3: in the mailbox here, or handed to a server that will not say.
        result.action = result.report.stage == smtp::DeliveryStage::Local ? ReportAction::Delivered
                                                                          : ReportAction::Relayed;
        break;
    }
    return result;
}

NotificationFacts Reporter::facts(const QueueEntry &entry, const Due &due) const
{
    NotificationFacts facts;
    facts.hostName = m_hostName;
    facts.sender = isOwnReport(entry) ? "postmaster@" + m_hostName : entry.envelope.reversePath.toBytes();
    facts.envelopeId = entry.envelope.envelopeId;
    facts.logId = entry.id;
    facts.arrivedAt = QDateTime::fromMSecsSinceEpoch(entry.queuedAt);
    for (const int i : due.recipients)
        facts.recipients.append(notified(entry, i, due.what));
    facts.original = beginningOf(m_queue.messageFile(entry.id));
    // RFC 3461 4.3: RET=FULL is for failures. RFC 8689 5: of a message that asked for TLS only the header.
    // A report that could not be sent is nowhere else.
    const bool wanted = entry.envelope.dsnReturn == smtp::DsnReturn::Full || isOwnReport(entry);
    const bool whole = due.what == DsnKind::Failure && wanted && !entry.envelope.requireTls
        && facts.original.size() < mostReturned;
    facts.returned = whole ? NotificationFacts::Returned::Whole : NotificationFacts::Returned::Header;
    return facts;
}

Task<void> Reporter::report(const QByteArray &id)
{
    const QueueEntry entry = m_queue.entry(id);
    const Due due = dueFor(entry);
    if (due.recipients.isEmpty())
        return Result<void>();
    const Promise<void> sent;
    const auto deciding = entry.recipients.at(due.recipients.first()).lastReport();
    if (!m_texts || !deciding || deciding->sessionId.isEmpty() || due.what == DsnKind::Success)
        send(id, due, {}, sent);
    else
        m_texts(*deciding).then(this, [this, id, due, sent](const Result<QByteArray> &text) {
            send(id, due, text.value_or(QByteArray()), sent);
        });
    return sent.task();
}

// The report and the note that it was made stand or fall together.
void Reporter::send(
    const QByteArray &id, const Due &due, const QByteArray &transcript, const Promise<void> &sent)
{
    const QueueEntry entry = m_queue.entry(id);
    NotificationFacts told = facts(entry, due);
    told.transcript = transcript;
    QueueEvents events;
    for (const int i : due.recipients)
        events.append(Notified{i, due.what});
    IncomingMessage report;
    report.origin = IncomingMessage::Origin::Report;
    const smtp::Mailbox reader
        = isOwnReport(entry) ? smtp::Mailbox{"postmaster", {}} : entry.envelope.reversePath;
    report.envelope.recipients = {{reader, smtp::Notify::Never, {}}};
    report.envelope.smtpUtf8 = entry.envelope.smtpUtf8;
    report.envelope.requireTls = entry.envelope.requireTls;
    report.content = makeNotification(told);
    report.subject = entry.subject;
    m_acceptance.accept(report, m_acceptance.planFor(report), m_queue.stage(id, events))
        .durable.then(this, [this, id, due, transcript, entry, sent](const Result<Accepted> &accepted) {
            if (!accepted) {
                m_queue.abandon(id);
                Q_EMIT troubled(accepted.error());
                QTimer::singleShot(
                    diskWait, this, [this, id, due, transcript, sent] { send(id, due, transcript, sent); });
                return;
            }
            m_queue.confirm(id);
            if (isOwnReport(entry)) {
                const smtp::Mailbox &missed
                    = entry.recipients.at(due.recipients.first()).recipient.forwardPath;
                Q_EMIT troubled({ErrorCode::ReportNotSent, QString::fromUtf8(missed.toBytes()), {}});
            }
            sent.answer({});
        });
}

} // namespace glasspost::mail
