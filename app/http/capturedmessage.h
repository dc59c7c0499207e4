#pragma once

#include "mail/base/messageoctets.h"
#include "mail/message/messageview.h"

namespace glasspost::app {

/// A part that is no text to be read in the message's place.
struct AttachedPart
{
    int index = 0; ///< of MessageView::parts
    QString fileName, contentType, contentId;
    qint64 size = 0; ///< octets decoded
    bool isInline = false; ///< said to be, or shown by the HTML
    QByteArray md5, sha1, sha256; ///< empty where they were not asked for

    friend bool operator==(const AttachedPart &, const AttachedPart &) = default;
};

/// A captured message as Mailpit's API describes it.
struct CapturedMessage
{
    mail::MessageView view; ///< without its source
    QByteArray header; ///< as it lies
    QString html; ///< of its first such part, as its sender wrote it; empty when there is none
    QList<mail::AddressView> bcc; ///< of the field, and the recipients of the envelope that no field names
    QList<AttachedPart> attached;
    QString user; ///< who signed in to hand it in; empty when nobody did
};

enum class Hashes { Left, Made };

/// NotAMessage never: any octets are read as one. Blocks on the disk.
mail::Result<CapturedMessage> readCaptured(const mail::MessageOctets &octets, Hashes hashes);

} // namespace glasspost::app
