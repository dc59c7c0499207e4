#include "smtp/session/certificatename.h"

#include "smtp/syntax/addressliteral.h"
#include "smtp/syntax/domain.h"

#include <QHostAddress>

#include <algorithm>

namespace glasspost::smtp {

namespace {

/// RFC 6125 6.4.3: "*" as the whole leftmost label, for one label, with two more behind it.
bool matches(const QString &presented, const QByteArray &host)
{
    if (!presented.startsWith(QLatin1String("*.")))
        return foldedDomain(presented.toUtf8()) == host;
    const QByteArray rest = foldedDomain(presented.sliced(2).toUtf8());
    const qsizetype dot = host.indexOf('.');
    return dot > 0 && rest.contains('.') && !rest.contains('*') && host.sliced(dot + 1) == rest;
}

} // namespace

bool certificateNames(const QSslCertificate &certificate, const QByteArray &host)
{
    const QMultiMap<QSsl::AlternativeNameEntryType, QString> alternatives
        = certificate.subjectAlternativeNames();
    if (const QHostAddress address = writtenAddress(host); !address.isNull()) {
        const QStringList addresses = alternatives.values(QSsl::IpAddressEntry);
        return std::any_of(addresses.begin(), addresses.end(),
            [&address](const QString &text) { return QHostAddress(text) == address; });
    }
    QStringList names = alternatives.values(QSsl::DnsEntry);
    if (names.isEmpty() && alternatives.values(QSsl::IpAddressEntry).isEmpty())
        names = certificate.subjectInfo(QSslCertificate::CommonName);
    const QByteArray folded = foldedDomain(host);
    return std::any_of(
        names.begin(), names.end(), [&folded](const QString &name) { return matches(name, folded); });
}

} // namespace glasspost::smtp
