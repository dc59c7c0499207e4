#include "mail/routing/authfile.h"

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
std::optional<smtp::ScramKeys> storedKeys(const QByteArray &text)
{
    const QList<QByteArray> fields = text.split(',');
    if (fields.size() != 4)
        return std::nullopt;
    bool ok = false;
    const int iterations = fields.at(0).trimmed().toInt(&ok);
    const auto salt = fromBase64(fields.at(1).trimmed());
    const auto storedKey = fromBase64(fields.at(2).trimmed());
    const auto serverKey = fromBase64(fields.at(3).trimmed());
    static constexpr qsizetype sha256 = 32; // octets
    if (!ok || iterations < 1 || !salt || !storedKey || !serverKey)
        return std::nullopt;
    if (storedKey->size() != sha256 || serverKey->size() != sha256)
        return std::nullopt;
    return smtp::ScramKeys{*salt, iterations, *storedKey, *serverKey};
}

std::optional<smtp::ScramKeys> keysFrom(const QByteArray &secret)
{
    static const QByteArray prefix = "{SCRAM-SHA-256}";
    if (secret.startsWith(prefix))
        return storedKeys(secret.mid(prefix.size()));
    if (secret.isEmpty())
        return std::nullopt;
    return smtp::makeScramKeys(secret);
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
        const auto keys = colon > 0 ? keysFrom(line.mid(colon + 1)) : std::nullopt;
        // The line itself is not told: it may hold a password (F26).
        if (!keys)
            return tl::unexpected(Error{ErrorCode::BadSettings, name,
                QStringLiteral("line %1 is neither name:password nor name:{SCRAM-SHA-256}...").arg(number)});
        file->m_keys.insert(line.left(colon).trimmed(), *keys);
    }
    return file;
}

std::optional<smtp::ScramKeys> AuthFile::keysFor(const QByteArray &user)
{
    const auto found = m_keys.constFind(user);
    return found == m_keys.constEnd() ? std::nullopt : std::optional(*found);
}

} // namespace glasspost::mail
