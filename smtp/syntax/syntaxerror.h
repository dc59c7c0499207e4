#pragma once

#include <QtGlobal>

namespace glasspost::smtp {

/// Why octets are not what the grammar asks for. The caller chooses the reply; the parser names the fault.
enum class SyntaxError : quint8 {
    Missing, ///< nothing where something is required ("MAIL", "RCPT TO:", "<>" as a forward-path)
    ControlOctet, ///< NUL, a control character, a bare CR or LF
    NotUtf8, ///< octets past 7F that are not UTF-8
    BadKeyword, ///< "FROM:" or "TO:" is not there, or a parameter's keyword is malformed
    BlankBeforePath, ///< "FROM: <a@b>"
    NotBracketed, ///< "FROM:a@b", "FROM:<a@b"
    TextAfterPath, ///< "FROM:<a@b>SIZE=1"
    BadPath, ///< a route, or more brackets than one pair
    BadLocalPart,
    MisplacedDot, ///< first or last in a local-part, or two in a row
    NoDomain, ///< "<root>"
    BadDomain,
    BadALabel, ///< "xn--" with nothing that could be decoded behind it
    InvisibleInDomain, ///< a character that nobody sees, a zero-width space say, or that stands for nothing
    BadAddressLiteral,
    LocalPartTooLong, ///< RFC 5321 4.5.3.1.1: 64 octets
    DomainTooLong, ///< RFC 5321 4.5.3.1.2: 255 octets
    PathTooLong, ///< RFC 5321 4.5.3.1.3: 256 octets with punctuation
    BadValue, ///< a parameter's value
    Repeated, ///< a parameter given twice
    UnknownParameter, ///< RFC 5321 4.1.1.11: 555
    NotAllowedHere ///< a known parameter of the other command, or one that is not offered
};

} // namespace glasspost::smtp
