#pragma once

#include "smtp/syntax/enhancedstatuscode.h"

#include <QByteArray>
#include <QList>

namespace glasspost::smtp {

/// A reply, RFC 5321 4.2: three digits, perhaps an enhanced status code (RFC 2034), one or more lines of
/// text. The class tests look at the first digit alone, as 4.2.1 and 4.3.2 ask of a client that meets an
/// unknown code.
struct Reply
{
    int code = 0; ///< 0: no reply was had
    EnhancedStatusCode enhanced;
    QList<QByteArray> lines; ///< text alone, without code and enhanced status code; may be empty

    [[nodiscard]] bool isNull() const { return code == 0; }
    [[nodiscard]] bool isPositive() const { return code / 100 == 2; }
    [[nodiscard]] bool isIntermediate() const { return code / 100 == 3; }
    [[nodiscard]] bool isTransient() const { return code / 100 == 4; }
    [[nodiscard]] bool isPermanent() const { return code / 100 == 5; }

    /// The lines as the wire has them, without their CRLF; the enhanced status code stands in every line.
    [[nodiscard]] QList<QByteArray> wireLines() const;
    /// The octets for the wire: the same, each line ended by CRLF.
    [[nodiscard]] QByteArray toWire() const;
    /// One line for people and reports: "550 5.1.1 No such user; try again".
    [[nodiscard]] QByteArray toBytes() const;

    friend bool operator==(const Reply &, const Reply &) = default;
};

} // namespace glasspost::smtp
