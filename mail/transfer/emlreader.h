#pragma once

#include "mail/transfer/mboxreader.h"

#include <QFileDevice>

namespace glasspost::mail {

/// A message from a file that holds one, with the flags that stand in it.
struct SingleMessage
{
    CarriedMessage message;
    bool isDoubtful = false; ///< the file says that it is longer or shorter than it is
};

/// Reads an .eml file, with line ends of any kind and perhaps a byte order mark or an mbox's line in front,
/// or Apple Mail's .emlx (a count of octets, the message, a property list). NotAMessage when no header stands
/// first. Memory stays flat.
Result<SingleMessage> readSingleMessage(QFileDevice &file, const QString &spoolFolder);

} // namespace glasspost::mail
