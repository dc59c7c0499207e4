#include "mail/index/searchtree.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

struct Token
{
    enum class Kind { Term, Open, Close, Not, And, Or };
    Kind kind = Kind::Term;
    SearchTerm term; ///< of Open: its field alone
};

bool isNameCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'-';
}

/// Cuts the text into tokens, with as many Close as Open at any place, and no more than deepestSearch open.
class SearchLexer
{
public:
    explicit SearchLexer(const QString &text) : m_text(text) { }

    QList<Token> tokens()
    {
        while (m_at < m_text.size() && m_terms <= mostSearchTerms) {
            if (m_text[m_at].isSpace())
                ++m_at;
            else
                take();
        }
        return std::move(m_tokens);
    }
    [[nodiscard]] const QList<SearchNotice> &notices() const { return m_notices; }

private:
    void take()
    {
        const QChar c = m_text[m_at];
        if (c == u'-' && isBlank(m_at + 1))
            ++m_at; // a dash between words
        else if (c == u'-')
            add(Token::Kind::Not, 1);
        else if (c == u')' && m_open > 0)
            close();
        else if (!takeKeyword())
            takeTerm();
    }

    bool takeKeyword()
    {
        static constexpr struct
        {
            QLatin1String word;
            Token::Kind kind;
        } keywords[] = {{QLatin1String("OR"), Token::Kind::Or}, {QLatin1String("AND"), Token::Kind::And},
            {QLatin1String("NOT"), Token::Kind::Not}};
        for (const auto &[word, kind] : keywords) {
            if (QStringView(m_text).sliced(m_at).startsWith(word) && isEnd(m_at + word.size())) {
                add(kind, word.size());
                return true;
            }
        }
        return false;
    }

    void takeTerm()
    {
        const SearchField field = takeOperator();
        if (m_at < m_text.size() && m_text[m_at] == u'(') {
            open(field);
            return;
        }
        if (++m_terms > mostSearchTerms) {
            m_notices.append({SearchNotice::Kind::TooLong, {}});
            return;
        }
        SearchTerm term{field, {}, false};
        if (m_at < m_text.size() && m_text[m_at] == u'"')
            term.text = takeQuoted();
        else
            takeWord(term);
        m_tokens.append({Token::Kind::Term, term});
    }

    SearchField takeOperator()
    {
        qsizetype end = m_at;
        while (end < m_text.size() && isNameCharacter(m_text[end]))
            ++end;
        if (end == m_text.size() || m_text[end] != u':')
            return SearchField::Anywhere;
        const QStringView name = QStringView(m_text).sliced(m_at, end - m_at);
        for (const SearchOperator &known : searchOperators()) {
            if (name.compare(known.name, Qt::CaseInsensitive) == 0) {
                m_at = end + 1;
                return known.field;
            }
        }
        // Not of "C:\file", "https://host" and "Note: this".
        if (name.size() > 1 && !isEnd(end + 1) && m_text[end + 1] != u'/')
            m_notices.append({SearchNotice::Kind::UnknownOperator, name.toString()});
        return SearchField::Anywhere;
    }

    QString takeQuoted()
    {
        const qsizetype begin = m_at + 1, end = m_text.indexOf(u'"', begin);
        m_at = end < 0 ? m_text.size() : end + 1;
        return m_text.sliced(begin, (end < 0 ? m_text.size() : end) - begin);
    }

    void takeWord(SearchTerm &term)
    {
        const qsizetype begin = m_at;
        while (!isEnd(m_at))
            ++m_at;
        term.text = m_text.sliced(begin, m_at - begin);
        term.isPrefix = m_at == m_text.size() || term.text.endsWith(u'*');
    }

    void open(SearchField field)
    {
        ++m_at;
        if (++m_open <= deepestSearch)
            m_tokens.append({Token::Kind::Open, {field, {}, false}});
    }

    void close()
    {
        ++m_at;
        if (m_open-- <= deepestSearch)
            m_tokens.append({Token::Kind::Close, {}});
    }

    void add(Token::Kind kind, qsizetype length)
    {
        m_at += length;
        m_tokens.append({kind, {}});
    }

    [[nodiscard]] bool isBlank(qsizetype at) const { return at >= m_text.size() || m_text[at].isSpace(); }
    /// Of a word: a blank, or a bracket that closes one.
    [[nodiscard]] bool isEnd(qsizetype at) const { return isBlank(at) || (m_text[at] == u')' && m_open > 0); }

    const QString &m_text;
    qsizetype m_at = 0;
    int m_open = 0;
    int m_terms = 0;
    QList<Token> m_tokens;
    QList<SearchNotice> m_notices;
};

