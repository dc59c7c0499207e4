#pragma once

#include <QHostAddress>

namespace glasspost::smtp {

/// Addresses with the same first bits: "192.0.2.0/24".
struct AddressRange
{
    QHostAddress address;
    int prefixLength = 0;

    [[nodiscard]] bool contains(const QHostAddress &peer) const
    {
        return peer.isInSubnet(address, prefixLength);
    }
    friend bool operator==(const AddressRange &, const AddressRange &) = default;
};

} // namespace glasspost::smtp
