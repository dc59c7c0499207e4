#pragma once

#include "smtp/dns/mtasts.h"

#include <QHash>
#include <QObject>

#include <functional>

namespace glasspost::smtp {

/// A policy as it was fetched (RFC 8461 3.3: kept until max_age is over, whatever happens to the domain's web
/// server meanwhile).
struct StsCacheEntry
{
    QByteArray id; ///< of the TXT record that led to it
    qint64 fetchedAt = 0; ///< seconds since the Unix epoch
    QByteArray text; ///< the policy, as it came

    friend bool operator==(const StsCacheEntry &, const StsCacheEntry &) = default;
};

/// Where policies are kept between two messages. An interface: a mail system keeps them on disk, off its
/// thread.
class StsCache
{
public:
    using Loaded = std::function<void(const std::optional<StsCacheEntry> &)>;
    virtual ~StsCache() = default;
    /// loaded() is called once, on the caller's thread, now or later, unless context is destroyed first.
    virtual void load(const QByteArray &domain, QObject *context, Loaded loaded) = 0;
    virtual void store(const QByteArray &domain, const StsCacheEntry &entry) = 0;
};

/// Keeps policies as long as it lives.
class MemoryStsCache : public StsCache
{
public:
    void load(const QByteArray &domain, QObject * /*context*/, Loaded loaded) override
    {
        const auto found = m_entries.constFind(domain);
        loaded(found == m_entries.constEnd() ? std::nullopt : std::optional(*found));
    }
    void store(const QByteArray &domain, const StsCacheEntry &entry) override
    {
        m_entries.insert(domain, entry);
    }

private:
    QHash<QByteArray, StsCacheEntry> m_entries;
};

} // namespace glasspost::smtp