class SearchParser
{
public:
    explicit SearchParser(const QList<Token> &tokens) : m_tokens(tokens) { }

    SearchNode search(SearchField field = SearchField::Anywhere)
    {
        SearchNode any{SearchNode::Kind::Any, {all(field)}, {}};
        while (takes(Token::Kind::Or))
            any.children.append(all(field));
        return any.children.size() == 1 ? any.children.takeFirst() : any;
    }

private:
    SearchNode all(SearchField field)
    {
        SearchNode all;
        for (bool isFirst = true; m_at < m_tokens.size() && !isAt(Token::Kind::Close); isFirst = false) {
            if (!isFirst && isAt(Token::Kind::Or))
                break;
            if (!isFirst)
                takes(Token::Kind::And);
            if (const SearchNode node = part(field); node != SearchNode())
                all.children.append(node);
        }
        return all.children.size() == 1 ? all.children.takeFirst() : all;
    }

    SearchNode part(SearchField field)
    {
        bool isNegative = false;
        while (takes(Token::Kind::Not))
            isNegative = !isNegative;
        SearchNode node;
        if (isAt(Token::Kind::Open)) {
            const SearchField own = m_tokens.at(m_at++).term.field;
            node = search(own == SearchField::Anywhere ? field : own);
            takes(Token::Kind::Close);
        } else if (m_at < m_tokens.size() && !isAt(Token::Kind::Close)) {
            node = term(m_tokens.at(m_at++), field);
        }
        if (!isNegative || node == SearchNode())
            return node;
        return {SearchNode::Kind::Not, {node}, {}};
    }

    /// OR and AND with nothing before them are words.
    static SearchNode term(const Token &token, SearchField field)
    {
        SearchTerm term = token.term;
        if (token.kind != Token::Kind::Term)
            term.text = token.kind == Token::Kind::Or ? QStringLiteral("OR") : QStringLiteral("AND");
        if (term.field == SearchField::Anywhere)
            term.field = field;
        if (term.text.isEmpty()) // "from:" asks for nothing yet
            return {};
        return {SearchNode::Kind::Term, {}, term};
    }

    [[nodiscard]] bool isAt(Token::Kind kind) const
    {
        return m_at < m_tokens.size() && m_tokens.at(m_at).kind == kind;
    }

    bool takes(Token::Kind kind)
    {
        if (!isAt(kind))
            return false;
        ++m_at;
        return true;
    }

    const QList<Token> &m_tokens;
    qsizetype m_at = 0;
};

} // namespace

const QList<SearchOperator> &searchOperators()
{
    static const QList<SearchOperator> operators{
        {SearchField::From, QStringLiteral("from"), {}},
        {SearchField::To, QStringLiteral("to"), {}},
        {SearchField::Cc, QStringLiteral("cc"), {}},
        {SearchField::Bcc, QStringLiteral("bcc"), {}},
        {SearchField::Subject, QStringLiteral("subject"), {}},
        {SearchField::Body, QStringLiteral("body"), {}},
        {SearchField::FileName, QStringLiteral("filename"), {}},
        {SearchField::Has, QStringLiteral("has"),
            {QStringLiteral("attachment"), QStringLiteral("attachments")}},
        {SearchField::Is, QStringLiteral("is"),
            {QStringLiteral("unread"), QStringLiteral("read"), QStringLiteral("flagged"),
                QStringLiteral("answered"), QStringLiteral("forwarded"), QStringLiteral("draft")}},
        {SearchField::In, QStringLiteral("in"), {}},
        {SearchField::Tag, QStringLiteral("tag"), {}},
        {SearchField::Date, QStringLiteral("date"), {}},
        {SearchField::After, QStringLiteral("after"), {}},
        {SearchField::Before, QStringLiteral("before"), {}},
        {SearchField::Larger, QStringLiteral("larger"), {}},
        {SearchField::Smaller, QStringLiteral("smaller"), {}},
        {SearchField::List, QStringLiteral("list"), {}},
        {SearchField::Id, QStringLiteral("id"), {}},
        {SearchField::Session, QStringLiteral("session"), {}},
        {SearchField::EnvelopeFrom, QStringLiteral("envelope-from"), {}},
        {SearchField::EnvelopeTo, QStringLiteral("envelope-to"), {}},
    };
    return operators;
}

SearchTree readSearch(const QString &text)
{
    SearchLexer lexer(text);
    const QList<Token> tokens = lexer.tokens();
    return {SearchParser(tokens).search(), lexer.notices()};
}

} // namespace glasspost::mail
