#include "mail/message/cssvalues.h"

#include <QHash>
#include <QSet>
#include <QStringList>

#include <algorithm>
#include <cmath>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestCssName = 100;
constexpr qsizetype mostValueTokens = 60; // tokens

QSet<QString> cssWords(const char *list)
{
    const QStringList names = QString::fromLatin1(list).split(u' ');
    return {names.cbegin(), names.cend()};
}

const QSet<QString> &allowedProperties()
{
    static const QSet<QString> names = cssWords(
        "align-content align-items align-self "
        "background background-attachment background-color background-image background-position "
        "background-repeat background-size border border-bottom border-bottom-color "
        "border-bottom-left-radius border-bottom-right-radius border-bottom-style border-bottom-width "
        "border-collapse border-color border-left border-left-color border-left-style border-left-width "
        "border-radius border-right border-right-color border-right-style border-right-width border-spacing "
        "border-style border-top border-top-color border-top-left-radius border-top-right-radius "
        "border-top-style border-top-width border-width box-sizing clear color column-gap direction display "
        "flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap float font font-family "
        "font-size font-style font-variant font-weight gap grid-column grid-row grid-template-columns "
        "grid-template-rows height justify-content justify-items justify-self line-height list-style "
        "list-style-position list-style-type margin margin-bottom margin-left margin-right margin-top "
        "max-height max-width min-height min-width order overflow padding padding-bottom padding-left "
        "padding-right padding-top row-gap text-align text-decoration text-indent text-transform "
        "vertical-align "
        "visibility white-space width");
    return names;
}

QString displayAs(const QString &word)
{
    static const QSet<QString> kept = cssWords(
        "block flex grid inherit inline inline-block inline-flex inline-grid inline-table list-item none "
        "table table-caption table-cell table-column table-column-group table-footer-group "
        "table-header-group table-row table-row-group");
    if (word == QLatin1String("flow-root"))
        return QStringLiteral("block");
    return kept.contains(word) ? word : QString();
}

const QSet<QString> &units()
{
    static const QSet<QString> names = cssWords("% px pt em rem ex in cm mm pc vw vh fr");
    return names;
}

/// What is laid out grows with it.
double largestNumber(const QString &property, const QString &unit)
{
    const bool isLarge = unit == QLatin1String("em") || unit == QLatin1String("rem")
        || unit == QLatin1String("in") || unit == QLatin1String("cm") || unit == QLatin1String("pc");
    if (property == QLatin1String("font") && unit.isEmpty())
        return 900; // its weight
    if (property == QLatin1String("font-size") || property == QLatin1String("font"))
        return isLarge ? 20 : unit == QLatin1String("%") ? 1000 : 200;
    if (property == QLatin1String("font-weight"))
        return 900;
    if (property.startsWith(QLatin1String("grid-")) && unit.isEmpty())
        return 100; // lines and tracks
    if (property == QLatin1String("line-height"))
        return isLarge || unit.isEmpty() ? 20 : 500;
    return isLarge ? 100 : 2000;
}

QString numberText(double number)
{
    QString text = QString::number(number, 'f', 3);
    while (text.endsWith(u'0'))
        text.chop(1);
    if (text.endsWith(u'.'))
        text.chop(1);
    return text == QLatin1String("-0") ? QStringLiteral("0") : text;
}

bool isFontName(QStringView text)
{
    return text.size() <= longestCssName && std::all_of(text.cbegin(), text.cend(), [](QChar c) {
        return (c.unicode() < 0x80 && c.isLetterOrNumber()) || c == u' ' || c == u'-' || c == u'_'
            || c == u'.';
    });
}

bool isHexColour(QStringView text)
{
    return (text.size() == 3 || text.size() == 6) && std::all_of(text.cbegin(), text.cend(), [](QChar c) {
        return QStringView(u"0123456789abcdefABCDEF").contains(c);
    });
}

bool takesPicture(const QString &property)
{
    return property == QLatin1String("background") || property == QLatin1String("background-image");
}

