#include "mail/message/cssvalues.h"

#include <QSet>
#include <QStringList>

#include <algorithm>
#include <optional>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestSelector = 60; // tokens
constexpr qsizetype mostSelectors = 200; // of one rule
constexpr double widestScreen = 10000;

/// Writes one selector from its tokens, or finds that it may not stay.
class SelectorWriter
{
public:
    explicit SelectorWriter(const CssTokenList &tokens) : m_tokens(tokens) { }

    QString write()
    {
        while (m_at < m_tokens.size() && m_isAllowed)
            take();
        return m_isAllowed ? m_text : QString();
    }

private:
    [[nodiscard]] const CssToken &token() const { return m_tokens.at(m_at); }

    void take()
    {
        if (token().kind == CssToken::Kind::Blank || token().is(u'>') || token().is(u'+') || token().is(u'~'))
            addCombinator();
        else if (token().is(u'.'))
            addClass();
        else if (token().is(u'['))
            addAttribute();
        else if (token().is(u':'))
            addPseudoClass();
        else
            addSimple();
    }

    void addSimple()
    {
        if (token().is(u'*'))
            m_text += u'*';
        else if (token().kind == CssToken::Kind::Identifier && isCssName(token().text))
            m_text += token().text.toLower();
        else if (token().kind == CssToken::Kind::Hash && isCssName(token().text))
            m_text += u'#' + token().text;
        else
            m_isAllowed = false;
        ++m_at;
    }

    void addCombinator()
    {
        QChar combinator = u' ';
        while (m_at < m_tokens.size()
            && (token().kind == CssToken::Kind::Blank || token().is(u'>') || token().is(u'+')
                || token().is(u'~'))) {
            if (token().kind == CssToken::Kind::Delimiter) {
                m_isAllowed = m_isAllowed && combinator == u' ';
                combinator = token().delimiter;
            }
            ++m_at;
        }
        m_isAllowed = m_isAllowed && !m_text.isEmpty() && m_at < m_tokens.size();
        m_text += combinator;
    }

    void addClass()
    {
        ++m_at;
        m_isAllowed
            = m_at < m_tokens.size() && token().kind == CssToken::Kind::Identifier && isCssName(token().text);
        if (m_isAllowed)
            m_text += u'.' + token().text;
        ++m_at;
    }

    /// [name] or [name operator value].
    void addAttribute()
    {
        QString text;
        for (++m_at; m_at < m_tokens.size() && !token().is(u']'); ++m_at) {
            const bool isWord = token().kind == CssToken::Kind::Identifier && isCssName(token().text);
            const bool isText = token().kind == CssToken::Kind::Text && isCssName(token().text);
            const bool isOperator = token().kind == CssToken::Kind::Delimiter
                && QStringView(u"=~^*$|").contains(token().delimiter);
            if (isWord || isText)
                text += text.isEmpty() ? token().text.toLower() : u'"' + token().text + u'"';
            else if (isOperator && !text.isEmpty())
                text += token().delimiter;
            else if (token().kind != CssToken::Kind::Blank)
                m_isAllowed = false;
        }
        m_isAllowed = m_isAllowed && m_at < m_tokens.size() && !text.isEmpty();
        m_text += u'[' + text + u']';
        ++m_at;
    }

    /// Nothing is ever visited or pointed at here; every link is one that could be followed.
    void addPseudoClass()
    {
        static const QSet<QString> kept = {QStringLiteral("first-child"), QStringLiteral("last-child"),
            QStringLiteral("only-child"), QStringLiteral("first-of-type"), QStringLiteral("last-of-type")};
        ++m_at;
        const QString name = m_at < m_tokens.size() && token().kind == CssToken::Kind::Identifier
            ? token().text.toLower()
            : QString();
        if (kept.contains(name))
            m_text += u':' + name;
        else
            m_isAllowed = name == QLatin1String("link") && !m_text.isEmpty();
        ++m_at;
    }

    const CssTokenList &m_tokens;
    QString m_text;
    qsizetype m_at = 0;
    bool m_isAllowed = true;
};

/// "(max-width:600px)"; empty for one that always holds; none for one that never does, or is not known.
std::optional<QString> mediaFeature(const CssTokenList &tokens, ColorScheme scheme)
{
    const QList<CssTokenList> parts = splitCss(tokens, u':');
    const CssTokenList name = trimmedCss(parts.constFirst());
    const CssTokenList value = parts.size() == 2 ? trimmedCss(parts.constLast()) : CssTokenList();
    if (name.size() != 1 || value.size() != 1 || name.constFirst().kind != CssToken::Kind::Identifier)
        return std::nullopt;
    const QString feature = name.constFirst().text.toLower();
    if (feature == QLatin1String("prefers-color-scheme"))
        return value.constFirst().isIdentifier(QLatin1String(scheme == ColorScheme::Dark ? "dark" : "light"))
            ? std::optional(QString())
            : std::nullopt;
    static const QSet<QString> widths = {QStringLiteral("width"), QStringLiteral("min-width"),
        QStringLiteral("max-width"), QStringLiteral("device-width"), QStringLiteral("min-device-width"),
        QStringLiteral("max-device-width")};
    const CssToken &number = value.constFirst();
    if (!widths.contains(feature) || number.kind != CssToken::Kind::Number || number.number < 0
        || number.number > widestScreen || !(number.text == QLatin1String("px") || number.number == 0))
        return std::nullopt;
    return QStringLiteral("(%1:%2px)").arg(feature).arg(int(number.number));
}

/// One query: a type, and features behind "and".
std::optional<QString> mediaQuery(const CssTokenList &tokens, ColorScheme scheme)
{
    QStringList conditions;
    QString type = QStringLiteral("all");
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const CssToken &token = tokens.at(i);
        const bool isLinking
            = token.isIdentifier(QLatin1String("and")) || token.isIdentifier(QLatin1String("only"));
        if (token.kind == CssToken::Kind::Blank || isLinking)
            continue;
        if (token.isIdentifier(QLatin1String("screen")) || token.isIdentifier(QLatin1String("all"))) {
            type = token.text.toLower();
        } else if (token.is(u'(')) {
            CssTokenList inner;
            while (++i < tokens.size() && !tokens.at(i).is(u')'))
                inner += tokens.at(i);
            const std::optional<QString> feature = mediaFeature(inner, scheme);
            if (!feature)
                return std::nullopt;
            if (!feature->isEmpty())
                conditions += *feature;
        } else {
            return std::nullopt;
        }
    }
    conditions.prepend(type);
    return conditions.join(QLatin1String(" and "));
}

} // namespace

QString cleanCssSelectors(const CssTokenList &prelude)
{
    QStringList kept;
    const QList<CssTokenList> selectors = splitCss(prelude, u',');
    for (const CssTokenList &selector : selectors) {
        const CssTokenList tokens = trimmedCss(selector);
        if (tokens.isEmpty() || tokens.size() > longestSelector || kept.size() >= mostSelectors)
            continue;
        const QString text = SelectorWriter(tokens).write();
        if (!text.isEmpty())
            kept += text;
    }
    return kept.join(u',');
}

QString cleanMediaQueries(const CssTokenList &prelude, ColorScheme scheme)
{
    QStringList kept;
    const QList<CssTokenList> queries = splitCss(prelude, u',');
    for (const CssTokenList &query : queries)
        if (const std::optional<QString> text = mediaQuery(trimmedCss(query), scheme))
            kept += *text;
    return kept.join(u',');
}

} // namespace glasspost::mail
