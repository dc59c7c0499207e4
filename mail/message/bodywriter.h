#pragma once

#include "mail/base/error.h"
#include "mail/message/draft.h"
#include "mail/message/mimestreams.h"

namespace glasspost::mail {

/// The MIME part of a message, made with GMime: Content- fields, the empty line and the body, in 7-bit octets
/// and lines of at most 998, whatever is in it. Attachments are read when it is written, piece by piece.
struct MessageBody
{
    GRef<GMimeObject> object;
    qint64 expectedSize = 0; ///< about what it will have once written
    QList<MessageOctets> converted; ///< attached messages, which the object reads from

    [[nodiscard]] Result<void> writeTo(const MimeTarget &target) const;
};

/// An attachment that cannot be read is an error. A large message that is attached and has to be converted is
/// written to a file in folder.
Result<MessageBody> composeBody(const Draft &draft, const QString &folder);

} // namespace glasspost::mail
