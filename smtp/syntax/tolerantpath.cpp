#include "smtp/syntax/tolerantpath.h"

#include "smtp/syntax/octets.h"

#include <QChar>
#include <QList>
#include <QString>

#include <algorithm>

namespace glasspost::smtp {

namespace {

/// The address's own text and what follows it.
struct Span
{
    QByteArrayView inner;
    QByteArrayView rest;
};

/// "a@b", "a@b>", "<a@b" and what follows.
Span unbracketed(QByteArrayView text)
{
    const qsizetype blank = findUnquoted(text, 0, isBlank);
    const qsizetype end = blank < 0 ? text.size() : blank;
    QByteArrayView inner = text.first(end);
    if (inner.startsWith('<'))
        inner = inner.sliced(1);
    if (inner.endsWith('>'))
        inner.chop(1);
    return {inner, withoutBlanksBefore(text.sliced(end))};
}

/// "Bob <a@b>", "<<a@b>>", "< a@b >" and what follows. Another address before the bracket leaves doubt.
std::optional<Span> bracketed(QByteArrayView text)
{
    const qsizetype open = text.indexOf('<');
    const qsizetype close = open < 0 ? -1 : findUnquoted(text, open + 1, [](char c) { return c == '>'; });
    if (close < 0 || text.first(open).contains('@'))
        return {};
    QByteArrayView inner = text.sliced(open + 1, close - open - 1);
    QByteArrayView rest = text.sliced(close + 1);
    while (inner.startsWith('<') && rest.startsWith('>')) {
        inner = inner.sliced(1);
        rest = rest.sliced(1);
    }
    if (!rest.isEmpty() && !isBlank(rest.front()))
        return {};
    return Span{withoutBlanksAfter(withoutBlanksBefore(inner)), withoutBlanksBefore(rest)};
}

bool isPrintable(QByteArrayView text)
{
    return !hasControl(text) && isUtf8(text) && !text.contains('<') && !text.contains('>');
}

/// Anything that one can write, but no second "@" unless it is quoted.
bool isLocalPart(QByteArrayView text)
{
    const bool isQuoted = text.size() > 1 && text.startsWith('"') && text.endsWith('"');
    return !text.isEmpty() && isPrintable(text) && (isQuoted || (!text.contains('@') && !text.contains('"')));
}

bool isMalformedALabel(QByteArrayView label)
{
    return startsWithIgnoringCase(label, "xn--") && (label.size() == 4 || label.back() == '-');
}

/// Letters, digits and what RFC 5322 calls atext, with dots anywhere; or anything like that in square
/// brackets.
bool isDomainOfSorts(QByteArrayView text)
{
    const bool isLiteral = text.size() > 2 && text.startsWith('[') && text.endsWith(']');
    const QByteArrayView name = isLiteral ? text.sliced(1, text.size() - 2) : text;
    const bool hasOthers = std::any_of(name.begin(), name.end(),
        [&](char c) { return !isAtext(c) && c != '.' && !(isLiteral && c == ':'); });
    if (name.isEmpty() || hasOthers || !isUtf8(name) || hasInvisible(name))
        return false;
    const QList<QByteArray> labels = name.toByteArray().split('.');
    const bool hasName
        = std::any_of(labels.begin(), labels.end(), [](const auto &one) { return !one.isEmpty(); });
    return hasName && std::none_of(labels.begin(), labels.end(), isMalformedALabel);
}

/// Without "@one,@two:", as RFC 5321 4.1.1.3 has it.
QByteArrayView withoutRouteOfSorts(QByteArrayView text)
{
    return text.startsWith('@') ? text.sliced(text.indexOf(':') + 1) : text;
}

} // namespace

bool hasInvisible(QByteArrayView utf8)
{
    if (!hasPast7F(utf8))
        return false;
    if (utf8.startsWith("\xef\xbb\xbf")) // a byte order mark: QString would drop it
        return true;
    constexpr char32_t joiner = 0x200D, nonJoiner = 0x200C;
    const QList<uint> characters = QString::fromUtf8(utf8).toUcs4();
    return std::any_of(characters.begin(), characters.end(), [](uint c) {
        const QChar::Category category = QChar::category(char32_t(c));
        return category >= QChar::Separator_Space && category <= QChar::Other_NotAssigned && c != joiner
            && c != nonJoiner;
    });
}

std::optional<ParsedPath> parseTolerantPath(QByteArrayView text, NullPath nullPath)
{
    text = withoutBlanksBefore(text);
    const bool hasBrackets = text.contains('<') && text.contains('>');
    const std::optional<Span> span = hasBrackets ? bracketed(text) : unbracketed(text);
    if (!span)
        return {};
    if (span->inner.isEmpty() && hasBrackets && nullPath == NullPath::Allowed)
        return ParsedPath{{}, span->rest, {}};
    const QByteArrayView address = withoutRouteOfSorts(span->inner);
    const qsizetype at = address.endsWith('"') ? -1 : address.lastIndexOf('@');
    const QByteArrayView localPart = at < 0 ? address : address.first(at);
    const QByteArrayView domain = at < 0 ? QByteArrayView() : address.sliced(at + 1);
    if (!isLocalPart(localPart) || (at >= 0 && !isDomainOfSorts(domain)))
        return {};
    return ParsedPath{{localPart.toByteArray(), domain.toByteArray()}, span->rest, {}};
}

} // namespace glasspost::smtp
