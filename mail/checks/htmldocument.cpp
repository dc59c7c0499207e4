#include "mail/checks/htmldocument.h"

#include "mail/message/htmltokens.h"

#include <QSet>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr int mostOpen = 256;
constexpr int mostElements = 100'000;

QSet<QString> nameSet(const char *list)
{
    const QStringList all = QString::fromLatin1(list).split(u' ');
    return {all.begin(), all.end()};
}

/// HTML 13.1.2: without content, so without an end tag.
bool isVoidElement(const QString &name)
{
    static const QSet<QString> names = nameSet(
        "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr");
    return names.contains(name);
}

/// HTML 13.1.2.4: whose end tag may be left out.
bool hasOptionalEnd(const QString &name)
{
    static const QSet<QString> names = nameSet(
        "html head body li dt dd p rt rp optgroup option colgroup caption thead tbody tfoot tr td th");
    return names.contains(name);
}

/// Elements for one program alone, such as Word's "o:p" and "v:rect".
bool isOfOtherNamespace(const QString &name)
{
    return name.contains(u':');
}

struct ImpliedEnd
{
    QSet<QString> opening, ended, around;
};

/// A start tag of the first ends one of the second that is open, unless one of the third began in between.
const QList<ImpliedEnd> &impliedEnds()
{
    static const QList<ImpliedEnd> rules = {{nameSet("li"), nameSet("li"), nameSet("ul ol table")},
        {nameSet("dt dd"), nameSet("dt dd"), nameSet("dl table")},
        {nameSet("td th"), nameSet("td th"), nameSet("table")},
        {nameSet("tr"), nameSet("tr"), nameSet("table")},
        {nameSet("tbody thead tfoot"), nameSet("tbody thead tfoot caption colgroup"), nameSet("table")},
        {nameSet("option optgroup"), nameSet("option"), nameSet("select")},
        {nameSet("body"), nameSet("head"), {}},
        {nameSet("p div table ul ol dl pre hr blockquote h1 h2 h3 h4 h5 h6 address article aside figure "
                 "footer header "
                 "main nav section form fieldset"),
            nameSet("p"),
            nameSet(
                "td th li dd div blockquote center table article aside figure footer header main nav section "
                "button object")}};
    return rules;
}

} // namespace

bool HtmlElement::has(QStringView attribute) const
{
    return std::any_of(attributes.cbegin(), attributes.cend(),
        [attribute](const auto &one) { return one.first == attribute; });
}

QString HtmlElement::attribute(QStringView wanted) const
{
    for (const auto &[attributeName, value] : attributes)
        if (attributeName == wanted)
            return value.isNull() ? QStringLiteral("") : value;
    return {};
}

HtmlDocument::HtmlDocument(const QString &html)
{
    m_lineBegins += 0;
    for (qsizetype at = html.indexOf(u'\n'); at >= 0; at = html.indexOf(u'\n', at + 1))
        m_lineBegins += at + 1;
    read(html);
}

void HtmlDocument::read(const QString &html)
{
    using Kind = HtmlToken::Kind;
    HtmlTokens tokens(html, HtmlTokens::Elements::All);
    for (HtmlToken token = tokens.next(); token.kind != Kind::End && m_elements.size() < mostElements;
         token = tokens.next()) {
        if (token.isUnended)
            m_faults.append({MarkupFault::Kind::TagUnended,
                token.kind == Kind::Open || token.kind == Kind::Close ? token.name : QString(), token.begin});
        else if (token.kind == Kind::Comment)
            m_comments += token.begin;
        else if (token.kind == Kind::Declaration)
            m_hasDoctype = m_hasDoctype || token.text.startsWith(u"<!doctype", Qt::CaseInsensitive);
        else if (token.kind == Kind::Text)
            m_texts.append(
                {decodedEntities(token.text), m_open.isEmpty() ? -1 : m_open.constLast(), token.begin});
        else if (token.kind == Kind::Close)
            close(token.name, token.begin);
        else
            open(token, html);
    }
    popTo(0);
}

void HtmlDocument::add(const HtmlToken &token)
{
    m_elements.append({token.name, token.attributes, token.repeated,
        m_open.isEmpty() ? -1 : m_open.constLast(), token.begin});
}

void HtmlDocument::open(const HtmlToken &token, const QString &html)
{
    endImplied(token.name);
    add(token);
    const int element = int(m_elements.size()) - 1;
    if (token.kind == HtmlToken::Kind::StyleSheet) {
        m_styleSheets.append({token.text.toString(), element, token.text.data() - html.constData()});
        return;
    }
    if (token.isWhole || isVoidElement(token.name) || m_open.size() >= mostOpen)
        return;
    m_open += element;
    ++m_counts[token.name];
}

void HtmlDocument::endImplied(const QString &name)
{
    // HTML 13.2.6.4.7: in quirks mode a table is within the paragraph.
    const bool isInParagraph = name == u"table" && !m_hasDoctype;
    for (const ImpliedEnd &rule : impliedEnds()) {
        if (!rule.opening.contains(name) || isInParagraph)
            continue;
        qsizetype at = m_open.size() - 1;
        const auto nameAt
            = [this](qsizetype place) -> const QString & { return m_elements.at(m_open.at(place)).name; };
        while (at >= 0 && !rule.ended.contains(nameAt(at)) && !rule.around.contains(nameAt(at)))
            --at;
        if (at >= 0 && rule.ended.contains(nameAt(at)))
            popTo(at);
    }
}

/// What is still open beyond that ends here, whether or not it should have an end tag.
void HtmlDocument::popTo(qsizetype size)
{
    while (m_open.size() > size) {
        const HtmlElement &element = m_elements.at(m_open.takeLast());
        --m_counts[element.name];
        if (!hasOptionalEnd(element.name) && !isOfOtherNamespace(element.name))
            m_faults.append({MarkupFault::Kind::ElementUnclosed, element.name, element.begin});
    }
}

void HtmlDocument::close(const QString &name, qsizetype begin)
{
    if (m_counts.value(name) == 0) {
        // Past the deepest that is kept, end tags are not looked at; "</p>" and "</br>" make elements
        // (HTML 13.2.6.4.7).
        const bool isKnown = m_open.size() < mostOpen && !isOfOtherNamespace(name);
        if (isKnown)
            m_faults.append({MarkupFault::Kind::EndTagStray, name, begin});
        return;
    }
    qsizetype at = m_open.size() - 1;
    while (m_elements.at(m_open.at(at)).name != name)
        --at;
    popTo(at + 1);
    --m_counts[name];
    m_open.removeLast();
}

qint64 HtmlDocument::lineAt(qsizetype offset) const
{
    return std::upper_bound(m_lineBegins.cbegin(), m_lineBegins.cend(), offset) - m_lineBegins.cbegin();
}

bool HtmlDocument::isIn(int element, const QStringList &names) const
{
    for (int at = element; at >= 0; at = m_elements.at(at).parent)
        if (names.contains(m_elements.at(at).name))
            return true;
    return false;
}

} // namespace glasspost::mail
