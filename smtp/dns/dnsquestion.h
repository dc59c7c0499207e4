#pragma once

#include "smtp/dns/exchangerpolicy.h"

#include <QDnsLookup>
#include <QElapsedTimer>
#include <QObject>

namespace glasspost::smtp {

/// One question to a nameserver, and what its answer means. Lives until finished() was emitted, which happens
/// once; a child of whoever asks.
class DnsQuestion : public QObject
{
    Q_OBJECT
public:
    DnsQuestion(
        QDnsLookup::Type type, const QByteArray &name, const LookupSettings &settings, QObject *parent);
    void ask();

    [[nodiscard]] DnsStatus status() const { return m_status; }
    /// No answer that says anything came: with a resolver that cannot tell "no data" from silence this means
    /// either.
    [[nodiscard]] bool isVague() const { return m_vague; }
    [[nodiscard]] QByteArray errorText() const { return m_lookup.errorString().toUtf8(); }
    [[nodiscard]] QList<MxRecord> exchangers() const;
    [[nodiscard]] QList<QHostAddress> addresses() const;
    /// The name at the end of the answer's CNAME chain (RFC 1034 3.6.2); the name asked for when there is
    /// none. Empty: the chain is a loop, or longer than 16 (C59).
    [[nodiscard]] QByteArray canonicalName() const;

Q_SIGNALS:
    void finished();

private:
    void read();

    QByteArray m_name;
    QDnsLookup m_lookup;
    QElapsedTimer m_time;
    DnsStatus m_status = DnsStatus::Failed;
    bool m_vague = false;
};

inline constexpr int aliasLimit = 16; ///< links of a CNAME chain

} // namespace glasspost::smtp
