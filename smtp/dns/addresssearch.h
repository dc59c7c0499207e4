#pragma once

#include "smtp/dns/exchangerpolicy.h"
#include "smtp/dns/resolver.h"

#include <QHash>
#include <QObject>
#include <QSet>

namespace glasspost::smtp {

/// Asks for the IPv6 and IPv4 addresses of several hosts at once. A child of whoever asks.
class AddressSearch : public QObject
{
    Q_OBJECT
public:
    AddressSearch(std::shared_ptr<Resolver> resolver, QObject *parent);

    void ask(const QList<QByteArray> &hosts); ///< at least one; once
    [[nodiscard]] const QHash<QByteArray, AddressAnswer> &answers() const { return m_answers; }

Q_SIGNALS:
    void finished(); ///< once, later

private:
    void got(const QByteArray &host, DnsType type, const DnsAnswer &answer);

    std::shared_ptr<Resolver> m_resolver;
    QHash<QByteArray, DnsAnswer> m_six;
    QHash<QByteArray, DnsAnswer> m_four;
    QHash<QByteArray, AddressAnswer> m_answers;
    QSet<QByteArray> m_hosts;
};

/// Both answers as one: what either has, IPv6 first; Secure when each that did not fail is. Pure.
AddressAnswer joinAddresses(const DnsAnswer &six, const DnsAnswer &four);
/// "mx.example.org has 2001:db8::1, 192.0.2.1" for the transcript.
QByteArray addressNote(const QByteArray &host, const AddressAnswer &answer);

} // namespace glasspost::smtp
