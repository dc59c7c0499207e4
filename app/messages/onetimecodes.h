#pragma once

#include <QString>
#include <QStringList>

namespace glasspost::app {

/// The one-time codes that a message seems to give to its reader ("Your code is 123 456"), in their order,
/// each once, at most 20, without the blanks and hyphens that only group their digits. A guess by the words
/// around a number: "code", "PIN", "TAN" and the like in some languages, in its line, or in one beside it
/// where the number has a line to itself. Linear in the size of its input, of which the first 64 Ki
/// characters count.
QStringList oneTimeCodes(const QString &subject, const QString &text);

} // namespace glasspost::app
