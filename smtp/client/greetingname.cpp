#include "smtp/client/greetingname.h"

#include "smtp/client/mailcommands.h"
#include "smtp/syntax/addressliteral.h"
#include "smtp/syntax/domain.h"

#include <algorithm>

namespace glasspost::smtp {

namespace {

bool isHostLabel(const QByteArray &label)
{
    const auto isLdh = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !label.isEmpty() && label.size() <= 63 && !label.startsWith('-') && !label.endsWith('-')
        && std::all_of(label.begin(), label.end(), isLdh);
}

/// A name that others may know: "laptop" and "localhost.localdomain" are known here alone.
bool isQualified(const QByteArray &name)
{
    const QList<QByteArray> labels = name.split('.');
    const QByteArray top = labels.constLast().toLower();
    return labels.size() > 1 && top != "localhost" && top != "localdomain"
        && std::all_of(labels.begin(), labels.end(), isHostLabel);
}

} // namespace

QByteArray greetingName(const QByteArray &ourName, const QHostAddress &ourAddress)
{
    if (ourName.startsWith('[') || !isSafeWord(ourName))
        return ourName;
    const QByteArray bare = ourName.endsWith('.') ? ourName.chopped(1) : ourName;
    const QByteArray name = toAscii(bare).value_or(bare);
    if (isQualified(name) || ourAddress.isNull())
        return name;
    return addressLiteral(ourAddress);
}

} // namespace glasspost::smtp
