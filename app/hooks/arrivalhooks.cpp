#include "app/hooks/arrivalhooks.h"

namespace glasspost::app {

namespace {

constexpr qsizetype mostPrograms = 10'000; // messages that wait for one; their ids alone

mail::MessageId idOf(const QJsonObject &row)
{
    const QString folder = row[QStringLiteral("folder")].toString();
    return {{row[QStringLiteral("mailbox")].toString(), folder == u"Inbox" ? QString() : folder},
        row[QStringLiteral("id")].toString().toUtf8()};
}

} // namespace

ArrivalHooks::ArrivalHooks(mail::Mailboxes &mailboxes, mail::Lookups &lookups, QObject *parent)
    : QObject(parent), m_mailboxes(mailboxes), m_waits(mailboxes, lookups)
{ }

void ArrivalHooks::tell(const WebhookSettings &settings)
{
    m_webhook = std::make_unique<Webhook>(settings);
    connect(m_webhook.get(), &Webhook::failed, this, &ArrivalHooks::failed);
}

void ArrivalHooks::run(const ProgramHookSettings &settings)
{
    m_program = std::make_unique<ProgramHook>(settings);
    connect(m_program.get(), &ProgramHook::failed, this, &ArrivalHooks::failed);
    connect(m_program.get(), &ProgramHook::rested, this, &ArrivalHooks::runNext);
}

void ArrivalHooks::follow()
{
    MessageWait wait;
    wait.condition.since = mail::ArrivalMoment::now();
    wait.answer = MessageWait::Answer::Row;
    wait.found = [this](const QJsonObject &answer) { take(answer[QStringLiteral("row")].toObject()); };
    wait.caughtUp = [] {};
    m_waits.add(wait, this);
}

void ArrivalHooks::take(const QJsonObject &row)
{
    if (m_webhook)
        m_webhook->post(row);
    if (!m_program)
        return;
    if (m_waiting.size() >= mostPrograms) {
        Q_EMIT failed(QStringLiteral("too many messages are waiting: the program was not run for one"));
        return;
    }
    m_waiting.enqueue(idOf(row));
    runNext();
}

/// One message is read at a time, so that what waits takes no memory.
void ArrivalHooks::runNext()
{
    if (m_isReading || m_waiting.isEmpty() || m_program->isFull())
        return;
    m_isReading = true;
    const mail::MessageId id = m_waiting.dequeue();
    m_mailboxes.octets(id).then(this, [this, id](const mail::Result<mail::MessageOctets> &octets) {
        m_isReading = false;
        if (octets)
            m_program->run(id.unique, *octets);
        else if (octets.error().code != mail::ErrorCode::NotFound)
            Q_EMIT failed(QStringLiteral("a message could not be read: %1").arg(octets.error().systemText));
        runNext();
    });
}

} // namespace glasspost::app
