#include "smtp/dns/stspolicies.h"

#include <QDateTime>

#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qint64 restMilliseconds = 5LL * 60 * 1000;

/// One domain's search under way. A child of the caller's context; deletes itself when done.
class PolicySearch : public QObject
{
public:
    struct Tools
    {
        std::shared_ptr<Resolver> resolver;
        std::shared_ptr<StsCache> cache;
        StsFetchSettings settings;
        std::shared_ptr<QHash<QByteArray, qint64>> resting;
    };

    PolicySearch(
        Tools tools, QByteArray domain, QObject *context, StsPolicies::Note note, StsPolicies::Found found)
        : QObject(context), m_tools(std::move(tools)), m_domain(std::move(domain)), m_note(std::move(note)),
          m_found(std::move(found))
    { }

    void start()
    {
        m_tools.cache->load(
            m_domain, this, [this](const std::optional<StsCacheEntry> &entry) { gotCached(entry); });
    }

private:
    void gotCached(const std::optional<StsCacheEntry> &entry)
    {
        if (entry) {
            const auto policy = parseStsPolicy(entry->text);
            const qint64 now = QDateTime::currentSecsSinceEpoch();
            const bool isFresh = policy && entry->fetchedAt + policy->maxAge.count() > now
                && entry->fetchedAt <= now; // a clock that was wrong must not keep it for ever
            if (isFresh) {
                m_cached = *policy;
                m_cachedId = entry->id;
            }
        }
        m_tools.resolver->ask("_mta-sts." + m_domain, DnsType::Txt, this,
            [this](const DnsAnswer &answer) { gotTexts(answer); });
    }

    void gotTexts(const DnsAnswer &answer)
    {
        QList<QByteArray> texts;
        for (const QByteArray &data : answer.data) {
            if (const auto text = textFromData(data))
                texts.append(*text);
        }
        const auto id = stsPolicyId(texts);
        if (!id) // RFC 8461 5.1: taking the record away does not take a cached policy away
            return end(
                m_cached, m_cached ? "MTA-STS: no record now, the cached policy applies" : QByteArray());
        if (m_cached && m_cachedId == *id)
            return end(m_cached, "MTA-STS: the cached policy applies, id " + *id);
        if (m_tools.resting->value(m_domain) > QDateTime::currentMSecsSinceEpoch())
            return end(m_cached, "MTA-STS: the policy could not be fetched a moment ago");
        fetch(*id);
    }

    void fetch(const QByteArray &id)
    {
        auto *fetch = new StsFetch(m_tools.resolver, m_tools.settings, this);
        connect(fetch, &StsFetch::finished, this,
            [this, id](const StsFetch::Outcome &outcome) { gotPolicy(id, outcome); });
        fetch->fetch(m_domain);
    }

    void gotPolicy(const QByteArray &id, const StsFetch::Outcome &outcome)
    {
        const auto policy = outcome.and_then(parseStsPolicy);
        if (!policy) {
            m_tools.resting->insert(m_domain, QDateTime::currentMSecsSinceEpoch() + restMilliseconds);
            return end(m_cached, "MTA-STS: no policy from mta-sts." + m_domain + ": " + policy.error());
        }
        m_tools.cache->store(m_domain, {id, QDateTime::currentSecsSinceEpoch(), *outcome});
        end(*policy, "MTA-STS: policy fetched, id " + id);
    }

    void end(const std::optional<StsPolicy> &policy, const QByteArray &line)
    {
        if (!line.isEmpty())
            m_note(line);
        const auto found = std::exchange(m_found, {});
        deleteLater();
        if (found)
            found(policy);
    }

    Tools m_tools;
    QByteArray m_domain;
    StsPolicies::Note m_note;
    StsPolicies::Found m_found;
    std::optional<StsPolicy> m_cached; ///< not yet expired
    QByteArray m_cachedId;
};

} // namespace

StsPolicies::StsPolicies(
    std::shared_ptr<Resolver> resolver, std::shared_ptr<StsCache> cache, StsFetchSettings settings)
    : m_resolver(std::move(resolver)), m_cache(std::move(cache)), m_settings(std::move(settings)),
      m_resting(std::make_shared<QHash<QByteArray, qint64>>())
{ }

void StsPolicies::find(const QByteArray &domain, QObject *context, Note note, Found found)
{
    auto *search = new PolicySearch(
        {m_resolver, m_cache, m_settings, m_resting}, domain, context, std::move(note), std::move(found));
    search->start();
}

} // namespace glasspost::smtp
