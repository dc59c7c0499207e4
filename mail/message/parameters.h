#pragma once

#include <QByteArray>
#include <QString>

namespace glasspost::mail {

/// A parameter of a Content-Type or Content-Disposition field, decoded; null when the field has none of that
/// name. As RFC 6266 4.3 and RFC 2231 have it: "name*" and its numbered pieces go before "name", whose RFC
/// 2047 words, which should not be there, are decoded all the same. The first of its name counts.
QString decodedParameter(const QByteArray &field, const QByteArray &name);

} // namespace glasspost::mail
