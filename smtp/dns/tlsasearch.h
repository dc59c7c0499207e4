#pragma once

#include "smtp/dns/resolver.h"
#include "smtp/dns/tlsarecord.h"

#include <QHash>
#include <QObject>

namespace glasspost::smtp {

/// What the DNS says of one exchanger's TLS.
struct TlsaAnswer
{
    enum class Kind {
        None, ///< there are none, and that is certain; or they are not signed and so count for nothing
        Secure, ///< validated records
        Failed ///< bogus, SERVFAIL, silence: no mail through this host now (RFC 7672 2.1.2)
    };
    Kind kind = Kind::None;
    QByteArray base; ///< the TLSA base domain: the host, or what its aliases lead to (RFC 7672 2.2.2)
    QList<TlsaRecord> records;
    QByteArray trouble; ///< Failed: why, one English line
};

/// A host whose addresses are validated, and the name at the end of its aliases.
struct TlsaQuestion
{
    QByteArray host;
    QByteArray canonicalName;
};

/// Asks for TLSA records at _PORT._tcp.HOST of several hosts at once. A child of whoever asks.
class TlsaSearch : public QObject
{
    Q_OBJECT
public:
    TlsaSearch(std::shared_ptr<Resolver> resolver, quint16 port, QObject *parent);

    void ask(const QList<TlsaQuestion> &questions); ///< at least one; once
    [[nodiscard]] const QHash<QByteArray, TlsaAnswer> &answers() const { return m_answers; }

Q_SIGNALS:
    void noted(const QByteArray &line);
    void finished(); ///< once, later

private:
    void askFor(const TlsaQuestion &question, const QByteArray &base);
    void got(const TlsaQuestion &question, const QByteArray &base, const DnsAnswer &answer);

    std::shared_ptr<Resolver> m_resolver;
    quint16 m_port;
    QHash<QByteArray, TlsaAnswer> m_answers;
    qsizetype m_open = 0;
};

/// One answer judged. Pure.
TlsaAnswer judgeTlsa(const QByteArray &base, const DnsAnswer &answer);

} // namespace glasspost::smtp
