#include "mail/checks/htmlcheck.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

/// The innermost element of that name around another one, itself among them; -1 when there is none.
int around(const HtmlDocument &document, int element, QStringView name)
{
    int at = element;
    while (at >= 0 && document.elements().at(at).name != name)
        at = document.elements().at(at).parent;
    return at;
}

void checkLanguage(const CheckedHtml &html, Findings &findings)
{
    const QList<HtmlElement> &elements = html.document.elements();
    const bool hasLanguage = std::any_of(elements.cbegin(), elements.cend(), [&](const HtmlElement &element) {
        // One just within the body may be around all of it: of many clients body and html are not what is
        // left.
        const bool isOutermost = element.parent < 0 || element.name == u"html" || element.name == u"body"
            || elements.at(element.parent).name == u"body";
        return isOutermost
            && !(element.attribute(u"lang") + element.attribute(u"xml:lang")).trimmed().isEmpty();
    });
    if (!hasLanguage)
        html.add(findings, 0, FindingKind::LanguageMissing);
}

bool needsAlt(const HtmlElement &element)
{
    const QString role = element.attribute(u"role");
    return element.name == u"img" && !element.has(u"alt") && role != u"presentation" && role != u"none"
        && element.attribute(u"aria-hidden") != u"true";
}

void checkLinkWords(const CheckedHtml &html, Findings &findings)
{
    const HtmlDocument &document = html.document;
    QList<bool> hasWords(document.elements().size(), false);
    const auto noteWords = [&](int element) {
        if (const int link = around(document, element, u"a"); link >= 0)
            hasWords[link] = true;
    };
    for (const HtmlTextRun &text : document.texts())
        if (!text.text.trimmed().isEmpty())
            noteWords(text.parent);
    for (int i = 0; i < document.elements().size(); ++i) {
        const HtmlElement &element = document.elements().at(i);
        for (const char16_t *name : {u"alt", u"aria-label", u"aria-labelledby", u"title"})
            if (!element.attribute(QString::fromUtf16(name)).trimmed().isEmpty())
                noteWords(i);
    }
    for (int i = 0; i < document.elements().size(); ++i) {
        const HtmlElement &element = document.elements().at(i);
        if (element.name == u"a" && element.has(u"href") && !hasWords.at(i))
            html.add(
                findings, element.begin, FindingKind::LinkWithoutWords, {quoted(element.attribute(u"href"))});
    }
}

/// A table that is there for the layout says so, else its cells are read out with their rows and columns.
void checkTables(const CheckedHtml &html, Findings &findings)
{
    const HtmlDocument &document = html.document;
    QList<bool> isOfData(document.elements().size(), false);
    for (int i = 0; i < document.elements().size(); ++i) {
        const QString &name = document.elements().at(i).name;
        const int table = name == u"th" || name == u"caption" ? around(document, i, u"table") : -1;
        if (table >= 0)
            isOfData[table] = true;
    }
    int count = 0;
    qsizetype first = 0;
    for (int i = 0; i < document.elements().size(); ++i) {
        const HtmlElement &element = document.elements().at(i);
        if (element.name != u"table" || isOfData.at(i) || !element.attribute(u"role").isEmpty())
            continue;
        first = count++ == 0 ? element.begin : first;
    }
    if (count > 0)
        html.add(findings, first, FindingKind::TableRoleMissing, {QString::number(count)});
}

} // namespace

void checkAccessibility(const CheckedHtml &html, Findings &findings)
{
    checkLanguage(html, findings);
    for (const HtmlElement &element : html.document.elements())
        if (needsAlt(element))
            html.add(findings, element.begin, FindingKind::AltMissing, {quoted(element.attribute(u"src"))});
    checkLinkWords(html, findings);
    checkTables(html, findings);
    checkContrast(html, findings);
}

} // namespace glasspost::mail
