#include "mail/message/htmlcleaner.h"

#include "mail/message/htmltokens.h"

#include <QHash>
#include <QSet>

namespace glasspost::mail {

namespace {

constexpr int deepestElement = 200;
constexpr int deepestTable = 12; // laying out tables in tables costs more with each level

QSet<QString> words(const char *list)
{
    const QStringList names = QString::fromLatin1(list).split(u' ');
    return {names.begin(), names.end()};
}

const QSet<QString> &allowedElements()
{
    static const QSet<QString> names = words(
        "a abbr b big blockquote br caption center cite code col colgroup dd del dfn div dl dt em font h1 h2 "
        "h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td "
        "tfoot th thead tr tt u ul var");
    return names;
}

const QSet<QString> &allowedAttributes()
{
    static const QSet<QString> names
        = words("align valign bgcolor color size colspan rowspan width height border "
                "cellpadding cellspacing dir lang start type");
    return names;
}

const QSet<QString> &allowedProperties()
{
    static const QSet<QString> names = words(
        "color background-color font-family font-size font-style font-weight text-align text-decoration "
        "text-indent vertical-align white-space margin margin-left margin-right margin-top margin-bottom "
        "padding padding-left padding-right padding-top padding-bottom border-collapse width");
    return names;
}

const QSet<QString> &blockElements()
{
    static const QSet<QString> names = words(
        "address article aside blockquote body caption center dd div dl dt fieldset figure footer form h1 h2 "
        "h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul");
    return names;
}

bool isVoid(const QString &name)
{
    return name == QLatin1String("br") || name == QLatin1String("hr") || name == QLatin1String("col");
}

/// Letters, digits and the few marks that lengths, colours and font names need: no url(), no escapes, no @.
bool isPlainValue(QStringView value, QStringView marks)
{
    return value.size() <= 200 && std::all_of(value.begin(), value.end(), [marks](QChar c) {
        return (c.unicode() < 128 && c.isLetterOrNumber()) || marks.contains(c);
    });
}

QString cleanStyle(const QString &style)
{
    QString result;
    const QList<QStringView> declarations = QStringView(style).left(4096).split(u';');
    for (const QStringView declaration : declarations) {
        const qsizetype colon = declaration.indexOf(u':');
        if (colon < 0)
            continue;
        const QString property = declaration.left(colon).trimmed().toString().toLower();
        QString value = declaration.mid(colon + 1).trimmed().toString();
        value.replace(u'"', u'\'');
        const QString lower = value.toLower();
        const bool isRgb
            = lower.startsWith(QLatin1String("rgb(")) || lower.startsWith(QLatin1String("rgba("));
        if (allowedProperties().contains(property) && isPlainValue(value, isRgb ? u" #%.,-'()" : u" #%.,-'"))
            result += property + u':' + value + u';';
    }
    return result;
}

/// A link that may be followed: http, https or mailto. Browsers drop blanks and controls before they look at
/// the scheme ("java\nscript:"), and so do we.
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

class Cleaner
{
public:
    QString run(const QString &html)
    {
        HtmlTokens tokens(html);
        for (HtmlToken token = tokens.next(); token.kind != HtmlToken::Kind::End; token = tokens.next())
            take(token);
        while (!m_open.isEmpty())
            closeLast();
        return m_result;
    }

private:
    void take(const HtmlToken &token)
    {
        if (token.kind == HtmlToken::Kind::Text)
            addText(token.text);
        else if (token.name == QLatin1String("img") && token.kind == HtmlToken::Kind::Open)
            m_result += token.attribute(u"alt").toHtmlEscaped();
        else if (!allowedElements().contains(token.name))
            return;
        else if (token.kind == HtmlToken::Kind::Open)
            open(token);
        else
            close(token.name);
    }

    void addText(QStringView text)
    {
        for (const QChar c : text) {
            if (c == u'<')
                m_result += QLatin1String("&lt;");
            else if (c == u'>')
                m_result += QLatin1String("&gt;");
            else if (c.unicode() >= 0x20 || c == u'\n' || c == u'\t')
                m_result += c;
        }
    }

    void open(const HtmlToken &token)
    {
        const bool isTable = token.name == QLatin1String("table");
        if (m_open.size() >= deepestElement || (isTable && m_counts.value(token.name) >= deepestTable))
            return;
        m_result += u'<' + token.name;
        for (const auto &[name, value] : token.attributes)
            addAttribute(token.name, name, value);
        m_result += u'>';
        if (isVoid(token.name))
            return;
        m_open.append(token.name);
        ++m_counts[token.name];
    }

