#pragma once

#include "smtp/session/saslserver.h"

namespace glasspost::smtp {

/// SCRAM-SHA-1 or SCRAM-SHA-256 (RFC 5802, 7677), with -PLUS bound to the TLS connection (RFC 9266, RFC
/// 5929).
std::unique_ptr<SaslServer> makeScramServer(const QByteArray &mechanism, const SaslParty &party);

} // namespace glasspost::smtp
