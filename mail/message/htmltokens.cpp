#include "mail/message/htmltokens.h"

#include <QHash>
#include <QSet>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostAttributes = 64;

bool isLetter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

bool isBlank(QChar c)
{
    return c == u' ' || c == u'\t' || c == u'\n' || c == u'\r' || c == u'\f';
}

/// Elements left out with everything in them.
const QSet<QString> &skippedElements()
{
    static const QSet<QString> names = {QStringLiteral("script"), QStringLiteral("style"),
        QStringLiteral("title"), QStringLiteral("textarea"), QStringLiteral("select"),
        QStringLiteral("object"), QStringLiteral("applet"), QStringLiteral("iframe"),
        QStringLiteral("noframes"), QStringLiteral("noembed"), QStringLiteral("svg"), QStringLiteral("math"),
        QStringLiteral("template"), QStringLiteral("audio"), QStringLiteral("video"),
        QStringLiteral("canvas"), QStringLiteral("xmp")};
    return names;
}

QHash<QString, char32_t> makeEntities()
{
    // U+00A0 to U+00FF in order (HTML 4, 24.2.1), then marks that mail is full of.
    static const char *const latin = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not "
                                     "shy reg macr deg plusmn sup2 sup3 "
                                     "acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 "
                                     "iquest Agrave Aacute Acirc Atilde Auml "
                                     "Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml "
                                     "ETH Ntilde Ograve Oacute Ocirc Otilde "
                                     "Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave "
                                     "aacute acirc atilde auml aring aelig "
                                     "ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde "
                                     "ograve oacute ocirc otilde ouml divide "
                                     "oslash ugrave uacute ucirc uuml yacute thorn yuml";
    QHash<QString, char32_t> entities = {{QStringLiteral("amp"), U'&'}, {QStringLiteral("lt"), U'<'},
        {QStringLiteral("gt"), U'>'}, {QStringLiteral("quot"), U'"'}, {QStringLiteral("apos"), U'\''},
        {QStringLiteral("euro"), 0x20AC}, {QStringLiteral("hellip"), 0x2026},
        {QStringLiteral("mdash"), 0x2014}, {QStringLiteral("ndash"), 0x2013},
        {QStringLiteral("lsquo"), 0x2018}, {QStringLiteral("rsquo"), 0x2019},
        {QStringLiteral("ldquo"), 0x201C}, {QStringLiteral("rdquo"), 0x201D},
        {QStringLiteral("bdquo"), 0x201E}, {QStringLiteral("sbquo"), 0x201A},
        {QStringLiteral("bull"), 0x2022}, {QStringLiteral("trade"), 0x2122}, {QStringLiteral("larr"), 0x2190},
        {QStringLiteral("rarr"), 0x2192}, {QStringLiteral("zwnj"), 0x200C}, {QStringLiteral("zwj"), 0x200D},
        {QStringLiteral("ensp"), 0x2002}, {QStringLiteral("emsp"), 0x2003},
        {QStringLiteral("thinsp"), 0x2009}, {QStringLiteral("OElig"), 0x152},
        {QStringLiteral("oelig"), 0x153}, {QStringLiteral("Scaron"), 0x160},
        {QStringLiteral("scaron"), 0x161}, {QStringLiteral("minus"), 0x2212}, {QStringLiteral("ne"), 0x2260},
        {QStringLiteral("le"), 0x2264}, {QStringLiteral("ge"), 0x2265}, {QStringLiteral("Tab"), U'\t'},
        {QStringLiteral("NewLine"), U'\n'}, {QStringLiteral("colon"), U':'}, {QStringLiteral("sol"), U'/'},
        {QStringLiteral("lpar"), U'('}, {QStringLiteral("rpar"), U')'}};
    char32_t code = 0xA0;
    const QStringList names = QString::fromLatin1(latin).split(u' ');
    for (const QString &name : names)
        entities.insert(name, code++);
    return entities;
}

/// The character that the reference between "&" and ";" names; 0 when it names none.
char32_t entity(QStringView name)
{
    static const QHash<QString, char32_t> entities = makeEntities();
    if (!name.startsWith(u'#'))
        return entities.value(name.toString(), 0);
    bool ok = false;
    const bool isHex = name.size() > 1 && (name[1] == u'x' || name[1] == u'X');
    const uint code = isHex ? name.mid(2).toUInt(&ok, 16) : name.mid(1).toUInt(&ok, 10);
    if (!ok || code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return ok ? 0xFFFD : 0;
    return code;
}

} // namespace

QString decodedEntities(QStringView text)
{
    static constexpr qsizetype longestName = 10;
    QString result;
    result.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != u'&') {
            result += text[i];
            continue;
        }
        const QStringView ahead = text.mid(i + 1, longestName);
        qsizetype length = 0;
        while (length < ahead.size() && (ahead[length] == u'#' || ahead[length].isLetterOrNumber()))
            ++length;
        const char32_t code = entity(ahead.left(length));
        if (code == 0) {
            result += u'&';
            continue;
        }
        result += QStringView(QChar::fromUcs4(code));
        i += length;
        if (i + 1 < text.size() && text[i + 1] == u';')
            ++i;
    }
    return result;
}

