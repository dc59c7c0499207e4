#pragma once

#include "mail/store/storevalues.h"

#include <QByteArray>
#include <QByteArrayView>

namespace glasspost::mail {

/// The id in the topmost Received field: the session that brought the message. Empty when there is none.
QByteArray sessionIdOf(QByteArrayView source);
/// Octets with every LF counted as CRLF.
qint64 wireSize(QByteArrayView source);
/// CRLF made LF; what has none comes back shared.
QByteArray withLf(const QByteArray &source);

} // namespace glasspost::mail
