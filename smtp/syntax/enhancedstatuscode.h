#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace glasspost::smtp {

/// class "." subject "." detail, RFC 3463. A default-made one is null: no code was given.
struct EnhancedStatusCode
{
    int statusClass = 0; ///< 2 success, 4 persistent transient failure, 5 permanent failure
    int subject = 0;
    int detail = 0;

    [[nodiscard]] bool isNull() const { return statusClass == 0; }
    [[nodiscard]] QByteArray toBytes() const; ///< "5.1.1", or nothing when null
    static std::optional<EnhancedStatusCode> parse(QByteArrayView text);

    friend bool operator==(const EnhancedStatusCode &, const EnhancedStatusCode &) = default;
};

} // namespace glasspost::smtp