QString HtmlToken::attribute(QStringView wanted) const
{
    for (const auto &[attributeName, value] : attributes)
        if (attributeName == wanted)
            return value;
    return {};
}

HtmlToken HtmlTokens::next()
{
    HtmlToken token;
    while (m_at < m_html.size()) {
        if (m_html[m_at] == u'<' && readMarkup(token)) {
            if (token.kind != HtmlToken::Kind::End)
                return token;
            continue;
        }
        // Text up to the next "<"; one that opens nothing is text itself.
        const qsizetype next = m_html.indexOf(u'<', m_at + 1);
        const qsizetype end = next < 0 ? m_html.size() : next;
        token.kind = HtmlToken::Kind::Text;
        token.text = m_html.mid(m_at, end - m_at);
        m_at = end;
        return token;
    }
    return token;
}

/// False when the "<" is text. A token of kind End means that what was read is left out.
bool HtmlTokens::readMarkup(HtmlToken &token)
{
    const QStringView rest = m_html.mid(m_at + 1);
    if (rest.startsWith(u"!--")) {
        m_at += 4;
        // HTML 13.2.5.43: "<!-->" and "<!--->" are whole comments.
        if (m_html.mid(m_at).startsWith(u">"))
            m_at += 1;
        else if (m_html.mid(m_at).startsWith(u"->"))
            m_at += 2;
        else
            skipPast(u"-->");
        return true;
    }
    if (rest.startsWith(u'!') || rest.startsWith(u'?')) {
        skipPast(u">");
        return true;
    }
    const bool isClose = rest.startsWith(u'/');
    const qsizetype letter = isClose ? 1 : 0;
    if (letter >= rest.size())
        return false;
    if (!isLetter(rest[letter])) {
        if (isClose)
            skipPast(u">");
        return isClose;
    }
    m_at += 1 + letter;
    token.kind = isClose ? HtmlToken::Kind::Close : HtmlToken::Kind::Open;
    return readTag(token);
}

bool HtmlTokens::readTag(HtmlToken &token)
{
    const qsizetype begin = m_at;
    while (m_at < m_html.size() && !isBlank(m_html[m_at]) && m_html[m_at] != u'>' && m_html[m_at] != u'/')
        ++m_at;
    token.name = m_html.mid(begin, qMin<qsizetype>(m_at - begin, 40)).toString().toLower();
    token.attributes.clear();
    if (!readAttributes(token)) {
        token.kind = HtmlToken::Kind::End;
        return true;
    }
    if (token.kind == HtmlToken::Kind::Open && skippedElements().contains(token.name)) {
        skipElement(token.name);
        token.kind = HtmlToken::Kind::End;
    }
    return true;
}

/// False when the tag never ends.
bool HtmlTokens::readAttributes(HtmlToken &token)
{
    while (true) {
        while (m_at < m_html.size() && (isBlank(m_html[m_at]) || m_html[m_at] == u'/'))
            ++m_at;
        if (m_at >= m_html.size())
            return false;
        if (m_html[m_at] == u'>') {
            ++m_at;
            return true;
        }
        const qsizetype begin = m_at++;
        while (m_at < m_html.size() && !isBlank(m_html[m_at]) && m_html[m_at] != u'=' && m_html[m_at] != u'>'
            && m_html[m_at] != u'/')
            ++m_at;
        const QStringView name = m_html.mid(begin, m_at - begin);
        skipBlanks();
        QString value;
        if (m_at < m_html.size() && m_html[m_at] == u'=') {
            ++m_at;
            value = readValue();
        }
        if (token.attributes.size() < mostAttributes && name.size() < 40)
            token.attributes.append({name.toString().toLower(), value});
    }
}

QString HtmlTokens::readValue()
{
    skipBlanks();
    if (m_at >= m_html.size())
        return {};
    const QChar quote = m_html[m_at];
    if (quote == u'"' || quote == u'\'') {
        const qsizetype end = m_html.indexOf(quote, m_at + 1);
        const qsizetype stop = end < 0 ? m_html.size() : end;
        const QStringView value = m_html.mid(m_at + 1, stop - m_at - 1);
        m_at = end < 0 ? stop : stop + 1;
        return decodedEntities(value);
    }
    const qsizetype begin = m_at;
    while (m_at < m_html.size() && !isBlank(m_html[m_at]) && m_html[m_at] != u'>')
        ++m_at;
    return decodedEntities(m_html.mid(begin, m_at - begin));
}

void HtmlTokens::skipBlanks()
{
    while (m_at < m_html.size() && isBlank(m_html[m_at]))
        ++m_at;
}

void HtmlTokens::skipPast(QStringView end)
{
    const qsizetype found = m_html.indexOf(end, m_at);
    m_at = found < 0 ? m_html.size() : found + end.size();
}

void HtmlTokens::skipElement(const QString &name)
{
    const QString close = QLatin1String("</") + name;
    const qsizetype found = m_html.indexOf(close, m_at, Qt::CaseInsensitive);
    m_at = found < 0 ? m_html.size() : found + close.size();
    skipPast(u">");
}

} // namespace glasspost::mail
