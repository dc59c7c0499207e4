#include "mail/message/htmltokens.h"

#include <QSet>
#include <QUrl>

#include <algorithm>

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
    static const QSet<QString> names = {QStringLiteral("script"), QStringLiteral("title"),
        QStringLiteral("textarea"), QStringLiteral("select"), QStringLiteral("object"),
        QStringLiteral("applet"), QStringLiteral("iframe"), QStringLiteral("noframes"),
        QStringLiteral("noembed"), QStringLiteral("svg"), QStringLiteral("math"), QStringLiteral("template"),
        QStringLiteral("audio"), QStringLiteral("video"), QStringLiteral("canvas"), QStringLiteral("xmp")};
    return names;
}

/// Those of them whose content is text or of another language, so that no tag is looked for in it.
bool holdsNoTags(const QString &name)
{
    return name != QLatin1String("select") && name != QLatin1String("object")
        && name != QLatin1String("applet") && name != QLatin1String("audio") && name != QLatin1String("video")
        && name != QLatin1String("canvas");
}

/// HTML 13.2.5.33: of two with one name the first one counts.
void addAttribute(HtmlToken &token, const QString &name, const QString &value)
{
    const bool isThere = std::any_of(token.attributes.cbegin(), token.attributes.cend(),
        [&name](const auto &attribute) { return attribute.first == name; });
    if (!isThere)
        token.attributes.append({name, value});
    else if (token.repeated.size() < mostAttributes)
        token.repeated.append(name);
}

} // namespace

QString cleanLink(const QString &href)
{
    QString link;
    for (const QChar c : href)
        if (c.unicode() > 0x20 && c.unicode() != 0x7F && !(c.unicode() >= 0x80 && c.unicode() < 0xA0))
            link += c;
    for (const char16_t *scheme : {u"http://", u"https://", u"mailto:"})
        if (link.startsWith(QStringView(scheme), Qt::CaseInsensitive))
            return link;
    return {};
}

QString contentIdOf(const QString &reference)
{
    const QString trimmed = reference.trimmed();
    if (!trimmed.startsWith(QLatin1String("cid:"), Qt::CaseInsensitive) || trimmed.size() > 1000)
        return {};
    return QUrl::fromPercentEncoding(trimmed.mid(4).toUtf8());
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
        const qsizetype begin = m_at;
        token.begin = begin;
        if (m_html[m_at] == u'<' && readMarkup(token)) {
            if (token.kind == HtmlToken::Kind::End)
                continue;
            if (token.kind != HtmlToken::Kind::StyleSheet)
                token.text = m_html.sliced(begin, m_at - begin);
            return token;
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
        bool isEnded = true;
        // HTML 13.2.5.43: "<!-->" and "<!--->" are whole comments.
        if (m_html.mid(m_at).startsWith(u">"))
            m_at += 1;
        else if (m_html.mid(m_at).startsWith(u"->"))
            m_at += 2;
        else
            isEnded = skipPast(u"-->");
        leaveOut(token, HtmlToken::Kind::Comment, isEnded);
        return true;
    }
    if (rest.startsWith(u'!') || rest.startsWith(u'?')) {
        leaveOut(token, HtmlToken::Kind::Declaration, skipPast(u">"));
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
    token.repeated.clear();
    if (!readAttributes(token)) {
        leaveOut(token, token.kind, false);
        return true;
    }
    // HTML 13.1.2.1: "/>" closes foreign elements and no others.
    const bool isForeign = token.name == QLatin1String("svg") || token.name == QLatin1String("math");
    const bool isClosed = isForeign && m_at >= 2 && m_html[m_at - 2] == u'/';
    if (isClosed) {
        token.isWhole = true;
        leaveOut(token, token.kind, true);
        return true;
    }
    if (token.kind == HtmlToken::Kind::Open && token.name == QLatin1String("style")) {
        token.text = takeContent(token.name);
        token.kind = HtmlToken::Kind::StyleSheet;
    } else if (token.kind == HtmlToken::Kind::Open && skippedElements().contains(token.name)) {
        token.isWhole = m_elements == Elements::Shown || holdsNoTags(token.name);
        if (token.isWhole)
            takeContent(token.name);
        leaveOut(token, token.kind, true);
    }
    return true;
}

/// What is no token among those that are shown.
void HtmlTokens::leaveOut(HtmlToken &token, HtmlToken::Kind kind, bool isEnded) const
{
    token.kind = m_elements == Elements::All ? kind : HtmlToken::Kind::End;
    token.isUnended = !isEnded;
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
            addAttribute(token, name.toString().toLower(), value);
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

/// False when there is none.
bool HtmlTokens::skipPast(QStringView end)
{
    const qsizetype found = m_html.indexOf(end, m_at);
    m_at = found < 0 ? m_html.size() : found + end.size();
    return found >= 0;
}

bool HtmlToken::isVoid() const
{
    return name == QLatin1String("br") || name == QLatin1String("hr") || name == QLatin1String("col")
        || name == QLatin1String("img");
}

/// Up to the end tag, which is read too.
QStringView HtmlTokens::takeContent(const QString &name)
{
    const QString close = QLatin1String("</") + name;
    const qsizetype begin = m_at;
    const qsizetype found = m_html.indexOf(close, m_at, Qt::CaseInsensitive);
    const qsizetype end = found < 0 ? m_html.size() : found;
    m_at = found < 0 ? m_html.size() : found + close.size();
    skipPast(u">");
    return m_html.sliced(begin, end - begin);
}

} // namespace glasspost::mail
