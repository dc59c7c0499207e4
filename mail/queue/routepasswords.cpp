#include "mail/queue/routepasswords.h"

#include "mail/queue/clock.h"
#include "mail/queue/sitereports.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

bool waitsForSignIn(const QueueRecipient &one)
{
    const auto report = one.lastReport();
    return one.attempts() == 0
        || (report && (report->stage == smtp::DeliveryStage::Auth || isSignInRefused(*report)));
}

} // namespace

RoutePasswords::RoutePasswords(Queue &queue, QObject *parent) : QObject(parent), m_queue(queue) { }

void RoutePasswords::askFor(const Account &account)
{
    if (m_passwords.contains(account) || m_asked.contains(account))
        return;
    m_asked.insert(account);
    Q_EMIT needed(account.host, account.user);
}

void RoutePasswords::refused(const Account &account)
{
    // Without a name there is no password to ask for: the person is told that a sign-in is wanted at all.
    if (account.user.isEmpty()) {
        askFor(account);
        return;
    }
    m_passwords.remove(account);
    m_asked.remove(account);
    Q_EMIT changed();
}

void RoutePasswords::set(const Account &account, const QByteArray &password, const OutgoingRoute &usual)
{
    m_asked.remove(account);
    if (password.isEmpty())
        m_passwords.remove(account);
    else
        m_passwords.insert(account, password);
    Q_EMIT changed();
    if (const QList<QByteArray> ids = waitingFor(account, usual); !password.isEmpty() && !ids.isEmpty())
        m_queue.act(QueueAction::TryNow, ids);
}

void RoutePasswords::mayAskAgain()
{
    m_asked.clear();
}

QList<QByteArray> RoutePasswords::waitingFor(const Account &account, const OutgoingRoute &usual) const
{
    const qint64 now = Clock::system().wall();
    QList<QByteArray> ids;
    const QList<QueueEntry> entries = m_queue.entries();
    for (const QueueEntry &entry : entries) {
        const bool isMeant = Account::of(entry.route.value_or(usual)) == account;
        if (isMeant && entry.notBefore <= now
            && std::any_of(entry.recipients.begin(), entry.recipients.end(), waitsForSignIn))
            ids.append(entry.id);
    }
    return ids;
}

} // namespace glasspost::mail
