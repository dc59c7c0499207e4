#include "smtp/server/serverreplies.h"

namespace glasspost::smtp {

Reply makeReply(int code, const EnhancedStatusCode &status, const QByteArray &text)
{
    return {code, status, {text}};
}

Reply makeReply(int code, const QByteArray &text)
{
    return {code, {}, {text}};
}

namespace {

Reply badPath(PathKind kind, const QByteArray &what)
{
    const bool reverse = kind == PathKind::Reverse;
    // RFC 3463 3.2: X.1.7 bad sender's mailbox address syntax, X.1.3 bad destination mailbox address syntax.
    return makeReply(501, reverse ? EnhancedStatusCode{5, 1, 7} : EnhancedStatusCode{5, 1, 3},
        (reverse ? "Bad sender address: " : "Bad recipient address: ") + what);
}

} // namespace

Reply syntaxReply(SyntaxError error, PathKind kind)
{
    const EnhancedStatusCode badArguments{5, 5, 4};
    switch (error) {
    case SyntaxError::BadKeyword:
        return makeReply(501, badArguments,
            kind == PathKind::Reverse ? "Syntax: MAIL FROM:<address> [parameters]"
                                      : "Syntax: RCPT TO:<address> [parameters]");
    case SyntaxError::Missing:
        return badPath(kind, "there is none");
    case SyntaxError::ControlOctet:
        return badPath(kind, "it holds a control character");
    case SyntaxError::NotUtf8:
        return badPath(kind, "it is not UTF-8");
    case SyntaxError::BadPath:
        return badPath(kind, "an address in angle brackets is expected");
    case SyntaxError::BadLocalPart:
        return badPath(kind, "malformed local-part");
    case SyntaxError::BadDomain:
        return badPath(kind, "malformed domain");
    case SyntaxError::BadALabel:
        return makeReply(501, {5, 1, 2}, "Malformed internationalized domain");
    case SyntaxError::BadAddressLiteral:
        return badPath(kind, "malformed address literal");
    case SyntaxError::LocalPartTooLong:
        return badPath(kind, "local-part longer than 64 octets");
    case SyntaxError::DomainTooLong:
        return badPath(kind, "domain longer than 255 octets");
    case SyntaxError::PathTooLong:
        return badPath(kind, "path longer than 256 octets");
    case SyntaxError::BadValue:
        return makeReply(501, badArguments, "Malformed parameter");
    case SyntaxError::Repeated:
        return makeReply(501, badArguments, "Parameter given twice");
    case SyntaxError::UnknownParameter:
    case SyntaxError::NotAllowedHere:
        break;
    }
    return makeReply(555, badArguments, "Parameter not recognized"); // RFC 5321 4.1.1.11
}

} // namespace glasspost::smtp
