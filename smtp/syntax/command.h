#pragma once

#include <QByteArrayView>

#include <array>

namespace glasspost::smtp {

/// The verbs that a server knows by name, offered or not. Unknown is every other word.
enum class Verb : quint8 {
    Ehlo,
    Helo,
    Mail,
    Rcpt,
    Data,
    Bdat,
    Rset,
    Noop,
    Quit,
    Vrfy,
    Expn,
    Help,
    StartTls,
    Auth,
    Etrn,
    Turn,
    Send,
    Soml,
    Saml,
    Xclient,
    Unknown
};

constexpr int verbCount = static_cast<int>(Verb::Unknown) + 1;

/// A command line taken apart: the verb, and what stands behind it without the blanks around it. Views into
/// the line; any octets make a Command (RFC 5321 2.4: verbs in any case).
struct Command
{
    Verb verb = Verb::Unknown;
    QByteArrayView word;
    QByteArrayView argument;
};

Command parseCommand(QByteArrayView line);

/// The verb as it is written: "STARTTLS".
QByteArrayView verbName(Verb verb);

} // namespace glasspost::smtp
