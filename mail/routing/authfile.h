#pragma once

#include "mail/error.h"
#include "smtp/server/transactionhandler.h"

#include <QByteArray>
#include <QHash>
#include <QString>

#include <memory>

namespace glasspost::mail {

/// The users who may sign in at the listener, from a file of lines "name:password" or
/// "name:{SCRAM-SHA-256}iterations,salt,storedkey,serverkey" (base64); empty lines and "#" lines do not
/// count. A plain password is made into keys when the file is read and forgotten. Reads the disk, once.
class AuthFile : public smtp::CredentialStore
{
public:
    /// BadSettings names file and line for a line that is neither.
    static Result<std::unique_ptr<AuthFile>> read(const QString &path);
    static Result<std::unique_ptr<AuthFile>> parse(const QByteArray &content, const QString &name);

    std::optional<smtp::ScramKeys> keysFor(const QByteArray &user) override;

private:
    AuthFile() = default;
    QHash<QByteArray, smtp::ScramKeys> m_keys;
};

} // namespace glasspost::mail
