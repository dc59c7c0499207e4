#include "smtp/session/scramkeys.h"

#include "smtp/syntax/octets.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QRandomGenerator>
#include <QtEndian>

#include <gsasl.h>
#include <openssl/evp.h>

#include <array>

namespace glasspost::smtp {

namespace {

constexpr qsizetype sha256Size = 32;
constexpr qsizetype sha1Size = 20;

QByteArray randomOctets(qsizetype size)
{
    QByteArray octets(size, '\0');
    for (char &octet : octets)
        octet = static_cast<char>(QRandomGenerator::system()->generate());
    return octets;
}

/// RFC 8265 4.2.2: an OpaqueString, for what SASLprep's Unicode 3.2 does not know.
QByteArray opaqueString(const QByteArray &password)
{
    if (!isUtf8(password))
        return {};
    QString text = QString::fromUtf8(password);
    for (QChar &c : text) {
        if (c.category() == QChar::Separator_Space)
            c = u' ';
        else if (c.category() == QChar::Other_Control)
            return {};
    }
    return text.normalized(QString::NormalizationForm_C).toUtf8();
}

/// RFC 5802 2.2: Normalize(password), and within the bound; empty when it cannot be.
QByteArray normalized(const QByteArray &password)
{
    if (password.size() > longestPassword)
        return {};
    // What SASLprep would make longer costs it far more than its octets: Qt's table tells first.
    if (QString::fromUtf8(password).normalized(QString::NormalizationForm_KC).size() > longestPassword)
        return {};
    char *text = nullptr;
    const int result = gsasl_saslprep(password.constData(), GSASL_ALLOW_UNASSIGNED, &text, nullptr);
    const QByteArray octets = result == GSASL_OK ? QByteArray(text) : opaqueString(password);
    gsasl_free(text);
    return octets.size() > longestPassword ? QByteArray() : octets;
}

} // namespace

ScramKeys deriveScramKeys(const KeyRequest &request)
{
    const QByteArray password = normalized(request.password);
    if (password.isEmpty())
        return {};
    std::array<char, sha256Size> salted{};
    std::array<char, sha256Size> clientKey{};
    std::array<char, sha256Size> serverKey{};
    std::array<char, sha256Size> storedKey{};
    // GNU SASL's own begins with SASLprep, which does not know every password.
    const int isSalted = PKCS5_PBKDF2_HMAC(password.constData(), static_cast<int>(password.size()),
        reinterpret_cast<const unsigned char *>(request.salt.constData()),
        static_cast<int>(request.salt.size()), request.iterations, EVP_sha256(), sha256Size,
        reinterpret_cast<unsigned char *>(salted.data()));
    if (isSalted != 1
        || gsasl_scram_secrets_from_salted_password(
               GSASL_HASH_SHA256, salted.data(), clientKey.data(), serverKey.data(), storedKey.data())
            != GSASL_OK)
        return {};
    return {request.salt, request.iterations, QByteArray(storedKey.data(), storedKey.size()),
        QByteArray(serverKey.data(), serverKey.size())};
}

bool equalInConstantTime(const QByteArray &a, const QByteArray &b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    return difference == 0;
}

ScramKeys nobodysScramKeys(const QByteArray &user, ScramHash hash, const QList<ScramShape> &shapes)
{
    // The same each time, as a known user's are, and nothing that anybody can tell from them.
    static const QByteArray secret = randomOctets(sha256Size);
    const auto drawn = [&user](char purpose) {
        return QMessageAuthenticationCode::hash(purpose + user, secret, QCryptographicHash::Sha256);
    };
    const auto number = qFromLittleEndian<quint32>(drawn(0).constData());
    const ScramShape shape = shapes.isEmpty() ? ScramShape() : shapes.at(number % shapes.size());
    ScramKeys keys;
    for (char block = 1; keys.salt.size() < shape.saltSize; ++block)
        keys.salt += drawn(block);
    keys.salt.truncate(shape.saltSize);
    keys.iterations = shape.iterations;
    keys.storedKey = QByteArray(hash == ScramHash::Sha1 ? sha1Size : sha256Size, '\0');
    keys.serverKey = keys.storedKey;
    return keys;
}

ScramKeys makeScramKeys(const QByteArray &password)
{
    const ScramShape shape;
    return deriveScramKeys({password, randomOctets(shape.saltSize), shape.iterations});
}

} // namespace glasspost::smtp
