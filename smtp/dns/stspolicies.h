#pragma once

#include "smtp/dns/stscache.h"
#include "smtp/dns/stsfetch.h"

namespace glasspost::smtp {

/// Finds the MTA-STS policy that holds for a domain now (RFC 8461 3.1, 3.3, 5.1): the cached one while its id
/// is the published one, otherwise a fresh one, and the cached one again where a fresh one cannot be had.
/// Used on one thread with an event loop.
class StsPolicies
{
public:
    using Note = std::function<void(const QByteArray &)>;
    using Found = std::function<void(const std::optional<StsPolicy> &)>;

    StsPolicies(
        std::shared_ptr<Resolver> resolver, std::shared_ptr<StsCache> cache, StsFetchSettings settings);

    /// The domain in lower case, A-labels. note() gets lines for the transcript; found() is called once,
    /// later, on the caller's thread, unless context is destroyed first: nothing where no policy holds.
    void find(const QByteArray &domain, QObject *context, Note note, Found found);

private:
    std::shared_ptr<Resolver> m_resolver;
    std::shared_ptr<StsCache> m_cache;
    StsFetchSettings m_settings;
    /// Domains whose policy could not be fetched, and until when not to try again (RFC 8461 3.3), in
    /// milliseconds since the Unix epoch.
    std::shared_ptr<QHash<QByteArray, qint64>> m_resting;
};

} // namespace glasspost::smtp
