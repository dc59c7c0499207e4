#include "mail/checks/contrast.h"
#include "mail/checks/htmlcheck.h"

#include <QHash>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace glasspost::mail {

namespace {

// WCAG 2.1, 1.4.3.
constexpr double askedRatio = 4.5;
constexpr double askedRatioOfLarge = 3;
constexpr double largePixels = 24; // 18 points
constexpr double largeBoldPixels = 18.66; // 14 points
constexpr double pixelsOfPoint = 4.0 / 3;
constexpr double usualPixels = 16;
constexpr double largeHeadingPixels = 32, smallerHeadingPixels = 24; // h1 and h2 where nothing else is said

/// What an element says of itself by its attributes, as far as contrast goes.
struct OwnLook
{
    QString color, background; ///< as written; empty where it says nothing
    double pixels = 0; ///< of its letters; 0 where it says nothing
    bool isBold = false;
    bool isTiny = false; ///< its letters are not to be seen: the text that lists show beside the subject
    bool isHidden = false;
    bool isSelectable = false; ///< has a class or an id, so that a style sheet may say more
};

using Declarations = QHash<QString, QString>;

/// Of a style attribute, in small letters. The last of a name counts, as CSS has it.
Declarations declarationsOf(const QString &style)
{
    Declarations declarations;
    for (const QString &declaration : style.toLower().split(u';', Qt::SkipEmptyParts)) {
        QString value = declaration.section(u':', 1);
        value.remove(QStringLiteral("!important"));
        declarations.insert(declaration.section(u':', 0, 0).trimmed(), value.trimmed());
    }
    return declarations;
}

/// 0 where it says nothing. One that depends on others is taken for large where it may be.
double pixelsOf(const QString &size)
{
    static const QRegularExpression length(QStringLiteral("^(\\d*\\.?\\d+)(px|pt|em|rem|%)$"));
    const QRegularExpressionMatch match = length.match(size);
    const double number = match.captured(1).toDouble();
    const QString unit = match.captured(2);
    if (unit == u"px" || unit == u"pt")
        return unit == u"pt" ? number * pixelsOfPoint : number;
    return number > (unit == u"%" ? 100 : 1) ? largePixels : 0;
}

bool isTinySize(const QString &size)
{
    static const QRegularExpression tiny(QStringLiteral("^(0|0?\\.0+|[012](\\.\\d+)?(px|pt)|0(em|rem|%))$"));
    return tiny.match(size).hasMatch();
}

double usualPixelsOf(const HtmlElement &element)
{
    if (element.name == u"h1" || (element.name == u"font" && element.attribute(u"size").toInt() > 4))
        return largeHeadingPixels;
    return element.name == u"h2" ? smallerHeadingPixels : 0;
}

bool isHiddenBy(const QString &style)
{
    static const QRegularExpression hiding(
        QStringLiteral("display\\s*:\\s*none|visibility\\s*:\\s*hidden|mso-hide\\s*:\\s*all|"
                       "(?:^|[;\\s])(max-height|opacity|line-height|width|height)\\s*:\\s*0(px|pt|%"
                       ")?\\s*(;|!|$)"),
        QRegularExpression::CaseInsensitiveOption);
    return hiding.match(style).hasMatch();
}

OwnLook lookOf(const HtmlElement &element)
{
    const QString style = element.attribute(u"style").left(10'000);
    OwnLook look;
    look.isSelectable = element.has(u"class") || element.has(u"id");
    look.isBold = element.name == u"b" || element.name == u"strong" || element.name == u"th"
        || (element.name.size() == 2 && element.name.startsWith(u'h') && element.name.at(1).isDigit());
    look.isHidden = element.has(u"hidden") || isHiddenBy(style);
    look.color = element.name == u"body" ? element.attribute(u"text") : element.attribute(u"color");
    look.background = element.has(u"background") ? QStringLiteral("picture") : element.attribute(u"bgcolor");
    if (element.name == u"a" && element.has(u"href"))
        look.color = QStringLiteral("link"); // the client's own
    look.pixels = usualPixelsOf(element);
    if (style.isEmpty())
        return look;
    const Declarations declared = declarationsOf(style);
    for (const QString &property : {QStringLiteral("background"), QStringLiteral("background-color")})
        look.background = declared.value(property, look.background);
    if (declared.contains(QStringLiteral("background-image")))
        look.background = QStringLiteral("picture");
    look.color = declared.value(QStringLiteral("color"), look.color);
    if (const QString size = declared.value(QStringLiteral("font-size")); !size.isEmpty()) {
        look.pixels = pixelsOf(size);
        look.isTiny = isTinySize(size);
    }
    const QString weight = declared.value(QStringLiteral("font-weight"));
    look.isBold = look.isBold || weight == u"bold" || weight.toInt() >= 700;
    return look;
}

/// What text looks like; no colors where they cannot be known from the elements around it.
struct TextLook
{
    std::optional<SolidColor> color, background;
    bool isLarge = false;
};

class ContrastCheck
{
public:
    ContrastCheck(const CheckedHtml &html, Findings &findings) : m_html(html), m_findings(findings)
    {
        for (const HtmlElement &element : html.document.elements())
            m_looks += lookOf(element);
        for (const HtmlStyleSheet &sheet : html.document.styleSheets())
            readSheet(sheet.text.toLower());
    }

    void run()
    {
        for (const HtmlTextRun &text : m_html.document.texts()) {
            const auto isSeen = [](QChar c) { return c.isLetterOrNumber(); };
            if (text.parent >= 0 && std::any_of(text.text.cbegin(), text.text.cend(), isSeen))
                check(text);
        }
    }

private:
    /// Its words, among which are the elements that it selects.
    void readSheet(const QString &css)
    {
        if (!css.contains(u"color") && !css.contains(u"background"))
            return;
        m_hasSheetColors = true;
        static const QRegularExpression word(QStringLiteral("[a-z][a-z0-9]*"));
        for (auto found = word.globalMatch(css); found.hasNext();)
            m_sheetWords += found.next().captured();
        static const QRegularExpression any(QStringLiteral("(?<!/)\\*(?!/)|\\["));
        m_selectsAny = m_selectsAny || any.match(css).hasMatch();
    }

    [[nodiscard]] bool maySheetColor(int element) const
    {
        return m_hasSheetColors
            && (m_selectsAny || m_looks.at(element).isSelectable
                || m_sheetWords.contains(m_html.document.elements().at(element).name));
    }

    void check(const HtmlTextRun &text)
    {
        const TextLook look = lookAt(text.parent);
        if (!look.color || !look.background)
            return;
        const double ratio = contrastRatio(*look.color, *look.background);
        const double asked = look.isLarge ? askedRatioOfLarge : askedRatio;
        const QString pair = look.color->name() + look.background->name();
        if (ratio >= asked || m_known.contains(pair))
            return;
        m_known.insert(pair);
        m_html.add(m_findings, text.begin, FindingKind::ContrastLow,
            {QString::number(ratio, 'f', 1), QString::number(asked), look.color->name(),
                look.background->name(), quoted(text.text)});
    }

    /// Of the text in an element: the innermost that says something counts.
    [[nodiscard]] TextLook lookAt(int element) const
    {
        QString color, background;
        double pixels = 0;
        bool isBold = false;
        for (int at = element; at >= 0; at = m_html.document.elements().at(at).parent) {
            const OwnLook &own = m_looks.at(at);
            // A style sheet may color it where it does not do so itself.
            const bool isOpen = color.isEmpty() || background.isEmpty();
            if (own.isHidden || (pixels == 0 && own.isTiny) || (isOpen && maySheetColor(at)))
                return {};
            color = color.isEmpty() ? own.color : color;
            background
                = background.isEmpty() && own.background != u"transparent" ? own.background : background;
            pixels = pixels == 0 ? own.pixels : pixels;
            isBold = isBold || own.isBold;
        }
        if (color.isEmpty() && background.isEmpty())
            return {};
        TextLook look{solidColor(color.isEmpty() ? u"black" : QStringView(color)),
            solidColor(background.isEmpty() ? u"white" : QStringView(background)), false};
        pixels = pixels == 0 ? usualPixels : pixels;
        look.isLarge = pixels >= (isBold ? largeBoldPixels : largePixels);
        return look;
    }

    const CheckedHtml &m_html;
    Findings &m_findings;
    QList<OwnLook> m_looks; ///< by element
    QSet<QString> m_known; ///< pairs of colors
    QSet<QString> m_sheetWords;
    bool m_hasSheetColors = false, m_selectsAny = false; ///< m_selectsAny: by "*" or by an attribute
};

} // namespace

void checkContrast(const CheckedHtml &html, Findings &findings)
{
    ContrastCheck(html, findings).run();
}

} // namespace glasspost::mail
