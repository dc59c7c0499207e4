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

QByteArray faultWords(SyntaxError error)
{
    switch (error) {
    case SyntaxError::Missing:
        return "there is none";
    case SyntaxError::ControlOctet:
        return "it holds a control character";
    case SyntaxError::NotUtf8:
        return "it is not UTF-8";
    case SyntaxError::BlankBeforePath:
        return "there is a blank before it";
    case SyntaxError::NotBracketed:
        return "it is not in angle brackets";
    case SyntaxError::TextAfterPath:
        return "no blank follows its closing bracket";
    case SyntaxError::BadPath:
        return "malformed route or brackets";
    case SyntaxError::BadLocalPart:
        return "malformed local-part";
    case SyntaxError::MisplacedDot:
        return "misplaced dot in the local-part";
    case SyntaxError::NoDomain:
        return "it has no domain";
    case SyntaxError::BadDomain:
        return "malformed domain";
    case SyntaxError::BadALabel:
        return "malformed internationalized domain";
    case SyntaxError::InvisibleInDomain:
        return "invisible character in the domain";
    case SyntaxError::BadAddressLiteral:
        return "malformed address literal";
    case SyntaxError::LocalPartTooLong:
        return "local-part longer than 64 octets";
    case SyntaxError::DomainTooLong:
        return "domain longer than 255 octets";
    case SyntaxError::PathTooLong:
        return "path longer than 256 octets";
    case SyntaxError::BadKeyword:
    case SyntaxError::BadValue:
    case SyntaxError::Repeated:
    case SyntaxError::UnknownParameter:
    case SyntaxError::NotAllowedHere:
        break;
    }
    return "malformed";
}

namespace {

Reply badPath(PathKind kind, SyntaxError error)
{
    const bool reverse = kind == PathKind::Reverse;
    const bool isName = error == SyntaxError::InvisibleInDomain; // RFC 6531 3.5: a name that is not allowed
    // RFC 3463 3.2: X.1.7 bad sender's mailbox address syntax, X.1.3 bad destination mailbox address syntax.
    return makeReply(isName ? 553 : 501, reverse ? EnhancedStatusCode{5, 1, 7} : EnhancedStatusCode{5, 1, 3},
        (reverse ? "Bad sender address: " : "Bad recipient address: ") + faultWords(error));
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
    case SyntaxError::BadALabel:
        if (kind == PathKind::Forward) // RFC 3463 3.2: bad destination system address
            return makeReply(501, {5, 1, 2}, "Malformed internationalized domain");
        return badPath(kind, error);
    case SyntaxError::Missing:
    case SyntaxError::ControlOctet:
    case SyntaxError::NotUtf8:
    case SyntaxError::BlankBeforePath:
    case SyntaxError::NotBracketed:
    case SyntaxError::TextAfterPath:
    case SyntaxError::BadPath:
    case SyntaxError::BadLocalPart:
    case SyntaxError::MisplacedDot:
    case SyntaxError::NoDomain:
    case SyntaxError::BadDomain:
    case SyntaxError::InvisibleInDomain:
    case SyntaxError::BadAddressLiteral:
    case SyntaxError::LocalPartTooLong:
    case SyntaxError::DomainTooLong:
    case SyntaxError::PathTooLong:
        return badPath(kind, error);
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
