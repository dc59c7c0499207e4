#include "mail/queue/sitememory.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qint64 minute = 60 * 1000;
constexpr qint64 badFor = 5 * minute;
constexpr qint64 limitedFor = 10 * minute;
constexpr qsizetype mostRemembered = 10000;

} // namespace

void SiteMemory::failed(const QHostAddress &address, quint16 port)
{
    forget();
    m_badUntil.insert({address, port}, m_clock() + badFor);
}

void SiteMemory::worked(const QHostAddress &address, quint16 port)
{
    m_badUntil.remove({address, port});
}

bool SiteMemory::isBad(const QHostAddress &address, quint16 port) const
{
    return m_badUntil.value({address, port}) > m_clock();
}

QList<smtp::Exchanger> SiteMemory::inOrder(const QList<smtp::Exchanger> &hosts, quint16 port) const
{
    QList<smtp::Exchanger> ordered = hosts;
    const auto isGood = [this, port](const QHostAddress &address) { return !isBad(address, port); };
    for (smtp::Exchanger &host : ordered)
        std::stable_partition(host.addresses.begin(), host.addresses.end(), isGood);
    std::stable_partition(ordered.begin(), ordered.end(), [isGood](const smtp::Exchanger &host) {
        return std::any_of(host.addresses.begin(), host.addresses.end(), isGood);
    });
    return ordered;
}

void SiteMemory::limited(const Site &site, qsizetype connections)
{
    forget();
    const qsizetype known = connectionLimit(site, connections);
    m_limits.insert(site, {std::max<qsizetype>(1, std::min(known, connections)), m_clock() + limitedFor});
}

qsizetype SiteMemory::connectionLimit(const Site &site, qsizetype usual) const
{
    const auto limit = m_limits.constFind(site);
    const bool holds = limit != m_limits.constEnd() && limit->until > m_clock();
    return holds ? std::min(limit->connections, usual) : usual;
}

void SiteMemory::signedIn(const Account &account, const QByteArray &mechanism)
{
    forget();
    m_mechanisms.insert(account, mechanism);
}

qint64 SiteMemory::waitFor(const Site &site, int messagesPerMinute) const
{
    const auto last = m_lastMessage.constFind(site);
    if (messagesPerMinute <= 0 || last == m_lastMessage.constEnd())
        return 0;
    return std::max<qint64>(0, *last + minute / messagesPerMinute - m_clock());
}

void SiteMemory::sentTo(const Site &site, int messagesPerMinute)
{
    if (messagesPerMinute <= 0)
        return;
    forget();
    m_lastMessage.insert(site, m_clock());
}

// A queue to ten thousand domains must not grow for ever.
void SiteMemory::forget()
{
    const qint64 now = m_clock();
    if (m_badUntil.size() > mostRemembered)
        m_badUntil.removeIf([now](const auto &host) { return host.value() <= now; });
    if (m_mechanisms.size() > mostRemembered)
        m_mechanisms.clear();
    if (m_limits.size() > mostRemembered)
        m_limits.removeIf([now](const auto &site) { return site.value().until <= now; });
    if (m_lastMessage.size() > mostRemembered)
        m_lastMessage.removeIf([now](const auto &site) { return site.value() + minute <= now; });
}

} // namespace glasspost::mail
