#pragma once

#include "mail/queue/site.h"
#include "smtp/dns/exchangerlookup.h"

#include <QHash>

#include <functional>

namespace glasspost::mail {

/// What the delivery agent remembers of the world outside from one message to the next: which hosts could not
/// be spoken to a while ago, how many connections a site takes, and when it had its last message. Forgets by
/// itself; one thread.
class SiteMemory
{
public:
    /// clock: milliseconds, only going on.
    explicit SiteMemory(std::function<qint64()> clock) : m_clock(std::move(clock)) { }

    void failed(const QHostAddress &address, quint16 port); ///< bad for five minutes
    void worked(const QHostAddress &address, quint16 port);
    /// The same hosts and addresses, those that are bad now behind the others: a dead first exchanger costs
    /// its time-out once, not once a message.
    [[nodiscard]] QList<smtp::Exchanger> inOrder(const QList<smtp::Exchanger> &hosts, quint16 port) const;

    /// It turned a connection away while it served that many others: no more than these for ten minutes.
    void limited(const Site &site, qsizetype connections);
    /// It was no limit: nobody can speak to the site.
    void unlimited(const Site &site) { m_limits.remove(site); }
    [[nodiscard]] qsizetype connectionLimit(const Site &site, qsizetype usual) const;

    /// The SASL mechanism by which an account signed in last; empty: none yet.
    void signedIn(const Account &account, const QByteArray &mechanism);
    [[nodiscard]] QByteArray mechanismOf(const Account &account) const { return m_mechanisms.value(account); }

    /// Milliseconds until the site may have its next message; 0: now. Nothing is noted.
    [[nodiscard]] qint64 waitFor(const Site &site, int messagesPerMinute) const;
    void sentTo(const Site &site, int messagesPerMinute);

private:
    [[nodiscard]] bool isBad(const QHostAddress &address, quint16 port) const;
    void forget();

    std::function<qint64()> m_clock;
    QHash<std::pair<QHostAddress, quint16>, qint64> m_badUntil;
    QHash<Site, qint64> m_lastMessage;
    struct Limit
    {
        qsizetype connections;
        qint64 until;
    };
    QHash<Site, Limit> m_limits;
    QHash<Account, QByteArray> m_mechanisms;
};

} // namespace glasspost::mail
