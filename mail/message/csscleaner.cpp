#include "mail/message/csscleaner.h"

#include "mail/message/cssvalues.h"

namespace glasspost::mail {

namespace {

constexpr qsizetype longestStyle = 8 * 1024; // of an attribute
constexpr qsizetype longestSheet = 512 * 1024;
constexpr int mostRules = 4000; // each is held against each element

/// Property, value and "!important" of one declaration.
QString cleanDeclaration(const CssTokenList &tokens, const PictureNaming &pictures)
{
    CssTokenList declaration = trimmedCss(tokens);
    if (declaration.size() < 3 || declaration.constFirst().kind != CssToken::Kind::Identifier)
        return {};
    const QString property = declaration.takeFirst().text.toLower();
    declaration = trimmedCss(declaration);
    if (!isCssPropertyAllowed(property) || declaration.isEmpty() || !declaration.takeFirst().is(u':'))
        return {};
    const QList<CssTokenList> parts = splitCss(declaration, u'!');
    const CssTokenList mark = parts.size() == 2 ? trimmedCss(parts.constLast()) : CssTokenList();
    const bool isImportant = mark.size() == 1 && mark.constFirst().isIdentifier(QLatin1String("important"));
    if (parts.size() > 1 && !isImportant)
        return {};
    const QString value = cleanCssValue(property, trimmedCss(parts.constFirst()), pictures);
    if (value.isEmpty())
        return {};
    return property + u':' + value + (isImportant ? QLatin1String("!important;") : QLatin1String(";"));
}

QString cleanBlock(const CssTokenList &tokens, const PictureNaming &pictures)
{
    QString result;
    const QList<CssTokenList> declarations = splitCss(tokens, u';');
    for (const CssTokenList &declaration : declarations)
        result += cleanDeclaration(declaration, pictures);
    return result;
}

/// Walks through a sheet rule by rule (CSS Syntax 5.4.1); a block within @media is walked through likewise.
class SheetCleaner
{
public:
    SheetCleaner(QStringView css, const PictureNaming &pictures, ColorScheme scheme)
        : m_tokens(css), m_ahead(m_tokens.next()), m_pictures(pictures), m_scheme(scheme)
    { }

    QString run()
    {
        while (m_ahead.kind != CssToken::Kind::End && m_rules < mostRules) {
            if (m_ahead.kind == CssToken::Kind::Blank || m_ahead.closes() || m_ahead.is(u';'))
                endMedia(take());
            else if (m_ahead.kind == CssToken::Kind::AtKeyword)
                takeAtRule();
            else
                takeRule();
        }
        endMedia(CssToken{CssToken::Kind::Delimiter, {}, 0, u'}'});
        return m_result;
    }

private:
    CssToken take() { return std::exchange(m_ahead, m_tokens.next()); }

    /// Up to a "{", which is taken too, or a ";" or "}" outside of brackets, which is left.
    CssTokenList takePrelude()
    {
        CssTokenList prelude;
        int depth = 0;
        while (m_ahead.kind != CssToken::Kind::End) {
            if (depth == 0 && (m_ahead.is(u'{') || m_ahead.is(u';') || m_ahead.is(u'}')))
                break;
            depth = qMax(0, depth + (m_ahead.opens() ? 1 : m_ahead.closes() ? -1 : 0));
            prelude += take();
        }
        m_hasBlock = m_ahead.is(u'{');
        if (m_hasBlock)
            take();
        return prelude;
    }

    /// Behind its "{", up to the "}" that closes it.
    CssTokenList takeBlock()
    {
        CssTokenList block;
        int depth = 0;
        while (m_ahead.kind != CssToken::Kind::End && !(depth == 0 && m_ahead.is(u'}'))) {
            depth = qMax(0, depth + (m_ahead.opens() ? 1 : m_ahead.closes() ? -1 : 0));
            block += take();
        }
        take();
        return block;
    }

    void takeAtRule()
    {
        const QString name = take().text;
        const CssTokenList prelude = takePrelude();
        if (!m_hasBlock)
            return;
        const bool isMedia = name == QLatin1String("media") && m_media.isNull();
        const QString queries = isMedia ? cleanMediaQueries(trimmedCss(prelude), m_scheme) : QString();
        if (queries.isEmpty()) {
            takeBlock();
            return;
        }
        m_media = queries;
        m_outer = std::exchange(m_result, QString());
    }

    /// A "}" ends the block of @media; it is left out where no rule is left in it.
    void endMedia(const CssToken &token)
    {
        if (!token.is(u'}') || m_media.isNull())
            return;
        const QString rules = std::exchange(m_result, std::exchange(m_outer, QString()));
        if (!rules.isEmpty())
            m_result += QLatin1String("@media ") + m_media + u'{' + rules + u'}';
        m_media = QString();
    }

    void takeRule()
    {
        const CssTokenList prelude = takePrelude();
        if (!m_hasBlock)
            return;
        const QString selectors = cleanCssSelectors(prelude);
        const CssTokenList block = takeBlock();
        const QString declarations = selectors.isEmpty() ? QString() : cleanBlock(block, m_pictures);
        if (declarations.isEmpty())
            return;
        m_result += selectors + u'{' + declarations + u'}';
        ++m_rules;
    }

    CssTokens m_tokens;
    CssToken m_ahead;
    const PictureNaming &m_pictures;
    const ColorScheme m_scheme;
    QString m_result, m_outer;
    QString m_media; ///< null outside of @media
    int m_rules = 0;
    bool m_hasBlock = false;
};

} // namespace

QString cleanDeclarations(QStringView style, const PictureNaming &pictures)
{
    CssTokenList tokens;
    CssTokens all(style.left(longestStyle));
    for (CssToken token = all.next(); token.kind != CssToken::Kind::End; token = all.next())
        tokens += token;
    return cleanBlock(tokens, pictures);
}

QString cleanStyleSheet(QStringView css, const PictureNaming &pictures, ColorScheme scheme)
{
    return SheetCleaner(css.left(longestSheet), pictures, scheme).run();
}

} // namespace glasspost::mail