    void addAttribute(const QString &element, const QString &name, const QString &value)
    {
        QString safe;
        if (name == QLatin1String("href") && element == QLatin1String("a"))
            safe = cleanLink(value);
        else if (name == QLatin1String("style"))
            safe = cleanStyle(value);
        else if (allowedAttributes().contains(name) && isPlainValue(value, u" #%.,-"))
            safe = value;
        if (!safe.isEmpty())
            m_result += u' ' + name + QLatin1String("=\"") + safe.toHtmlEscaped() + u'"';
    }

    /// Each element is opened and closed once, so popping is linear in all.
    void close(const QString &name)
    {
        if (m_counts.value(name) == 0)
            return;
        while (m_open.constLast() != name)
            closeLast();
        closeLast();
    }

    void closeLast()
    {
        const QString name = m_open.takeLast();
        --m_counts[name];
        m_result += QLatin1String("</") + name + u'>';
    }

    QString m_result;
    QStringList m_open;
    QHash<QString, int> m_counts;
};

class TextMaker
{
public:
    QString run(const QString &html)
    {
        HtmlTokens tokens(html);
        for (HtmlToken token = tokens.next(); token.kind != HtmlToken::Kind::End; token = tokens.next())
            take(token);
        while (m_result.endsWith(u'\n') || m_result.endsWith(u' '))
            m_result.chop(1);
        return m_result.isEmpty() ? m_result : m_result + u'\n';
    }

private:
    void take(const HtmlToken &token)
    {
        const bool isOpen = token.kind == HtmlToken::Kind::Open;
        if (token.kind == HtmlToken::Kind::Text)
            addText(decodedEntities(token.text));
        else if (token.name == QLatin1String("br"))
            m_result += u'\n';
        else if (token.name == QLatin1String("pre"))
            startBlock(1), m_preformatted = qMax(0, m_preformatted + (isOpen ? 1 : -1));
        else if (token.name == QLatin1String("a"))
            isOpen ? openLink(token) : closeLink();
        else if (token.name == QLatin1String("img") && isOpen)
            addText(token.attribute(u"alt"));
        else if (token.name == QLatin1String("td") || token.name == QLatin1String("th"))
            addText(QStringLiteral(" "));
        else if (blockElements().contains(token.name))
            block(token.name, isOpen);
    }

    void block(const QString &name, bool isOpen)
    {
        const bool isParagraph = name == QLatin1String("p") || (name.size() == 2 && name.startsWith(u'h'));
        startBlock(isParagraph ? 2 : 1);
        if (name == QLatin1String("li") && isOpen)
            m_result += QLatin1String("- ");
    }

    /// At least so many line ends, none at the start.
    void startBlock(int lines)
    {
        while (m_result.endsWith(u' '))
            m_result.chop(1);
        if (m_result.isEmpty())
            return;
        int had = 0;
        while (had < lines && had < m_result.size() && m_result.at(m_result.size() - 1 - had) == u'\n')
            ++had;
        m_result += QString(lines - had, u'\n');
    }

    void addText(const QString &text)
    {
        if (m_preformatted > 0) {
            m_result += text;
            return;
        }
        for (const QChar c : text) {
            const bool isBlank = c == u' ' || c == u'\n' || c == u'\t' || c == u'\r' || c == u'\f';
            const bool isAtStart = m_result.isEmpty() || m_result.endsWith(u' ') || m_result.endsWith(u'\n');
            if (!isBlank)
                m_result += c == QChar::Nbsp ? QChar(u' ') : c;
            else if (!isAtStart)
                m_result += u' ';
        }
    }

    void openLink(const HtmlToken &token)
    {
        m_link = cleanLink(token.attribute(u"href"));
        m_linkBegin = m_result.size();
    }

    /// The target stands behind the words, unless the words are the target.
    void closeLink()
    {
        const QString shown = m_result.mid(m_linkBegin).trimmed();
        const bool isWeb = m_link.startsWith(QLatin1String("http"), Qt::CaseInsensitive);
        if (isWeb && !shown.isEmpty() && !m_link.contains(shown))
            m_result += QLatin1String(" <") + m_link + u'>';
        m_link.clear();
    }

    QString m_result;
    QString m_link;
    qsizetype m_linkBegin = 0;
    int m_preformatted = 0;
};

} // namespace

QString cleanHtml(const QString &html)
{
    return Cleaner().run(html);
}

QString htmlToText(const QString &html)
{
    return TextMaker().run(html);
}

} // namespace glasspost::mail
