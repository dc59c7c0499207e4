#pragma once

#include "smtp/dns/dnsrecord.h"

#include <QObject>
#include <QString>

#include <chrono>
#include <functional>
#include <memory>

namespace glasspost::smtp {

/// Whom to ask, whom to trust and how long to wait. A plain value.
struct ResolverSettings
{
    QHostAddress nameserver; ///< null: those of the system (resolv.conf)
    quint16 port = 53; ///< of the nameserver given
    /// Trust anchors, DS or DNSKEY records in a zone file's form. Empty: the root's, where the system has it
    /// and the nameserver passes DNSSEC on; without that nothing is validated and nothing counts as secure.
    QString trustAnchorFile;
    std::chrono::milliseconds timeout = std::chrono::seconds(20); ///< of one question, retries and all

    friend bool operator==(const ResolverSettings &, const ResolverSettings &) = default;
};

/// Asks nameservers and validates what they say (RFC 1034, RFC 4033 to 4035), through libunbound, whose own
/// thread does the waiting. The hosts file and "localhost" (RFC 6761 6.3) are known without asking; answers
/// are kept for their time to live. Used on one thread with an event loop.
class Resolver
{
public:
    using Answered = std::function<void(const DnsAnswer &)>;

    explicit Resolver(ResolverSettings settings);
    ~Resolver(); ///< what is still asked is never answered

    /// The name in ASCII, with or without a final dot. answered() is called once, later, on the caller's
    /// thread, unless context is destroyed first.
    void ask(const QByteArray &name, DnsType type, QObject *context, Answered answered);
    [[nodiscard]] const ResolverSettings &settings() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::smtp
