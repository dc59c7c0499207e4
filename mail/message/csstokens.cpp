#include "mail/message/csstokens.h"

namespace glasspost::mail {

namespace {

bool isCssBlank(QChar c)
{
    return c == u' ' || c == u'\t' || c == u'\n' || c == u'\r' || c == u'\f';
}

bool isCssLineEnd(QChar c)
{
    return c == u'\n' || c == u'\r' || c == u'\f';
}

bool isCssDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool isCssHexDigit(QChar c)
{
    return isCssDigit(c) || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
}

bool startsNameCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_' || c.unicode() >= 0x80;
}

bool isNameCharacter(QChar c)
{
    return startsNameCharacter(c) || isCssDigit(c) || c == u'-';
}

} // namespace

/// Null past the end, which is none of the characters that are looked for.
QChar CssTokens::at(qsizetype ahead) const
{
    return m_at + ahead < m_css.size() ? m_css[m_at + ahead] : QChar();
}

bool CssTokens::startsEscape(qsizetype ahead) const
{
    return at(ahead) == u'\\' && m_at + ahead + 1 < m_css.size() && !isCssLineEnd(at(ahead + 1));
}

bool CssTokens::startsName(qsizetype ahead) const
{
    if (at(ahead) == u'-')
        return startsNameCharacter(at(ahead + 1)) || at(ahead + 1) == u'-' || startsEscape(ahead + 1);
    return startsNameCharacter(at(ahead)) || startsEscape(ahead);
}

bool CssTokens::startsNumber() const
{
    const qsizetype sign = at() == u'+' || at() == u'-' ? 1 : 0;
    return isCssDigit(at(sign)) || (at(sign) == u'.' && isCssDigit(at(sign + 1)));
}

/// Comments are blanks here, and so is what hides a style sheet from browsers of the last century: two words
/// with nothing but a comment between them stay two.
bool CssTokens::skipBlanks()
{
    const qsizetype begin = m_at;
    while (m_at < m_css.size()) {
        if (isCssBlank(at())) {
            ++m_at;
        } else if (at() == u'/' && at(1) == u'*') {
            const qsizetype end = m_css.indexOf(u"*/", m_at + 2);
            m_at = end < 0 ? m_css.size() : end + 2;
        } else if (m_css.sliced(m_at).startsWith(u"<!--")) {
            m_at += 4;
        } else if (m_css.sliced(m_at).startsWith(u"-->")) {
            m_at += 3;
        } else {
            break;
        }
    }
    return m_at > begin;
}

/// At a "\\" that starts an escape (4.3.7).
void CssTokens::appendEscape(QString &text)
{
    ++m_at;
    if (!isCssHexDigit(at())) {
        text += m_css[m_at++];
        return;
    }
    char32_t code = 0;
    for (int digits = 0; digits < 6 && isCssHexDigit(at()); ++digits)
        code = code * 16 + char32_t(QString(m_css[m_at++]).toUInt(nullptr, 16));
    if (isCssBlank(at()))
        m_at += at() == u'\r' && at(1) == u'\n' ? 2 : 1;
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        code = QChar::ReplacementCharacter;
    text += QString::fromUcs4(&code, 1);
}

QString CssTokens::readName()
{
    QString name;
    while (m_at < m_css.size()) {
        if (isNameCharacter(at()))
            name += m_css[m_at++];
        else if (startsEscape())
            appendEscape(name);
        else
            break;
    }
    return name;
}

CssToken CssTokens::readNumber()
{
    const qsizetype begin = m_at;
    if (!isCssDigit(at()) && at() != u'.')
        ++m_at;
    while (isCssDigit(at()))
        ++m_at;
    if (at() == u'.' && isCssDigit(at(1)))
        ++m_at;
    while (isCssDigit(at()))
        ++m_at;
    const qsizetype exponent = at(1) == u'+' || at(1) == u'-' ? 2 : 1;
    if ((at() == u'e' || at() == u'E') && isCssDigit(at(exponent))) {
        m_at += exponent;
        while (isCssDigit(at()))
            ++m_at;
    }
    CssToken token;
    token.kind = CssToken::Kind::Number;
    token.number = m_css.sliced(begin, m_at - begin).toDouble();
    if (at() == u'%')
        token.text = m_css[m_at++];
    else if (startsName())
        token.text = readName().toLower();
    return token;
}

CssToken CssTokens::readText()
{
    CssToken token;
    token.kind = CssToken::Kind::Text;
    const QChar quote = m_css[m_at++];
    while (m_at < m_css.size() && at() != quote) {
        if (isCssLineEnd(at())) {
            token.kind = CssToken::Kind::Bad;
            return token;
        }
        if (startsEscape()) {
            appendEscape(token.text);
        } else if (at() == u'\\') {
            m_at += at(1) == u'\r' && at(2) == u'\n' ? 3 : qMin<qsizetype>(2, m_css.size() - m_at);
        } else {
            token.text += m_css[m_at++];
        }
    }
    m_at = qMin(m_at + 1, m_css.size());
    return token;
}

/// Behind "url(" and blanks, where no quote stands (4.3.6).
CssToken CssTokens::readUrl()
{
    CssToken token;
    token.kind = CssToken::Kind::Url;
    while (m_at < m_css.size() && at() != u')') {
        if (isCssBlank(at())) {
            while (isCssBlank(at()))
                ++m_at;
            if (m_at < m_css.size() && at() != u')')
                token.kind = CssToken::Kind::Bad;
        } else if (startsEscape()) {
            appendEscape(token.text);
        } else {
            if (at() == u'"' || at() == u'\'' || at() == u'(' || at() == u'\\' || at().unicode() < 0x20)
                token.kind = CssToken::Kind::Bad;
            token.text += m_css[m_at++];
        }
    }
    m_at = qMin(m_at + 1, m_css.size());
    return token;
}

CssToken CssTokens::readNamed()
{
    CssToken token;
    token.kind = CssToken::Kind::Identifier;
    token.text = readName();
    if (at() != u'(')
        return token;
    ++m_at;
    token.kind = CssToken::Kind::Function;
    if (token.text.compare(QLatin1String("url"), Qt::CaseInsensitive) != 0)
        return token;
    const qsizetype begin = m_at;
    while (isCssBlank(at()))
        ++m_at;
    if (at() != u'"' && at() != u'\'')
        return readUrl();
    m_at = begin;
    return token;
}

CssToken CssTokens::next()
{
    CssToken token;
    if (skipBlanks()) {
        token.kind = CssToken::Kind::Blank;
        return token;
    }
    if (m_at >= m_css.size())
        return token;
    if (startsNumber())
        return readNumber();
    if (startsName())
        return readNamed();
    if (at() == u'"' || at() == u'\'')
        return readText();
    if (at() == u'#' && (isNameCharacter(at(1)) || startsEscape(1))) {
        ++m_at;
        token.kind = CssToken::Kind::Hash;
        token.text = readName();
        return token;
    }
    if (at() == u'@' && startsName(1)) {
        ++m_at;
        token.kind = CssToken::Kind::AtKeyword;
        token.text = readName().toLower();
        return token;
    }
    token.kind = CssToken::Kind::Delimiter;
    token.delimiter = m_css[m_at++];
    return token;
}

} // namespace glasspost::mail
