#include "mail/checks/featuremarks.h"

#include "mail/message/csstokens.h"

namespace glasspost::mail {

namespace {

using TokenKind = CssToken::Kind;

/// What lies between braces and semicolons.
struct CssPiece
{
    QList<CssToken> tokens; ///< without blanks at its front
    qsizetype begin = 0;
};

class CssReader
{
public:
    CssReader(FeatureMarks &marks, QStringView css, CssForm form, qsizetype begin)
        : m_marks(marks), m_css(css), m_begin(begin), m_isInRule(form == CssForm::Declarations)
    { }

    void run()
    {
        if (m_css.contains(u"/*"))
            mark(QStringLiteral("comment css"), m_begin + m_css.indexOf(u"/*"));
        CssTokens tokens(m_css);
        int brackets = 0;
        for (qsizetype at = 0;; at = tokens.position()) {
            const CssToken token = tokens.next();
            const bool ends = token.kind == TokenKind::End;
            if (brackets == 0 && (ends || token.is(u';') || token.is(u'{') || token.is(u'}'))) {
                endPiece(token);
                if (ends)
                    return;
                continue;
            }
            if (ends)
                return endPiece(token);
            brackets += token.opens() && !token.is(u'{') ? 1 : 0;
            brackets -= brackets > 0 && (token.is(u')') || token.is(u']')) ? 1 : 0;
            take(token, at);
        }
    }

private:
    void mark(const QString &text, qsizetype begin)
    {
        MarkUse &use = m_marks[text];
        if (use.count++ == 0)
            use.begin = begin;
    }
    void mark(const char *kind, const QString &name)
    {
        mark(QString::fromLatin1(kind) + u' ' + name.toLower(), m_piece.begin);
    }

    void take(const CssToken &token, qsizetype at)
    {
        if (m_piece.tokens.isEmpty() && token.kind == TokenKind::Blank)
            return;
        if (m_piece.tokens.isEmpty())
            m_piece.begin = m_begin + at;
        m_piece.tokens += token;
    }

    void endPiece(const CssToken &end)
    {
        const bool isEmpty = m_piece.tokens.isEmpty();
        if (end.is(u'{'))
            openBlock();
        else if (!isEmpty && m_piece.tokens.constFirst().kind == TokenKind::AtKeyword)
            readAtRule();
        else if (!isEmpty)
            readDeclaration();
        if (end.is(u'}') && !m_blocks.isEmpty())
            m_isInRule = m_blocks.takeLast();
        m_piece = {};
    }

    /// m_blocks has what was around: whether a block is a rule's, in which another selector is nesting.
    void openBlock()
    {
        m_blocks += m_isInRule;
        if (!m_piece.tokens.isEmpty() && m_piece.tokens.constFirst().kind == TokenKind::AtKeyword) {
            m_isInRule = m_isInRule || m_piece.tokens.constFirst().text.endsWith(u"font-face");
            return readAtRule();
        }
        if (m_isInRule)
            mark(QStringLiteral("nesting"), m_piece.begin);
        m_isInRule = true;
        readSelectors();
    }

    void readAtRule()
    {
        const QString &name = m_piece.tokens.constFirst().text;
        mark("at", name);
        if (name != u"media")
            return;
        for (qsizetype i = 1; i < m_piece.tokens.size(); ++i) {
            const CssToken &token = m_piece.tokens.at(i);
            if (token.kind == TokenKind::Identifier && m_piece.tokens.at(i - 1).is(u'('))
                mark("media", token.text);
        }
    }

    void readDeclaration()
    {
        const QList<CssToken> &tokens = m_piece.tokens;
        qsizetype colon = 1;
        while (colon < tokens.size() && tokens.at(colon).kind == TokenKind::Blank)
            ++colon;
        if (tokens.constFirst().kind != TokenKind::Identifier || colon >= tokens.size()
            || !tokens.at(colon).is(u':'))
            return;
        const QString property = tokens.constFirst().text.toLower();
        if (property.startsWith(u"--"))
            mark(QStringLiteral("variable"), m_piece.begin);
        else
            mark("property", property);
        for (qsizetype i = colon + 1; i < tokens.size(); ++i)
            readValue(property, tokens.at(i), tokens.at(i - 1));
    }

    void readValue(const QString &property, const CssToken &token, const CssToken &before)
    {
        if (token.isIdentifier(QLatin1String("important")) && before.is(u'!'))
            return mark(QStringLiteral("important"), m_piece.begin);
        if (token.kind == TokenKind::Function) {
            mark("function", token.text);
        } else if (token.kind == TokenKind::Number && !token.text.isEmpty()) {
            mark("unit", token.text);
        } else if (token.kind == TokenKind::Identifier) {
            mark("value", property + u':' + token.text);
            mark("keyword", token.text);
        }
    }

    void readSelectors()
    {
        bool isCompound = false; // something was there since the last combinator
        bool isBlank = false;
        int brackets = 0;
        for (qsizetype i = 0; i < m_piece.tokens.size(); ++i) {
            const CssToken &token = m_piece.tokens.at(i);
            const CssToken before = i > 0 ? m_piece.tokens.at(i - 1) : CssToken();
            if (brackets > 0 || token.is(u'[') || token.is(u'(') || token.kind == TokenKind::Function) {
                brackets += token.opens() ? 1 : token.closes() ? -1 : 0;
                if (token.opens() && brackets == 1) {
                    if (isBlank && isCompound)
                        mark("selector", QStringLiteral("descendant"));
                    readOpening(token, before);
                    isBlank = false;
                    isCompound = true;
                }
                continue;
            }
            if (token.kind == TokenKind::Blank) {
                isBlank = true;
                continue;
            }
            const bool isCombinator = token.is(u'>') || token.is(u'+') || token.is(u'~') || token.is(u',');
            if (isCombinator)
                mark("selector", QString(token.delimiter));
            else if (isBlank && isCompound)
                mark("selector", QStringLiteral("descendant"));
            if (!isCombinator)
                readSimple(token, before, isCompound && !isBlank);
            isCompound = !isCombinator;
            isBlank = false;
        }
    }

    void readOpening(const CssToken &token, const CssToken &before)
    {
        if (token.is(u'['))
            mark("selector", QStringLiteral("[]"));
        else if (token.kind == TokenKind::Function && before.is(u':'))
            mark("pseudo", token.text);
    }

    void readSimple(const CssToken &token, const CssToken &before, bool isChained)
    {
        if (token.kind == TokenKind::Hash)
            mark("selector", QStringLiteral("id"));
        else if (token.is(u'*'))
            mark("selector", QStringLiteral("*"));
        else if (token.kind == TokenKind::Identifier && before.is(u'.'))
            mark("selector", QStringLiteral("class"));
        else if (token.kind == TokenKind::Identifier && before.is(u':'))
            mark("pseudo", token.text);
        else if (token.kind == TokenKind::Identifier)
            mark("selector", QStringLiteral("type"));
        if (isChained && (token.kind == TokenKind::Hash || token.is(u'.')))
            mark("selector", QStringLiteral("chaining"));
    }

    FeatureMarks &m_marks;
    const QStringView m_css;
    const qsizetype m_begin;
    CssPiece m_piece;
    QList<bool> m_blocks;
    bool m_isInRule;
};

} // namespace

void addCssMarks(FeatureMarks &marks, QStringView css, CssForm form, qsizetype begin)
{
    CssReader(marks, css, form, begin).run();
}

} // namespace glasspost::mail
