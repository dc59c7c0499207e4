#pragma once

namespace glasspost::smtp {

/// To whom, or from whom, a password may go without TLS that keeps it: nobody, this machine alone, or
/// anybody, so that it can be read on the network.
enum class ClearAuth { Never, Loopback, Anywhere };

} // namespace glasspost::smtp
