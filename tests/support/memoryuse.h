#pragma once

#include <QtGlobal>

namespace glasspost::test {

/// Octets that this process holds: what is allocated where a sanitizer counts it (its quarantine keeps freed
/// memory resident), else what is resident. 0 where neither is known.
qint64 memoryInUse();

} // namespace glasspost::test
