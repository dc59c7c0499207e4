#pragma once

#include <QString>

namespace glasspost::mail {

/// The name of an attached file as it is sent: whole, however long (RFC 2231); its last component alone, in
/// one line. What may be a name on this machine's disk is safeFileName()'s to say.
QString attachmentName(const QString &proposed);

} // namespace glasspost::mail
