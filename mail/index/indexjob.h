#pragma once

#include "mail/maildir/messageid.h"

#include <QByteArray>

namespace glasspost::mail {

/// A message whose file stands, to be indexed. The content is read from the file when it is not given.
struct IndexJob
{
    MessageId id;
    QByteArray file; ///< below its Maildir
    qint64 size = 0; ///< octets on the wire
    QByteArray content;
    QByteArray sessionId;
    QByteArray queueId;
};

} // namespace glasspost::mail
