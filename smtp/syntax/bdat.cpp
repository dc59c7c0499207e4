#include "smtp/syntax/bdat.h"

#include "smtp/syntax/octets.h"

#include <algorithm>

namespace glasspost::smtp {

std::optional<BdatArgument> parseBdat(QByteArrayView text)
{
    constexpr qsizetype mostDigits = 18; // fits 63 bits; nobody sends an exabyte
    const qsizetype blank = text.indexOf(' ');
    const QByteArrayView digits = blank < 0 ? text : text.first(blank);
    const QByteArrayView marker = blank < 0 ? QByteArrayView() : withoutBlanksBefore(text.sliced(blank));
    const bool isNumber = !digits.isEmpty() && digits.size() <= mostDigits
        && std::all_of(digits.begin(), digits.end(), isDigit);
    if (!isNumber || (!marker.isEmpty() && !equalIgnoringCase(marker, "LAST")))
        return {};
    const auto place = marker.isEmpty() ? BdatArgument::Place::Inner : BdatArgument::Place::Last;
    return BdatArgument{digits.toByteArray().toLongLong(), place};
}

} // namespace glasspost::smtp
