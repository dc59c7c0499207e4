#pragma once

#include "mail/base/error.h"
#include "mail/settings/settings.h"
#include "smtp/session/credentials.h"

#include <QByteArray>
#include <QHash>
#include <QString>

#include <memory>

namespace glasspost::mail {

/// The users who may sign in at the listener, from a file of lines; empty lines and "#" lines do not count:
///     name:password                          made into keys when the file is read, and forgotten
///     name:{SCRAM-SHA-256}iterations,salt,storedkey,serverkey     (base64; {SCRAM-SHA-1} likewise)
///     name:{CERT-SHA-256}hexadecimal         a client certificate's digest: AUTH EXTERNAL
///     name:{TOKEN-SHA-256}hexadecimal        a bearer token's digest: OAUTHBEARER, XOAUTH2
/// Reads the disk, once.
class AuthFile : public smtp::CredentialStore
{
public:
    /// BadSettings names file and line for a line that is neither.
    static Result<std::unique_ptr<AuthFile>> read(const QString &path);
    static Result<std::unique_ptr<AuthFile>> parse(const QByteArray &content, const QString &name);

    QList<QByteArray> mechanisms() override;
    std::optional<smtp::ScramKeys> keysFor(const QByteArray &user) override;
    std::optional<smtp::ScramKeys> sha1KeysFor(const QByteArray &user) override;
    QList<smtp::ScramShape> shapes(smtp::ScramHash hash) override
    {
        return hash == smtp::ScramHash::Sha1 ? m_sha1Shapes : m_shapes;
    }
    QByteArray userOf(const QSslCertificate &certificate) override;
    bool tokenFits(const QByteArray &user, const QByteArray &token) override;

private:
    AuthFile() = default;
    bool add(const QByteArray &user, const QByteArray &secret);
    QHash<QByteArray, smtp::ScramKeys> m_keys;
    QHash<QByteArray, smtp::ScramKeys> m_sha1Keys;
    QList<smtp::ScramShape> m_shapes;
    QList<smtp::ScramShape> m_sha1Shapes;
    QHash<QByteArray, QByteArray> m_certificates; ///< user by SHA-256
    QMultiHash<QByteArray, QByteArray> m_tokens; ///< SHA-256 by user
};

/// Who may sign in at a listener that is set so: anybody, or those of its file, which is read. Null: nobody.
Result<std::shared_ptr<smtp::CredentialStore>> credentialsOf(const ListenerSettings &settings);

} // namespace glasspost::mail
