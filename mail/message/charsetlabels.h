#pragma once

#include <QByteArray>

namespace glasspost::mail {

/// The encoding that a label in small letters names, as iconv calls it; the label itself where the table has
/// none.
QByteArray encodingOf(const QByteArray &label);

} // namespace glasspost::mail
