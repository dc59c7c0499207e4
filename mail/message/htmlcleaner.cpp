#include "mail/message/htmlcleaner.h"

#include "mail/message/csscleaner.h"
#include "mail/message/htmldoctype.h"
#include "mail/message/htmlpictures.h"
#include "mail/message/htmltokens.h"

#include <QHash>

namespace glasspost::mail {

namespace {

constexpr int deepestElement = 100;
// Newsletters put tables into tables to ten levels and more; below this one cells stand below each other.
constexpr int deepestTable = 20;

QSet<QString> words(const char *list)
{
    const QStringList names = QString::fromLatin1(list).split(u' ');
    return {names.begin(), names.end()};
}

const QSet<QString> &allowedElements()
{
    static const QSet<QString> names = words(
        "a abbr address article aside b big blockquote body br caption center cite code col colgroup dd del "
        "dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark "
        "nav ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th thead tr tt "
        "u ul var");
    return names;
}

const QSet<QString> &allowedAttributes()
{
    static const QSet<QString> names
        = words("align valign bgcolor color size colspan rowspan width height border "
                "cellpadding cellspacing dir lang start type value");
    return names;
}

const QSet<QString> &tableElements()
{
    static const QSet<QString> names = words("caption col colgroup table tbody td tfoot th thead tr");
    return names;
}

/// The largest number that an attribute may hold; what is laid out grows with it.
const QHash<QString, int> &largestNumbers()
{
    static const QHash<QString, int> numbers = {{QStringLiteral("border"), 20},
        {QStringLiteral("cellpadding"), 50}, {QStringLiteral("cellspacing"), 50},
        {QStringLiteral("colspan"), 50}, {QStringLiteral("rowspan"), 50}, {QStringLiteral("width"), 2000},
        {QStringLiteral("height"), 2000}, {QStringLiteral("size"), 100}, {QStringLiteral("start"), 1000000},
        {QStringLiteral("value"), 1000000}};
    return numbers;
}

/// Every run of digits is at most so large.
bool hasSmallNumbers(QStringView value, int largest)
{
    qint64 number = 0;
    for (const QChar c : value) {
        number = c.isDigit() ? number * 10 + c.digitValue() : 0;
        if (number > largest)
            return false;
    }
    return true;
}

/// Whether the attribute's value is one of a few words, in letters of any size.
bool isWord(const QString &name)
{
    return name == QLatin1String("align") || name == QLatin1String("valign") || name == QLatin1String("dir");
}

/// Letters, digits and the few marks that lengths, colours and font names need: no url(), no escapes, no @.
bool isPlainValue(QStringView value, QStringView marks)
{
    return value.size() <= 200 && std::all_of(value.begin(), value.end(), [marks](QChar c) {
        return (c.unicode() < 128 && c.isLetterOrNumber()) || marks.contains(c);
    });
}

/// Names of classes, or one name: what a style sheet can select by.
QString cleanNames(const QString &names)
{
    QString result;
    const QStringList all = names.left(1000).simplified().split(u' ', Qt::SkipEmptyParts);
    for (const QString &name : all)
        if (isPlainValue(name, u"-_"))
            result += result.isEmpty() ? name : u' ' + name;
    return result;
}

class Cleaner
{
public:
    Cleaner(HtmlPage &page, PictureNaming naming, ColorScheme scheme = ColorScheme::Light)
        : m_page(page), m_naming(std::move(naming)), m_scheme(scheme)
    { }

    void run(const QString &html)
    {
        HtmlTokens tokens(html);
        for (HtmlToken token = tokens.next(); token.kind != HtmlToken::Kind::End; token = tokens.next())
            take(token);
        while (!m_open.isEmpty())
            closeLast();
    }

private:
    void take(const HtmlToken &token)
    {
        if (token.kind == HtmlToken::Kind::Text)
            addText(token.text);
        else if (token.kind == HtmlToken::Kind::StyleSheet)
            addStyleSheet(token);
        else if (token.name == QLatin1String("img") && token.kind == HtmlToken::Kind::Open)
            addPicture(token);
        else if (!allowedElements().contains(token.name))
            return;
        else if (token.kind == HtmlToken::Kind::Open)
            open(token);
        else
            close(token.name);
    }

    void addStyleSheet(const HtmlToken &token)
    {
        const QString media = token.attribute(u"media").trimmed();
        const QString rules = token.text.toString();
        m_page.styleSheet += media.isEmpty()
            ? cleanStyleSheet(rules, m_naming, m_scheme)
            : cleanStyleSheet(QLatin1String("@media ") + media + u'{' + rules + u'}', m_naming, m_scheme);
    }

