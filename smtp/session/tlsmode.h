#pragma once

namespace glasspost::smtp {

/// How a session comes to TLS. For a binding: None does not offer STARTTLS, Opportunistic offers it, Required
/// refuses MAIL and AUTH before it (530), Implicit speaks TLS from the first octet (RFC 8314). For a client
/// likewise.
enum class TlsMode { None, Opportunistic, Required, Implicit };

/// Whether what a domain publishes about its TLS (DANE, MTA-STS) binds us.
enum class TlsPolicyUse { Off, On };

} // namespace glasspost::smtp