/// Writes the tokens of one value, or finds that one of them may not stay.
class ValueWriter
{
public:
    ValueWriter(const QString &property, const PictureNaming &pictures)
        : m_property(property), m_pictures(pictures)
    { }

    QString write(const CssTokenList &value)
    {
        for (m_at = 0; m_at < value.size() && m_isAllowed; ++m_at)
            take(value);
        if (!m_text.contains(u'#') && !m_text.contains(QLatin1String("rgb")))
            m_text += u' ' + m_gradient;
        // A line of no style has no width (CSS 2.1 8.5.3), which engines forget.
        static const QSet<QString> lines
            = cssWords("border border-bottom border-left border-right border-top");
        if (lines.contains(m_property) && m_text.trimmed() == QLatin1String("none"))
            m_text = QStringLiteral("0 none");
        return m_isAllowed ? m_text.trimmed() : QString();
    }

private:
    void take(const CssTokenList &value)
    {
        const CssToken &token = value.at(m_at);
        switch (token.kind) {
        case CssToken::Kind::Blank:
            m_text += u' ';
            break;
        case CssToken::Kind::Identifier:
            addWord(token.text);
            break;
        case CssToken::Kind::Number:
            addNumber(token);
            break;
        case CssToken::Kind::Hash:
            m_isAllowed = isHexColour(token.text);
            m_text += u'#' + token.text;
            break;
        case CssToken::Kind::Text:
            m_isAllowed = m_property.startsWith(QLatin1String("font")) && isFontName(token.text);
            m_text += u'\'' + token.text + u'\'';
            break;
        case CssToken::Kind::Url:
            addPicture(token.text);
            break;
        case CssToken::Kind::Function:
            addFunction(value);
            break;
        case CssToken::Kind::Delimiter:
            m_isAllowed = token.is(u',') || token.is(u'/');
            m_text += token.delimiter;
            break;
        case CssToken::Kind::AtKeyword:
        case CssToken::Kind::Bad:
        case CssToken::Kind::End:
            m_isAllowed = false;
            break;
        }
    }

    void addWord(const QString &word)
    {
        const bool isDisplay = m_property == QLatin1String("display");
        const QString written = isDisplay ? displayAs(word.toLower()) : word;
        m_isAllowed = isCssName(written);
        m_text += written;
    }

    void addNumber(const CssToken &token)
    {
        m_isAllowed = (token.text.isEmpty() || units().contains(token.text)) && std::isfinite(token.number)
            && std::abs(token.number) <= largestNumber(m_property, token.text);
        const bool isFont = m_property == QLatin1String("font") || m_property == QLatin1String("font-weight");
        if (isFont && token.text.isEmpty() && token.number >= 100) // a weight, of which engines know two
            m_text += token.number >= 600 ? QLatin1String("bold") : QLatin1String("normal");
        else if (token.text == QLatin1String("ex")) // which engines leave out
            m_text += numberText(token.number / 2) + QLatin1String("em");
        else
            m_text += numberText(token.number) + token.text;
    }

    void addPicture(const QString &reference)
    {
        const QString name = takesPicture(m_property) ? m_pictures(reference) : QString();
        m_isAllowed = !name.isEmpty();
        m_text += QLatin1String("url('") + name + QLatin1String("')");
    }

    /// A colour by its parts, or a picture whose name stands in quotes.
    void addFunction(const CssTokenList &value)
    {
        const QString name = value.at(m_at).text.toLower();
        if (m_property == QLatin1String("background") && name.endsWith(QLatin1String("-gradient")))
            return addGradient(value);
        if (m_property.startsWith(QLatin1String("grid-template-"))
            && (name == QLatin1String("repeat") || name == QLatin1String("minmax")))
            return addTracks(name, value);
        CssTokenList arguments;
        while (++m_at < value.size() && !value.at(m_at).is(u')'))
            if (value.at(m_at).kind != CssToken::Kind::Blank)
                arguments += value.at(m_at);
        if (name == QLatin1String("url") && arguments.size() == 1
            && arguments.constFirst().kind == CssToken::Kind::Text)
            addPicture(arguments.constFirst().text);
        else if (name == QLatin1String("rgb") || name == QLatin1String("rgba"))
            addColour(arguments);
        else
            m_isAllowed = false;
    }

