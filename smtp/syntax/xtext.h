#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace glasspost::smtp {

/// xtext, RFC 3461 4: printable ASCII but "+" and "=" as it is, any other octet as "+" and two upper-case
/// hexadecimal digits.
QByteArray encodeXtext(QByteArrayView octets);
/// Nothing when it is no xtext: an octet that had to be coded, "+" without two digits, lower-case digits.
std::optional<QByteArray> decodeXtext(QByteArrayView text);

} // namespace glasspost::smtp
