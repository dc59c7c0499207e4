#pragma once

#include "smtp/server/transactionhandler.h"

#include <QByteArray>

namespace glasspost::smtp {

enum class ScramHash { Sha1, Sha256 };

/// SCRAM-SHA-256 keys of a password (RFC 5802 3), by GNU SASL; null keys when it fails.
ScramKeys deriveScramKeys(const QByteArray &password, const QByteArray &salt, int iterations);
/// Keys that fit no password, so that an unknown user costs as much time as a wrong password, and gets a
/// challenge like everyone's (S100).
ScramKeys nobodysScramKeys(const QByteArray &user, ScramHash hash);
/// Takes the same time wherever the first difference stands.
bool equalInConstantTime(const QByteArray &a, const QByteArray &b);

} // namespace glasspost::smtp
