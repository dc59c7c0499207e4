#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace glasspost::smtp {

/// A mailbox as a path carries it: Local-part "@" ( Domain / address-literal ), RFC 5321 4.1.2.
/// Both parts stay exactly as written, quotes included. The null reverse-path "<>" is a Mailbox with both
/// parts empty; "<postmaster>" is the one forward-path with an empty domain (RFC 5321 4.1.1.3).
struct Mailbox
{
    QByteArray localPart;
    QByteArray domain;

    [[nodiscard]] bool isNull() const { return localPart.isEmpty() && domain.isEmpty(); }
    /// "local@domain", "postmaster", or nothing for the null reverse-path; never with angle brackets.
    [[nodiscard]] QByteArray toBytes() const;
    /// True when an octet past 7F stands in either part, so that the path needs SMTPUTF8 (RFC 6531).
    [[nodiscard]] bool needsSmtpUtf8() const;
    /// "[127.0.0.1]", "[IPv6:::1]".
    [[nodiscard]] bool isAddressLiteral() const { return domain.startsWith('['); }

    friend bool operator==(const Mailbox &, const Mailbox &) = default;
};

} // namespace glasspost::smtp
