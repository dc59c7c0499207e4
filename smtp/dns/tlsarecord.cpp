#include "smtp/dns/tlsarecord.h"

#include <algorithm>
#include <openssl/x509.h>

namespace glasspost::smtp {

namespace {

constexpr quint8 usageTrustAnchor = 2;
constexpr quint8 usageEndEntity = 3;
constexpr quint8 selectorCertificate = 0;
constexpr quint8 selectorPublicKey = 1;
constexpr quint8 matchingFull = 0;
constexpr quint8 matchingSha256 = 1;
constexpr quint8 matchingSha512 = 2;

constexpr qsizetype headSize = 3;
constexpr qsizetype shownOctets = 8;

bool isCertificate(const QByteArray &der)
{
    const auto *octets = reinterpret_cast<const unsigned char *>(der.constData());
    const auto *end = octets + der.size();
    X509 *certificate = d2i_X509(nullptr, &octets, der.size());
    X509_free(certificate);
    return certificate != nullptr && octets == end;
}

bool isPublicKey(const QByteArray &der)
{
    const auto *octets = reinterpret_cast<const unsigned char *>(der.constData());
    const auto *end = octets + der.size();
    EVP_PKEY *key = d2i_PUBKEY(nullptr, &octets, der.size());
    EVP_PKEY_free(key);
    return key != nullptr && octets == end;
}

} // namespace

bool TlsaRecord::isUsable() const
{
    if ((usage != usageTrustAnchor && usage != usageEndEntity) || selector > selectorPublicKey)
        return false;
    if (matching == matchingFull)
        return selector == selectorCertificate ? isCertificate(data) : isPublicKey(data);
    return (matching == matchingSha256 && data.size() == 32)
        || (matching == matchingSha512 && data.size() == 64);
}

QByteArray TlsaRecord::toBytes() const
{
    const QByteArray numbers = QByteArray::number(usage) + ' ' + QByteArray::number(selector) + ' '
        + QByteArray::number(matching) + ' ';
    return numbers + data.first(std::min(data.size(), shownOctets)).toHex()
        + (data.size() > shownOctets ? "..." : "");
}

std::optional<TlsaRecord> tlsaFromData(const QByteArray &data)
{
    if (data.size() < headSize)
        return std::nullopt;
    return TlsaRecord{quint8(data.at(0)), quint8(data.at(1)), quint8(data.at(2)), data.sliced(headSize)};
}

} // namespace glasspost::smtp
