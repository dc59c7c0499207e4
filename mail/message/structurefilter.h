#pragma once

#include <QByteArray>

namespace glasspost::mail {

/// A message as GMime is given it to find its parts. Of its header there are only the fields that say what
/// the body is: GMime reads every address field into objects, and a hundred thousand of them would cost
/// minutes (F14). In every part's header, fields of that kind end at 4 KiB, since GMime joins the pieces of
/// RFC 2231 parameters in the square of their number; of a field that may stand once the first counts; and a
/// Content-Type that is none is left out, so that the part is text (RFC 2045 5.2). Behind mostBoundaries
/// lines that are boundaries of a multipart the message ends: each part costs memory, empty ones too. The
/// file itself is never cut.
QByteArray structureOf(const QByteArray &source, int mostBoundaries);

} // namespace glasspost::mail
