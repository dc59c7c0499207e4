#include "smtp/syntax/path.h"

#include "smtp/syntax/addressliteral.h"
#include "smtp/syntax/octets.h"
#include "smtp/syntax/tolerantpath.h"

#include <algorithm>
#include <optional>

namespace glasspost::smtp {

namespace {

constexpr qsizetype localPartLimit = 64;
constexpr qsizetype domainLimit = 255;
constexpr qsizetype labelLimit = 63; // RFC 1035 2.3.4
constexpr qsizetype pathLimit = 256;

using Fault = std::optional<SyntaxError>;

bool isLabel(QByteArrayView label)
{
    // RFC 5321 4.1.2: sub-domain = Let-dig [Ldh-str], so no hyphen at either end.
    if (label.isEmpty() || label.size() > labelLimit || label.front() == '-' || label.back() == '-')
        return false;
    return std::all_of(
        label.begin(), label.end(), [](char c) { return isLetterOrDigit(c) || c == '-' || isPast7F(c); });
}

Fault checkLabel(QByteArrayView label)
{
    if (startsWithIgnoringCase(label, "xn--") && (label.size() == 4 || label.back() == '-'))
        return SyntaxError::BadALabel;
    return isLabel(label) ? Fault() : Fault(SyntaxError::BadDomain);
}

Fault checkDomain(QByteArrayView domain)
{
    if (domain.isEmpty())
        return SyntaxError::BadDomain;
    if (domain.size() > domainLimit)
        return SyntaxError::DomainTooLong;
    for (qsizetype start = 0; start <= domain.size();) {
        const qsizetype dot = domain.indexOf('.', start);
        const qsizetype end = dot < 0 ? domain.size() : dot;
        if (const Fault fault = checkLabel(domain.sliced(start, end - start)))
            return fault;
        start = end + 1;
    }
    if (!isUtf8(domain))
        return SyntaxError::NotUtf8;
    return hasInvisible(domain) ? Fault(SyntaxError::InvisibleInDomain) : Fault();
}

Fault checkDomainOrLiteral(QByteArrayView domain)
{
    if (!domain.startsWith('['))
        return checkDomain(domain);
    return parseAddressLiteral(domain) ? Fault() : Fault(SyntaxError::BadAddressLiteral);
}

/// Octets of the local-part that text starts with: Dot-string or Quoted-string (RFC 5321 4.1.2).
tl::expected<qsizetype, SyntaxError> quotedLength(QByteArrayView text)
{
    for (qsizetype i = 1; i < text.size(); ++i) {
        if (isControl(text[i]))
            return tl::unexpected(SyntaxError::ControlOctet);
        if (text[i] == '"')
            return i + 1;
        // quoted-pairSMTP: a backslash and any printable ASCII octet.
        if (text[i] == '\\' && (++i >= text.size() || isControl(text[i]) || isPast7F(text[i])))
            return tl::unexpected(SyntaxError::BadLocalPart);
    }
    return tl::unexpected(SyntaxError::BadLocalPart);
}

tl::expected<qsizetype, SyntaxError> dotStringLength(QByteArrayView text)
{
    qsizetype length = 0;
    while (length < text.size() && (isAtext(text[length]) || text[length] == '.'))
        ++length;
    const QByteArrayView atoms = text.first(length);
    const bool misplacedDot = atoms.startsWith('.') || atoms.endsWith('.') || atoms.contains("..");
    if (misplacedDot)
        return tl::unexpected(SyntaxError::MisplacedDot);
    if (length == 0)
        return tl::unexpected(SyntaxError::BadLocalPart);
    return length;
}

tl::expected<QByteArrayView, SyntaxError> takeLocalPart(QByteArrayView text)
{
    const auto length = text.startsWith('"') ? quotedLength(text) : dotStringLength(text);
    if (!length)
        return tl::unexpected(length.error());
    const QByteArrayView localPart = text.first(*length);
    if (!isUtf8(localPart))
        return tl::unexpected(SyntaxError::NotUtf8);
    return localPart;
}

/// What follows "@one,@two:" (A-d-l), which is checked and forgotten: RFC 5321 4.1.1.3 and appendix C.
tl::expected<QByteArrayView, SyntaxError> withoutRoute(QByteArrayView text)
{
    if (!text.startsWith('@'))
        return text;
    const qsizetype colon = text.indexOf(':');
    if (colon < 0)
        return tl::unexpected(SyntaxError::BadPath);
    for (qsizetype start = 0; start < colon;) {
        qsizetype end = text.indexOf(',', start);
        end = end < 0 || end > colon ? colon : end;
        if (text[start] != '@' || checkDomain(text.sliced(start + 1, end - start - 1)))
            return tl::unexpected(SyntaxError::BadPath);
        start = end + 1;
        if (end < colon && start == colon)
            return tl::unexpected(SyntaxError::BadPath);
    }
    return text.sliced(colon + 1);
}

/// The path's own text and what follows it.
struct Split
{
    QByteArrayView inner;
    QByteArrayView rest;
};

tl::expected<Split, SyntaxError> splitPath(QByteArrayView text)
{
    if (withoutBlanksBefore(text).isEmpty())
        return tl::unexpected(SyntaxError::Missing);
    if (isBlank(text.front()))
        return tl::unexpected(SyntaxError::BlankBeforePath);
    const qsizetype end = text.startsWith('<') ? findUnquoted(text, 1, [](char c) { return c == '>'; }) : -1;
    if (end < 0)
        return tl::unexpected(SyntaxError::NotBracketed);
    if (text.startsWith("<<"))
        return tl::unexpected(SyntaxError::BadPath);
    const QByteArrayView after = text.sliced(end + 1);
    if (!after.isEmpty() && !isBlank(after.front()))
        return tl::unexpected(SyntaxError::TextAfterPath);
    if (end + 1 > pathLimit)
        return tl::unexpected(SyntaxError::PathTooLong);
    return Split{text.sliced(1, end - 1), withoutBlanksBefore(after)};
}

} // namespace

tl::expected<Mailbox, SyntaxError> parseMailbox(QByteArrayView text)
{
    if (text.isEmpty())
        return tl::unexpected(SyntaxError::Missing);
    const auto localPart = takeLocalPart(text);
    if (!localPart)
        return tl::unexpected(localPart.error());
    const QByteArrayView after = text.sliced(localPart->size());
    if (!after.startsWith('@'))
        return tl::unexpected(after.isEmpty() ? SyntaxError::NoDomain : SyntaxError::BadLocalPart);
    const QByteArrayView domain = after.sliced(1);
    if (const Fault fault = checkDomainOrLiteral(domain))
        return tl::unexpected(*fault);
    // RFC 5321 4.5.3.1.3 counts the path's brackets as well.
    if (text.size() + 2 > pathLimit)
        return tl::unexpected(SyntaxError::PathTooLong);
    return Mailbox{localPart->toByteArray(), domain.toByteArray()};
}

namespace {

tl::expected<ParsedPath, SyntaxError> parseRoutedMailbox(const Split &split)
{
    const auto bare = withoutRoute(split.inner);
    if (!bare)
        return tl::unexpected(bare.error());
    auto mailbox = parseMailbox(*bare);
    if (!mailbox)
        return tl::unexpected(mailbox.error());
    if (mailbox->localPart.size() > localPartLimit)
        return tl::unexpected(SyntaxError::LocalPartTooLong);
    return ParsedPath{*std::move(mailbox), split.rest, {}};
}

tl::expected<ParsedPath, SyntaxError> parseStrictReversePath(QByteArrayView text)
{
    const auto split = splitPath(text);
    if (!split)
        return tl::unexpected(split.error());
    if (split->inner.isEmpty())
        return ParsedPath{{}, split->rest, {}};
    return parseRoutedMailbox(*split);
}

tl::expected<ParsedPath, SyntaxError> parseStrictForwardPath(QByteArrayView text)
{
    const auto split = splitPath(text);
    if (!split)
        return tl::unexpected(split.error());
    if (split->inner.isEmpty())
        return tl::unexpected(SyntaxError::Missing);
    if (equalIgnoringCase(split->inner, "postmaster"))
        return ParsedPath{{split->inner.toByteArray(), {}}, split->rest, {}};
    return parseRoutedMailbox(*split);
}

/// The error is the strict grammar's: it names what is wrong.
tl::expected<ParsedPath, SyntaxError> tolerated(
    QByteArrayView text, tl::expected<ParsedPath, SyntaxError> strict, NullPath nullPath)
{
    if (strict)
        return strict;
    auto path = parseTolerantPath(text, nullPath);
    if (!path)
        return strict;
    path->departure = strict.error();
    return *std::move(path);
}

} // namespace

tl::expected<ParsedPath, SyntaxError> parseReversePath(QByteArrayView text, PathStyle style)
{
    auto strict = parseStrictReversePath(text);
    return style == PathStyle::Strict ? strict : tolerated(text, std::move(strict), NullPath::Allowed);
}

tl::expected<ParsedPath, SyntaxError> parseForwardPath(QByteArrayView text, PathStyle style)
{
    auto strict = parseStrictForwardPath(text);
    return style == PathStyle::Strict ? strict : tolerated(text, std::move(strict), NullPath::Refused);
}

bool isDomain(QByteArrayView text)
{
    return !checkDomain(text);
}

bool isDomainOrLiteral(QByteArrayView text)
{
    return !checkDomainOrLiteral(text);
}

} // namespace glasspost::smtp
