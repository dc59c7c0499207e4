#pragma once

#include <QByteArrayView>

#include <optional>

namespace glasspost::smtp {

/// What stands behind BDAT: how many octets follow the line, and whether they are the message's last.
struct BdatArgument
{
    enum class Place { Inner, Last };
    qint64 size = 0;
    Place place = Place::Inner;

    friend bool operator==(const BdatArgument &, const BdatArgument &) = default;
};

/// chunk-size [SP "LAST"], RFC 3030 2. Nothing when it is not that: where the chunk ends is then unknown.
std::optional<BdatArgument> parseBdat(QByteArrayView text);

} // namespace glasspost::smtp
