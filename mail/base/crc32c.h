#pragma once

#include <QByteArrayView>

namespace glasspost::mail {

/// CRC-32C (Castagnoli), as RFC 3720 12.1 has it, going on from an earlier value (0 at first).
quint32 crc32c(QByteArrayView data, quint32 before = 0);

} // namespace glasspost::mail
