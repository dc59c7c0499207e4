#include "mail/settings/addressrangetext.h"

namespace glasspost::mail {

std::optional<smtp::AddressRange> addressRangeFrom(const QString &text)
{
    const auto [address, prefixLength] = QHostAddress::parseSubnet(text);
    if (prefixLength < 0)
        return std::nullopt;
    return smtp::AddressRange{address, prefixLength};
}

} // namespace glasspost::mail
