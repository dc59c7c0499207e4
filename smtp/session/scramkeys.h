#pragma once

#include <QByteArray>
#include <QList>

namespace glasspost::smtp {

enum class ScramHash { Sha1, Sha256 };

/// What a listener knows of one user who may sign in: SCRAM keys (RFC 5802 3, RFC 7677), never a password.
struct ScramKeys
{
    QByteArray salt;
    int iterations = 0;
    QByteArray storedKey;
    QByteArray serverKey;

    friend bool operator==(const ScramKeys &, const ScramKeys &) = default;
};

/// What a challenge shows of a user's keys.
struct ScramShape
{
    int iterations = 10000; ///< RFC 7677 4 asks for 4096 at least
    int saltSize = 16; ///< octets

    friend bool operator==(const ScramShape &, const ScramShape &) = default;
};

/// A password, and what its keys are derived with.
struct KeyRequest
{
    QByteArray password;
    QByteArray salt;
    int iterations = 0;
};

/// Octets of a password at most, before SASLprep (RFC 4013) and after: a longer one is nobody's.
inline constexpr qsizetype longestPassword = 1024;

/// SCRAM-SHA-256 keys of a password (RFC 5802 3), by GNU SASL; takes milliseconds. Null keys when the
/// password is too long or cannot be prepared.
ScramKeys deriveScramKeys(const KeyRequest &request);
/// Keys for a new or changed password; null like those.
ScramKeys makeScramKeys(const QByteArray &password);
/// Keys that fit no password, so that an unknown user costs as much time as a wrong password, and gets a
/// challenge like everyone's: of one of the shapes, which are those of the users there are.
ScramKeys nobodysScramKeys(const QByteArray &user, ScramHash hash, const QList<ScramShape> &shapes);
/// Takes the same time wherever the first difference stands.
bool equalInConstantTime(const QByteArray &a, const QByteArray &b);

} // namespace glasspost::smtp
