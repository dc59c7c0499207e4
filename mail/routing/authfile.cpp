#include "mail/routing/authfile.h"

#include "smtp/server/anycredentials.h"

#include <QCryptographicHash>
#include <QFile>

namespace glasspost::mail {

namespace {

constexpr qint64 largest = 16 * 1024 * 1024; // octets

std::optional<QByteArray> fromBase64(const QByteArray &text)
{
    const auto decoded = QByteArray::fromBase64Encoding(
        text, QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || (*decoded).isEmpty())
        return std::nullopt;
    return *decoded;
}

/// RFC 5803 2's fields, in the order of the header.
std::optional<smtp::ScramKeys> storedKeys(const QByteArray &text, qsizetype keySize)
{
    const QList<QByteArray> fields = text.split(',');
    if (fields.size() != 4)
        return std::nullopt;
    bool ok = false;
    const int iterations = fields.at(0).trimmed().toInt(&ok);
    const auto salt = fromBase64(fields.at(1).trimmed());
    const auto storedKey = fromBase64(fields.at(2).trimmed());
    const auto serverKey = fromBase64(fields.at(3).trimmed());
    if (!ok || iterations < 1 || !salt || !storedKey || !serverKey)
        return std::nullopt;
    if (storedKey->size() != keySize || serverKey->size() != keySize)
        return std::nullopt;
    return smtp::ScramKeys{*salt, iterations, *storedKey, *serverKey};
}

constexpr qsizetype sha1Size = 20; // octets
constexpr qsizetype sha256Size = 32;

/// A digest in hexadecimal, with colons or without; empty when it is none.
QByteArray digestFrom(QByteArray text)
{
    text = text.trimmed().replace(':', QByteArray());
    const QByteArray digest = QByteArray::fromHex(text);
    return digest.size() == sha256Size && text.size() == 2 * sha256Size ? digest : QByteArray();
}

QList<smtp::ScramShape> shapesOf(const QHash<QByteArray, smtp::ScramKeys> &users)
{
    QList<smtp::ScramShape> shapes;
    for (const smtp::ScramKeys &keys : users)
        shapes.append({keys.iterations, static_cast<int>(keys.salt.size())});
    return shapes;
}

template <typename Key, typename Value>
bool keepIn(QHash<Key, Value> &place, const Key &key, const std::optional<Value> &value)
{
    if (value)
        place.insert(key, *value);
    return value.has_value();
}

} // namespace

Result<std::unique_ptr<AuthFile>> AuthFile::read(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        const ErrorCode code = file.exists() ? ErrorCode::NotPermitted : ErrorCode::NotFound;
        return tl::unexpected(Error{code, path, file.errorString()});
    }
    return parse(file.read(largest), path);
}

Result<std::unique_ptr<AuthFile>> AuthFile::parse(const QByteArray &content, const QString &name)
{
    std::unique_ptr<AuthFile> file(new AuthFile);
    int number = 0;
    const QList<QByteArray> lines = content.split('\n');
    for (QByteArray line : lines) {
        ++number;
        if (line.endsWith('\r'))
            line.chop(1);
        if (line.trimmed().isEmpty() || line.startsWith('#'))
            continue;
        const qsizetype colon = line.indexOf(':');
        // The line itself is not told: it may hold a password (F26).
        if (colon <= 0 || !file->add(line.left(colon).trimmed(), line.mid(colon + 1)))
            return tl::unexpected(Error{ErrorCode::BadSettings, name,
                QStringLiteral("line %1 is neither name:password nor name:{...}...").arg(number)});
    }
    file->m_shapes = shapesOf(file->m_keys);
    file->m_sha1Shapes = shapesOf(file->m_sha1Keys);
    return file;
}

bool AuthFile::add(const QByteArray &user, const QByteArray &secret)
{
    const auto behind = [&secret](const char *prefix) {
        return secret.startsWith(prefix) ? std::optional(secret.mid(qstrlen(prefix))) : std::nullopt;
    };
    if (const auto text = behind("{SCRAM-SHA-256}"))
        return keepIn(m_keys, user, storedKeys(*text, sha256Size));
    if (const auto text = behind("{SCRAM-SHA-1}"))
        return keepIn(m_sha1Keys, user, storedKeys(*text, sha1Size));
    const auto certificate = behind("{CERT-SHA-256}");
    const auto token = behind("{TOKEN-SHA-256}");
    if (certificate || token) {
        const QByteArray digest = digestFrom(certificate.value_or(token.value_or(QByteArray())));
        if (!digest.isEmpty() && certificate)
            m_certificates.insert(digest, user);
        if (!digest.isEmpty() && token)
            m_tokens.insert(user, digest);
        return !digest.isEmpty();
    }
    const smtp::ScramKeys keys = smtp::makeScramKeys(secret);
    if (!keys.storedKey.isEmpty())
        m_keys.insert(user, keys);
    return !keys.storedKey.isEmpty();
}

QList<QByteArray> AuthFile::mechanisms()
{
    QList<QByteArray> mechanisms;
    if (!m_keys.isEmpty())
        mechanisms += {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN"};
    if (!m_sha1Keys.isEmpty())
        mechanisms += {"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"};
    if (!m_certificates.isEmpty())
        mechanisms += "EXTERNAL";
    if (!m_tokens.isEmpty())
        mechanisms += {"OAUTHBEARER", "XOAUTH2"};
    return mechanisms;
}

std::optional<smtp::ScramKeys> AuthFile::sha1KeysFor(const QByteArray &user)
{
    const auto found = m_sha1Keys.constFind(user);
    return found == m_sha1Keys.constEnd() ? std::nullopt : std::optional(*found);
}

QByteArray AuthFile::userOf(const QSslCertificate &certificate)
{
    return m_certificates.value(certificate.digest(QCryptographicHash::Sha256));
}

bool AuthFile::tokenFits(const QByteArray &user, const QByteArray &token)
{
    // Digests are compared, so that the time it takes tells nothing of the token.
    return m_tokens.contains(user, QCryptographicHash::hash(token, QCryptographicHash::Sha256));
}

std::optional<smtp::ScramKeys> AuthFile::keysFor(const QByteArray &user)
{
    const auto found = m_keys.constFind(user);
    return found == m_keys.constEnd() ? std::nullopt : std::optional(*found);
}

Result<std::shared_ptr<smtp::CredentialStore>> credentialsOf(const ListenerSettings &settings)
{
    if (settings.takesAnySignIn())
        return std::make_shared<smtp::AnyCredentials>();
    if (settings.authFile.isEmpty())
        return std::shared_ptr<smtp::CredentialStore>();
    return AuthFile::read(settings.authFile).map([](std::unique_ptr<AuthFile> file) {
        return std::shared_ptr<smtp::CredentialStore>(std::move(file));
    });
}

} // namespace glasspost::mail
