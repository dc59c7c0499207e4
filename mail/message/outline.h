#pragma once

#include "mail/base/error.h"
#include "mail/base/octetsreader.h"

#include <QByteArray>
#include <QList>

namespace glasspost::mail {

/// Whether reading gives up, with an error, once its thread is to end (QThread::requestInterruption): what
/// nobody will see any more need not be read, what is being saved is saved.
enum class Interruption { Ignored, Obeyed };

constexpr int deepestPart = 100; ///< levels of parts that are read

/// From one octet of a message to before another.
struct Span
{
    qint64 begin = 0;
    qint64 end = 0;
};

/// Where a part lies in its message.
struct PartPlace
{
    Span header; ///< with the empty line behind it
    Span body;
};

/// How a message is divided into parts, found in one pass over its lines. Takes little memory whatever the
/// message holds: GMime reads every address field into objects, joins the pieces of RFC 2231 parameters in
/// the square of their number, and gives each part some kilobytes, empty ones too.
struct Outline
{
    /// A message of the same structure for GMime to read: the boundaries, and of each header the fields that
    /// say what the part is, cut at 4 KiB. Of a field that may stand once the first counts, and a
    /// Content-Type that is none is left out, so that the part is text (RFC 2045 5.2). Contents are left out.
    QByteArray skeleton;
    QList<PartPlace> parts; ///< by the number that each has in partNumberField
    bool isCut = false; ///< there are more parts, which are not read
};
constexpr const char *partNumberField = "Content-Outline"; ///< no field of the message's own

Result<Outline> readOutline(const OctetsReader &message, Interruption interruption);
/// The error of what was given up; no error while it may go on.
Result<void> unlessInterrupted(Interruption interruption);

} // namespace glasspost::mail
