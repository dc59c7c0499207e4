#include "app/commands/queuerun.h"

#include "app/console/output.h"
#include "app/console/passwords.h"

#include <QJsonArray>

#include <algorithm>

namespace glasspost::app {

namespace {

/// Attempts of all recipients together.
int attempts(const mail::QueueEntry &entry)
{
    int sum = 0;
    for (const mail::QueueRecipient &recipient : entry.recipients)
        sum += recipient.attempts();
    return sum;
}

bool isDelivering(const mail::QueueEntry &entry)
{
    return std::any_of(entry.recipients.cbegin(), entry.recipients.cend(),
        [](const mail::QueueRecipient &recipient) { return recipient.isDelivering(); });
}

} // namespace

QueueRun::QueueRun(const QString &dataFolder, QJsonObject request, Print print, QObject *parent)
    : RequestCommand(dataFolder, queueListRequest(), std::move(print), parent), m_action(std::move(request))
{ }

void QueueRun::take(const QJsonObject &answer)
{
    if (m_phase == Phase::Listing) {
        noteAttempts(answer[QStringLiteral("entries")].toArray());
        if (mail::MailSystem *mail = access().own())
            watch(mail->outbox());
        m_phase = Phase::Acting;
        access().ask(m_action);
        return;
    }
    m_answer = answer;
    m_phase = Phase::Waiting;
    endIfSettled();
}

void QueueRun::noteAttempts(const QJsonArray &entries)
{
    const QJsonArray ids = m_action[QStringLiteral("ids")].toArray();
    for (const auto value : entries) {
        const QJsonObject entry = value.toObject();
        const QJsonValue id = entry[QStringLiteral("id")];
        const bool meant = ids.isEmpty() || ids.contains(id);
        if (!meant || entry[QStringLiteral("held")].toBool() || entry[QStringLiteral("done")].toBool())
            continue;
        int sum = 0;
        for (const auto recipient : entry[QStringLiteral("recipients")].toArray())
            sum += recipient.toObject()[QStringLiteral("attempts")].toInt();
        m_open[id.toString().toUtf8()] = sum;
    }
}

void QueueRun::watch(mail::Outbox &outbox)
{
    connect(&outbox, &mail::Outbox::changed, this, [this](const QList<mail::QueueEntry> &entries) {
        for (const mail::QueueEntry &entry : entries)
            look(entry);
        endIfSettled();
    });
    connect(&outbox, &mail::Outbox::removed, this, [this](const QList<QByteArray> &ids) {
        for (const QByteArray &id : ids)
            m_open.remove(id);
        endIfSettled();
    });
    connect(&outbox, &mail::Outbox::passwordNeeded, this, &QueueRun::givePassword);
}

void QueueRun::look(const mail::QueueEntry &entry)
{
    const auto open = m_open.find(entry.id);
    if (open != m_open.end() && (entry.isDone() || (attempts(entry) > *open && !isDelivering(entry))))
        m_open.erase(open);
}

void QueueRun::givePassword(const QString &host, const QString &user)
{
    if (user.isEmpty()) {
        complain(signInWanted(host));
        Q_EMIT finished(ExitCode::SignIn);
        return;
    }
    QByteArray password = passwordFromEnvironment();
    if (password.isEmpty())
        password = askPassword(host, user);
    if (!password.isEmpty()) {
        access().own()->outbox().setPassword(host, user, password);
        return;
    }
    complain(QStringLiteral("%1 requires the password for %2; set GLASSPOST_PASSWORD").arg(host, user));
    Q_EMIT finished(ExitCode::SignIn);
}

void QueueRun::endIfSettled()
{
    if (m_phase != Phase::Waiting || (access().own() && !m_open.isEmpty()))
        return;
    m_phase = Phase::Ended;
    RequestCommand::take(m_answer);
}

} // namespace glasspost::app
