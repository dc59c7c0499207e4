#include "smtp/session/scramkeys.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QRandomGenerator>

#include <gsasl.h>

#include <array>

namespace glasspost::smtp {

namespace {

constexpr int newIterations = 10000; // RFC 7677 4 asks for 4096 at least
constexpr std::size_t sha256Size = 32;
constexpr qsizetype saltSize = 16;

QByteArray randomOctets()
{
    std::array<quint32, saltSize / sizeof(quint32)> random{};
    QRandomGenerator::system()->generate(random.begin(), random.end());
    return {reinterpret_cast<const char *>(random.data()), saltSize};
}

} // namespace

ScramKeys deriveScramKeys(const QByteArray &password, const QByteArray &salt, int iterations)
{
    std::array<char, sha256Size> salted{};
    std::array<char, sha256Size> clientKey{};
    std::array<char, sha256Size> serverKey{};
    std::array<char, sha256Size> storedKey{};
    const int result = gsasl_scram_secrets_from_password(GSASL_HASH_SHA256, password.constData(),
        static_cast<unsigned>(iterations), salt.constData(), static_cast<std::size_t>(salt.size()),
        salted.data(), clientKey.data(), serverKey.data(), storedKey.data());
    if (result != GSASL_OK)
        return {};
    return {salt, iterations, QByteArray(storedKey.data(), storedKey.size()),
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

ScramKeys nobodysScramKeys(const QByteArray &user, ScramHash hash)
{
    constexpr qsizetype sha1Size = 20;
    // The same salt each time, as a known user has, and one that nobody can tell from it.
    static const QByteArray secret = randomOctets();
    ScramKeys keys;
    keys.salt = QMessageAuthenticationCode::hash(user, secret, QCryptographicHash::Sha256).first(saltSize);
    keys.iterations = newIterations;
    keys.storedKey = QByteArray(hash == ScramHash::Sha1 ? sha1Size : qsizetype(sha256Size), '\0');
    keys.serverKey = keys.storedKey;
    return keys;
}

ScramKeys makeScramKeys(const QByteArray &password)
{
    return deriveScramKeys(password, randomOctets(), newIterations);
}

} // namespace glasspost::smtp
