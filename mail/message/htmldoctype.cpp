#include "mail/message/htmldoctype.h"

#include <QRegularExpression>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestDoctype = 1000;

/// Public identifiers of the standard's list begin so; those whose makers are gone are not among them.
constexpr QStringView identifiersOfQuirks[] = {u"-//W3C//DTD HTML 3", u"-//W3C//DTD HTML 4.0 Transitional//",
    u"-//W3C//DTD HTML 4.0 Frameset//", u"-//W3C//DTD HTML Experimental ", u"-//W3C//DTD W3 HTML",
    u"-//W3O//DTD W3 HTML", u"-//IETF//DTD HTML", u"-//Microsoft//DTD Internet Explorer",
    u"-//Netscape Comm. Corp.//DTD", u"-//SoftQuad"};
/// These as well, unless a system identifier follows.
constexpr QStringView identifiersOfQuirksAlone[]
    = {u"-//W3C//DTD HTML 4.01 Transitional//", u"-//W3C//DTD HTML 4.01 Frameset//"};

/// What the doctype holds; empty where something else comes first, but for blanks, comments and what is read
/// as a comment.
QStringView doctypeIn(QStringView html)
{
    constexpr QStringView passedOver = u" \t\n\r\f\uFEFF";
    while (true) {
        while (!html.isEmpty() && passedOver.contains(html.front()))
            html = html.sliced(1);
        constexpr QStringView opening = u"<!doctype";
        const bool isDoctype = html.startsWith(opening, Qt::CaseInsensitive);
        const bool isComment = html.startsWith(u"<!--");
        if (!isDoctype && !html.startsWith(u"<!") && !html.startsWith(u"<?"))
            return {};
        const QStringView close = isComment ? u"-->" : u">";
        const qsizetype end = html.indexOf(close, 2);
        if (end < 0)
            return {};
        if (isDoctype)
            return html.mid(opening.size(), std::min(end - opening.size(), longestDoctype));
        html = html.sliced(end + close.size());
    }
}

template <typename List> bool beginsAs(const QString &identifier, const List &list)
{
    return std::any_of(std::begin(list), std::end(list),
        [&identifier](QStringView one) { return identifier.startsWith(one, Qt::CaseInsensitive); });
}

} // namespace

bool asksForQuirks(QStringView html)
{
    static const QRegularExpression form(
        QStringLiteral(R"(^\s*html(?:\s+system\s*["'][^"']*["'].*)"
                       R"(|\s+public\s*(["'])(?<public>[^"']*)\1\s*(?<system>["'][^"']*["'].*)?)?\s*$)"),
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = form.match(doctypeIn(html).toString());
    const QString identifier = match.captured(QStringLiteral("public"));
    return !match.hasMatch() || beginsAs(identifier, identifiersOfQuirks)
        || (match.captured(QStringLiteral("system")).isEmpty()
            && beginsAs(identifier, identifiersOfQuirksAlone));
}

} // namespace glasspost::mail
