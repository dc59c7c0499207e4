#pragma once

#include "mail/base/error.h"
#include "mail/base/octetsreader.h"

#include <QByteArray>
#include <QString>

namespace glasspost::mail {

/// One part of a message for somebody who looks into it.
struct PartDetails
{
    QByteArray header; ///< as it lies, at most 64 KiB
    QByteArray raw; ///< the body as it lies, at most 1 MiB
    qint64 rawSize = 0; ///< of all of it
    QByteArray decoded; ///< without its transfer encoding, at most 1 MiB
    QString text; ///< the same as text, where the part is text; null where it is not
    qint64 size = 0; ///< of all that is decoded
    QByteArray sha256; ///< of all that is decoded

    friend bool operator==(const PartDetails &, const PartDetails &) = default;
};

/// At most limit decoded octets of a part, by the index of MessageView::parts. Blocks on the disk.
Result<QByteArray> readPart(const OctetsReader &message, int partIndex, qint64 limit);

/// By the index of MessageView::parts. Reads all of the part, and keeps no more than it gives. Blocks on the
/// disk.
Result<PartDetails> readPartDetails(const OctetsReader &message, int partIndex);

} // namespace glasspost::mail