    /// An engine without gradients gets the first color of one, where the value has no other: what stands on
    /// it is often white.
    void addGradient(const CssTokenList &value)
    {
        const QString before = m_text;
        for (int depth = 1; depth > 0 && ++m_at < value.size() && m_isAllowed;) {
            const CssToken &token = value.at(m_at);
            const bool isColor = token.kind == CssToken::Kind::Hash
                || (token.kind == CssToken::Kind::Function && token.text.startsWith(QLatin1String("rgb")));
            if (isColor) {
                take(value);
                if (m_gradient.isEmpty())
                    m_gradient = m_text.sliced(before.size());
                m_text = before;
            } else {
                depth += token.opens() ? 1 : token.closes() ? -1 : 0;
            }
        }
    }

    void addTracks(const QString &function, const CssTokenList &value)
    {
        m_text += function + u'(';
        while (m_isAllowed && ++m_at < value.size() && !value.at(m_at).is(u')'))
            take(value);
        m_text += u')';
    }

    /// With commas or without, the opacity behind a "/" or a comma.
    void addColour(const CssTokenList &arguments)
    {
        QStringList parts;
        for (const CssToken &token : arguments) {
            if (token.is(u',') || token.is(u'/'))
                continue;
            const bool isPercentage = token.text == QLatin1String("%");
            m_isAllowed = m_isAllowed && token.kind == CssToken::Kind::Number
                && (isPercentage || token.text.isEmpty());
            const bool isOpacity = parts.size() == 3;
            const double whole = isOpacity ? 1 : 255;
            const double part = isPercentage ? token.number * whole / 100 : token.number;
            parts += numberText(qBound(0.0, isOpacity ? part : std::round(part), whole));
        }
        m_isAllowed = m_isAllowed && (parts.size() == 3 || parts.size() == 4);
        m_text
            += (parts.size() == 4 ? QLatin1String("rgba(") : QLatin1String("rgb(")) + parts.join(u',') + u')';
    }

    const QString &m_property;
    const PictureNaming &m_pictures;
    QString m_text;
    QString m_gradient; ///< its first color
    qsizetype m_at = 0;
    bool m_isAllowed = true;
};

} // namespace

QList<CssTokenList> splitCss(const CssTokenList &tokens, char16_t separator)
{
    QList<CssTokenList> parts(1);
    int depth = 0;
    for (const CssToken &token : tokens) {
        if (depth == 0 && token.is(separator)) {
            parts.append(CssTokenList());
            continue;
        }
        depth = qMax(0, depth + (token.opens() ? 1 : token.closes() ? -1 : 0));
        parts.last().append(token);
    }
    return parts;
}

CssTokenList trimmedCss(CssTokenList tokens)
{
    const auto isBlank = [](const CssToken &token) { return token.kind == CssToken::Kind::Blank; };
    while (!tokens.isEmpty() && isBlank(tokens.constFirst()))
        tokens.removeFirst();
    while (!tokens.isEmpty() && isBlank(tokens.constLast()))
        tokens.removeLast();
    return tokens;
}

bool isCssName(QStringView text)
{
    return !text.isEmpty() && text.size() <= longestCssName
        && std::all_of(text.cbegin(), text.cend(),
            [](QChar c) { return (c.unicode() < 0x80 && c.isLetterOrNumber()) || c == u'-' || c == u'_'; });
}

bool isCssPropertyAllowed(const QString &property)
{
    return allowedProperties().contains(property);
}

QString cleanCssValue(const QString &property, const CssTokenList &value, const PictureNaming &pictures)
{
    return value.size() > mostValueTokens ? QString() : ValueWriter(property, pictures).write(value);
}

} // namespace glasspost::mail
