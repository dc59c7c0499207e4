#pragma once

#include <QByteArrayView>
#include <QString>

namespace glasspost::mail {

/// The text of an unfolded field with its encoded words (RFC 2047) decoded; what is none stays as it is, read
/// as UTF-8 or else Windows-1252. Total over any octets, linear in their number. Any thread.
[[nodiscard]] QString decodedWords(QByteArrayView unfolded);

} // namespace glasspost::mail
