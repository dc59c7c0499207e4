#include "smtp/dns/dnsquestion.h"

namespace glasspost::smtp {

namespace {

// Qt before 6.6 says InvalidReplyError to an answer without records as well as to silence. Silence takes the
// system's resolver some seconds; an answer does not.
constexpr qint64 silenceMilliseconds = 4000;

} // namespace

DnsQuestion::DnsQuestion(
    QDnsLookup::Type type, const QByteArray &name, const LookupSettings &settings, QObject *parent)
    : QObject(parent), m_name(name), m_lookup(type, QString::fromLatin1(name))
{
    if (!settings.nameserver.isNull()) {
        m_lookup.setNameserver(settings.nameserver);
#if QT_VERSION >= QT_VERSION_CHECK(6, 6, 0)
        m_lookup.setNameserverPort(settings.nameserverPort);
#endif
    }
    connect(&m_lookup, &QDnsLookup::finished, this, &DnsQuestion::read);
}

void DnsQuestion::ask()
{
    m_time.start();
    m_lookup.lookup();
}

void DnsQuestion::read()
{
    const bool anything = !m_lookup.mailExchangeRecords().isEmpty()
        || !m_lookup.hostAddressRecords().isEmpty() || !m_lookup.canonicalNameRecords().isEmpty();
    const QDnsLookup::Error error = m_lookup.error();
    if (error == QDnsLookup::NoError) {
        m_status = anything ? DnsStatus::Answer : DnsStatus::NoData;
    } else if (error == QDnsLookup::NotFoundError) {
        m_status = DnsStatus::NoSuchName;
    } else if (error == QDnsLookup::InvalidReplyError && m_time.elapsed() < silenceMilliseconds) {
        m_status = DnsStatus::NoData;
        m_vague = true;
    }
    Q_EMIT finished();
}

QList<MxRecord> DnsQuestion::exchangers() const
{
    QList<MxRecord> records;
    for (const QDnsMailExchangeRecord &record : m_lookup.mailExchangeRecords())
        records.append({record.preference(), record.exchange().toLatin1()});
    return records;
}

QList<QHostAddress> DnsQuestion::addresses() const
{
    QList<QHostAddress> list;
    for (const QDnsHostAddressRecord &record : m_lookup.hostAddressRecords())
        list.append(record.value());
    return list;
}

QByteArray DnsQuestion::canonicalName() const
{
    QHash<QByteArray, QByteArray> aliases;
    for (const QDnsDomainNameRecord &record : m_lookup.canonicalNameRecords())
        aliases.insert(normalName(record.name().toLatin1()), normalName(record.value().toLatin1()));
    QByteArray name = normalName(m_name);
    for (int links = 0; links <= aliasLimit; ++links) {
        if (!aliases.contains(name))
            return name;
        name = aliases.value(name);
    }
    return {};
}

} // namespace glasspost::smtp
