#pragma once

#include "smtp/dns/resolver.h"

#include <QObject>
#include <QSet>

namespace glasspost::smtp {

inline constexpr int aliasLimit = 16; ///< links of a CNAME chain that are followed (C59)

/// Follows a CNAME chain (RFC 1034 3.6.2) link by link, where a nameserver gave up on it. A child of whoever
/// asks.
class AliasChain : public QObject
{
    Q_OBJECT
public:
    AliasChain(std::shared_ptr<Resolver> resolver, QObject *parent);
    void follow(const QByteArray &name);

Q_SIGNALS:
    /// Once, later: the name at the end (the name itself when it is no alias), or nothing for a circle or a
    /// chain that is too long.
    void finished(const std::optional<QByteArray> &end);

private:
    void got(const DnsAnswer &answer);

    std::shared_ptr<Resolver> m_resolver;
    QByteArray m_name;
    QSet<QByteArray> m_seen;
};

} // namespace glasspost::smtp