    /// One that has a name stays in its place; of any other, the words that stand for it.
    void addPicture(const HtmlToken &token)
    {
        const QString name = m_naming(token.attribute(u"src"));
        if (name.isEmpty()) {
            m_result += token.attribute(u"alt").toHtmlEscaped();
            return;
        }
        m_result += QLatin1String("<img src=\"") + name + u'"';
        for (const char16_t *kept :
            {u"alt", u"width", u"height", u"align", u"border", u"class", u"id", u"style"}) {
            const QString attribute = QString::fromUtf16(kept);
            addAttribute(token.name, attribute, token.attribute(attribute));
        }
        m_result += u'>';
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
        if (m_open.size() >= deepestElement)
            return;
        m_tables += isTable ? 1 : 0;
        if (m_tables > deepestTable && tableElements().contains(token.name)) {
            if (token.name == QLatin1String("td") || token.name == QLatin1String("th"))
                m_result += QLatin1String("<br>"); // a cell too deep for a table is a line of its own
            return;
        }
        endImplied(token.name);
        m_result += u'<' + token.name;
        for (const auto &[name, value] : token.attributes)
            addAttribute(token.name, name, value);
        m_result += u'>';
        if (token.isVoid())
            return;
        m_open.append(token.name);
        ++m_counts[token.name];
    }

    /// HTML 13.1.2.4: a list's item, a row, a cell or a paragraph ends where the next one begins, unless
    /// something around the next one began in between.
    void endImplied(const QString &name)
    {
        struct Rule
        {
            QStringList opening, ended, around;
        };
        static const auto split = [](const char *list) { return QString::fromLatin1(list).split(u' '); };
        static const QList<Rule> rules = {{split("li"), split("li"), split("ul ol table")},
            {split("dt dd"), split("dt dd"), split("dl table")},
            {split("td th"), split("td th"), split("table")}, {split("tr"), split("tr"), split("table")},
            {split("tbody thead tfoot"), split("tbody thead tfoot"), split("table")},
            {split("p div table ul ol dl pre hr blockquote h1 h2 h3 h4 h5 h6 address article aside figure "
                   "footer "
                   "header main nav section"),
                split("p"),
                split("td th li dd div blockquote center table article aside figure footer header main nav "
                      "section")}};
        for (const Rule &rule : rules) {
            if (!rule.opening.contains(name))
                continue;
            qsizetype at = m_open.size() - 1;
            while (at >= 0 && !rule.ended.contains(m_open.at(at)) && !rule.around.contains(m_open.at(at)))
                --at;
            if (at >= 0 && rule.ended.contains(m_open.at(at)))
                while (m_open.size() > at)
                    closeLast();
        }
    }

    void addAttribute(const QString &element, const QString &name, const QString &value)
    {
        QString safe;
        if (name == QLatin1String("href") && element == QLatin1String("a"))
            safe = cleanLink(value);
        else if (name == QLatin1String("style"))
            safe = cleanDeclarations(value, m_naming);
        else if (name == QLatin1String("class") || name == QLatin1String("id"))
            safe = cleanNames(value);
        else if (name == QLatin1String("background"))
            safe = m_naming(value);
        else if (name == QLatin1String("face") && isPlainValue(value, u" ,.-'"))
            safe = value;
        else if (name == QLatin1String("alt"))
            safe = value.left(200);
        else if (allowedAttributes().contains(name) && isPlainValue(value, u" #%.,-")
            && hasSmallNumbers(value, largestNumbers().value(name, 999999999)))
            safe = isWord(name) ? value.toLower() : value;
        if (!safe.isEmpty())
            m_result += u' ' + name + QLatin1String("=\"") + safe.toHtmlEscaped() + u'"';
    }

    /// Each element is opened and closed once, so popping is linear in all.
    void close(const QString &name)
    {
        if (m_tables > deepestTable && tableElements().contains(name)) {
            m_tables -= name == QLatin1String("table") ? 1 : 0;
            return;
        }
        if (m_counts.value(name) == 0)
            return;
        while (m_open.constLast() != name)
            closeLast();
        closeLast();
    }

    void closeLast()
    {
        const QString name = m_open.takeLast();
        const int left = --m_counts[name];
        if (name == QLatin1String("table"))
            m_tables = left;
        m_result += QLatin1String("</") + name + u'>';
    }

    HtmlPage &m_page;
    const PictureNaming m_naming;
    const ColorScheme m_scheme;
    QString &m_result = m_page.html;
    QStringList m_open;
    QHash<QString, int> m_counts;
    int m_tables = 0; ///< open ones, those too deep to be shown as tables too
};

void cleanWith(HtmlPictures::Kept kept, HtmlPage &page, const QString &html, const QSet<QString> &contentIds,
    ColorScheme scheme)
{
    HtmlPictures pictures(page, contentIds, kept);
    Cleaner(
        page, [&pictures](const QString &reference) { return pictures.name(reference); }, scheme)
        .run(html);
}

} // namespace

void cleanInto(HtmlPage &page, const QString &html, const QSet<QString> &contentIds, ColorScheme scheme)
{
    page.isInQuirksMode = page.isInQuirksMode || asksForQuirks(html);
    cleanWith(HtmlPictures::Kept::All, page, html, contentIds, scheme);
}

HtmlPage withPicturesNamed(const HtmlPage &page, const PictureNaming &naming)
{
    HtmlPage named;
    named.isInQuirksMode = page.isInQuirksMode;
    Cleaner(named, naming).run(page.html);
    named.styleSheet = cleanStyleSheet(page.styleSheet, naming);
    return named;
}

QString cleanHtml(const QString &html, const QSet<QString> &contentIds)
{
    HtmlPage page;
    cleanWith(HtmlPictures::Kept::OfMessage, page, html, contentIds, ColorScheme::Light);
    return page.html;
}

} // namespace glasspost::mail
