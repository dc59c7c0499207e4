#include "smtp/session/certificatename.h"

#include <QHostAddress>
#include <QUrl>

#include <algorithm>

namespace glasspost::smtp {

namespace {

QByteArray foldedName(const QString &name)
{
    const QString bare = name.endsWith(u'.') ? name.chopped(1) : name;
    const QString ace = QString::fromLatin1(QUrl::toAce(bare));
    return (ace.isEmpty() ? bare : ace).toLower().toUtf8();
}

/// RFC 6125 6.4.3: "*" as the whole leftmost label, for one label, with two more behind it.
bool matches(const QString &presented, const QByteArray &host)
{
    if (!presented.startsWith(QLatin1String("*.")))
        return foldedName(presented) == host;
    const QByteArray rest = foldedName(presented.sliced(2));
    const qsizetype dot = host.indexOf('.');
    return dot > 0 && rest.contains('.') && !rest.contains('*') && host.sliced(dot + 1) == rest;
}

QHostAddress addressIn(const QByteArray &host)
{
    QByteArray text = host;
    if (text.startsWith('[') && text.endsWith(']'))
        text = text.sliced(1, text.size() - 2);
    return QHostAddress(QString::fromLatin1(text.toLower().startsWith("ipv6:") ? text.sliced(5) : text));
}

} // namespace

bool certificateNames(const QSslCertificate &certificate, const QByteArray &host)
{
    const QMultiMap<QSsl::AlternativeNameEntryType, QString> alternatives
        = certificate.subjectAlternativeNames();
    if (const QHostAddress address = addressIn(host); !address.isNull()) {
        const QStringList addresses = alternatives.values(QSsl::IpAddressEntry);
        return std::any_of(addresses.begin(), addresses.end(),
            [&address](const QString &text) { return QHostAddress(text) == address; });
    }
    QStringList names = alternatives.values(QSsl::DnsEntry);
    if (names.isEmpty() && alternatives.values(QSsl::IpAddressEntry).isEmpty())
        names = certificate.subjectInfo(QSslCertificate::CommonName);
    const QByteArray folded = foldedName(QString::fromUtf8(host));
    return std::any_of(
        names.begin(), names.end(), [&folded](const QString &name) { return matches(name, folded); });
}

} // namespace glasspost::smtp
