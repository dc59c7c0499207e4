#pragma once

#include "smtp/session/scramkeys.h"

#include <QByteArray>
#include <QList>
#include <QSslCertificate>

#include <optional>

namespace glasspost::smtp {

/// The users who may sign in at a listener. Called on the sessions' thread; must not block.
class CredentialStore
{
public:
    virtual ~CredentialStore() = default;
    /// The SASL mechanisms that these credentials can decide.
    virtual QList<QByteArray> mechanisms()
    {
        return {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN"};
    }
    /// SCRAM-SHA-256 keys; PLAIN and LOGIN are judged by them too.
    virtual std::optional<ScramKeys> keysFor(const QByteArray &user) = 0;
    /// SCRAM-SHA-1 keys, where somebody kept them.
    virtual std::optional<ScramKeys> sha1KeysFor(const QByteArray &) { return {}; }
    /// What the challenges of users known by keys of this hash look like, one for each user: those of unknown
    /// names are drawn from them.
    virtual QList<ScramShape> shapes(ScramHash) { return {}; }
    /// EXTERNAL: the user whose certificate this is; empty when it is nobody's.
    virtual QByteArray userOf(const QSslCertificate &) { return {}; }
    /// OAUTHBEARER and XOAUTH2: whether this token is the user's.
    virtual bool tokenFits(const QByteArray &, const QByteArray &) { return false; }
    /// True where any name is taken with any password or token, so that a sign-in proves nothing.
    [[nodiscard]] virtual bool takesAnybody() const { return false; }
};

} // namespace glasspost::smtp
