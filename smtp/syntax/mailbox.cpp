#include "smtp/syntax/mailbox.h"

#include <algorithm>

namespace glasspost::smtp {

namespace {

bool hasOctetPast7F(const QByteArray &text)
{
    return std::any_of(text.cbegin(), text.cend(), [](char c) { return (c & 0x80) != 0; });
}

} // namespace

QByteArray Mailbox::toBytes() const
{
    if (domain.isEmpty())
        return localPart;
    return localPart + '@' + domain;
}

bool Mailbox::needsSmtpUtf8() const
{
    return hasOctetPast7F(localPart) || hasOctetPast7F(domain);
}

} // namespace glasspost::smtp
