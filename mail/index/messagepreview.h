#pragma once

#include <QString>

namespace glasspost::mail {

/// The first words that a message says itself, for its row in a list: on one line, at most 120 characters,
/// without quoted lines, the line that introduces them, and the signature.
QString messagePreview(const QString &body);

} // namespace glasspost::mail
