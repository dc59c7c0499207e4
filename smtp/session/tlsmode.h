#pragma once

namespace glasspost::smtp {

/// How a session comes to TLS. For a binding: None does not offer STARTTLS, Opportunistic offers it, Required
/// refuses MAIL and AUTH before it (530), Implicit speaks TLS from the first octet (RFC 8314). For a client
/// likewise.
enum class TlsMode { None, Opportunistic, Required, Implicit };

} // namespace glasspost::smtp
