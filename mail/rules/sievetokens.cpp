#include "mail/rules/sievetokens.h"

#include "mail/rules/sievesyntax.h"

#include <limits>
#include <utility>

namespace glasspost::mail {

namespace {

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// RFC 5228 2.4.1: powers of 1024.
int shiftOf(char quantifier)
{
    switch (quantifier) {
    case 'k':
    case 'K':
        return 10;
    case 'm':
    case 'M':
        return 20;
    case 'g':
    case 'G':
        return 30;
    default:
        return 0;
    }
}

/// Without U+FEFF, which a decoder drops from the front of a string and nowhere else.
QString textOf(const QByteArray &octets)
{
    return QString::fromUtf8(octets).remove(QChar(QChar::ByteOrderMark));
}

/// The name in "# rule:[name]", on one line.
QString labelOf(const QByteArray &comment)
{
    const QString text = textOf(comment).simplified();
    static const QString begin = QStringLiteral("rule:[");
    if (!text.startsWith(begin) || !text.endsWith(u']'))
        return {};
    return text.sliced(begin.size()).chopped(1).trimmed();
}

} // namespace

SieveToken SieveLexer::token(SieveToken::Kind kind, const QString &text) const
{
    return {kind, text, 0, m_line, {}};
}

Result<SieveToken> SieveLexer::next()
{
    if (const Result<void> skipped = skipBlanks(); !skipped)
        return tl::unexpected(skipped.error());
    Result<SieveToken> result = token(SieveToken::Kind::End);
    const char c = at(m_at);
    if (isAtEnd())
        return result;
    if (isLetter(c) || c == ':')
        result = word();
    else if (isDigit(c))
        result = number();
    else if (c == '"')
        result = quoted();
    else if (QByteArrayView("()[]{},;").contains(c))
        result = token(SieveToken::Kind::Mark, QString(QLatin1Char(m_script[m_at++])));
    else
        return tl::unexpected(sieveFault(m_line, QStringLiteral("unexpected character")));
    if (result)
        result->label = std::exchange(m_label, {});
    return result;
}

Result<void> SieveLexer::skipBlanks()
{
    while (!isAtEnd()) {
        const char c = m_script[m_at];
        if (isBlank(c)) {
            m_line += c == '\n' ? 1 : 0;
            ++m_at;
        } else if (c == '#') {
            skipHashComment();
        } else if (c == '/' && at(m_at + 1) == '*') {
            if (const Result<void> skipped = skipBracketComment(); !skipped)
                return skipped;
        } else {
            break;
        }
    }
    return {};
}

void SieveLexer::skipHashComment()
{
    const qsizetype begin = m_at + 1, end = m_script.indexOf('\n', begin);
    m_at = end < 0 ? m_script.size() : end;
    if (const QString label = labelOf(m_script.mid(begin, m_at - begin)); !label.isEmpty())
        m_label = label;
}

Result<void> SieveLexer::skipBracketComment()
{
    const qsizetype end = m_script.indexOf("*/", m_at + 2);
    if (end < 0)
        return tl::unexpected(sieveFault(m_line, QStringLiteral("a comment has no end")));
    m_line += int(QByteArrayView(m_script).sliced(m_at, end - m_at).toByteArray().count('\n'));
    m_at = end + 2;
    return {};
}

Result<SieveToken> SieveLexer::word()
{
    const bool isTag = m_script[m_at] == ':';
    const qsizetype begin = m_at + (isTag ? 1 : 0);
    m_at = begin;
    if (isTag && !isLetter(at(m_at)))
        return tl::unexpected(sieveFault(m_line, QStringLiteral("a colon without a word")));
    while (isLetter(at(m_at)) || isDigit(at(m_at)))
        ++m_at;
    const QString text = QString::fromLatin1(m_script.mid(begin, m_at - begin)).toLower();
    if (!isTag && text == u"text" && at(m_at) == ':') {
        ++m_at;
        return multiLine();
    }
    return token(isTag ? SieveToken::Kind::Tag : SieveToken::Kind::Identifier, text);
}

Result<SieveToken> SieveLexer::number()
{
    qint64 value = 0;
    while (isDigit(at(m_at))) {
        const int digit = m_script[m_at++] - '0';
        if (value > (std::numeric_limits<qint64>::max() - digit) / 10)
            return tl::unexpected(sieveFault(m_line, QStringLiteral("a number is too large")));
        value = value * 10 + digit;
    }
    if (const int shift = shiftOf(at(m_at)); shift > 0) {
        ++m_at;
        if (value > std::numeric_limits<qint64>::max() >> shift)
            return tl::unexpected(sieveFault(m_line, QStringLiteral("a number is too large")));
        value <<= shift;
    }
    SieveToken result = token(SieveToken::Kind::Number);
    result.number = value;
    return result;
}

Result<SieveToken> SieveLexer::quoted()
{
    const int line = m_line;
    QByteArray octets;
    for (++m_at; !isAtEnd(); ++m_at) {
        char c = m_script[m_at];
        if (c == '"') {
            ++m_at;
            SieveToken result = token(SieveToken::Kind::String, textOf(octets));
            result.line = line;
            return result;
        }
        if (c == '\\' && m_at + 1 < m_script.size())
            c = m_script[++m_at];
        m_line += c == '\n' ? 1 : 0;
        octets += c;
    }
    return tl::unexpected(sieveFault(line, QStringLiteral("a string has no end")));
}

/// RFC 5228 2.4.2: up to a line with a dot alone; of a line that begins with two dots one is taken off.
Result<SieveToken> SieveLexer::multiLine()
{
    const int begun = m_line;
    while (at(m_at) == ' ' || at(m_at) == '\t')
        ++m_at;
    if (at(m_at) == '#')
        m_at = qMax(m_script.indexOf('\n', m_at), m_at);
    m_at += at(m_at) == '\r' ? 1 : 0;
    if (at(m_at) != '\n')
        return tl::unexpected(sieveFault(m_line, QStringLiteral("text: is followed by the end of its line")));
    ++m_at;
    QByteArray octets;
    while (!isAtEnd()) {
        ++m_line;
        const qsizetype end = m_script.indexOf('\n', m_at);
        QByteArray line = m_script.mid(m_at, (end < 0 ? m_script.size() : end) - m_at);
        m_at = end < 0 ? m_script.size() : end + 1;
        if (line.endsWith('\r'))
            line.chop(1);
        if (line == ".") {
            SieveToken result = token(SieveToken::Kind::String, textOf(octets));
            result.line = begun;
            ++m_line;
            return result;
        }
        octets += (line.startsWith("..") ? line.mid(1) : line) + '\n';
    }
    return tl::unexpected(sieveFault(begun, QStringLiteral("a text has no end")));
}

} // namespace glasspost::mail
