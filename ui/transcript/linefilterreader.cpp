#include "ui/transcript/linefilter.h"
#include "ui/words/addresstext.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

struct FilterWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::LineFilter)
};

struct FieldName
{
    FilterField field;
    const char *name;
    const char *example;
    const char *meaning;
};

constexpr std::array fieldNames = {
    FieldName{FilterField::Verb, "verb", "verb:RCPT",
        QT_TRANSLATE_NOOP("glasspost::ui::LineFilter", "a command and its reply")},
    FieldName{FilterField::Code, "code", "code:5xx",
        QT_TRANSLATE_NOOP(
            "glasspost::ui::LineFilter", "a reply and its command; also code:550, code:4.7 or code:5.1.1")},
    FieldName{FilterField::From, "from", "from:alice@",
        QT_TRANSLATE_NOOP(
            "glasspost::ui::LineFilter", "the transactions of a sender; from:<> for the null sender")},
    FieldName{FilterField::To, "to", "to:bob@",
        QT_TRANSLATE_NOOP("glasspost::ui::LineFilter", "RCPT commands for a recipient, and their replies")},
    FieldName{FilterField::Peer, "peer", "peer:192.0.2.1",
        QT_TRANSLATE_NOOP("glasspost::ui::LineFilter", "sessions with that address or name")},
    FieldName{FilterField::User, "user", "user:alice",
        QT_TRANSLATE_NOOP("glasspost::ui::LineFilter", "sessions in which that user signed in")},
    FieldName{FilterField::Session, "session", "session:K3F9X",
        QT_TRANSLATE_NOOP("glasspost::ui::LineFilter", "one session")},
    FieldName{FilterField::Who, "who", "who:server",
        QT_TRANSLATE_NOOP("glasspost::ui::LineFilter", "client, server or event")},
};

struct SpeakerName
{
    const char *name;
    smtp::Speaker speaker;
};
constexpr std::array speakerNames = {SpeakerName{"client", smtp::Speaker::Client},
    SpeakerName{"server", smtp::Speaker::Server}, SpeakerName{"event", smtp::Speaker::Event}};

bool isLetter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

bool isWildcard(QChar c)
{
    return c == u'x' || c == u'X' || c == u'*';
}

/// "5xx" for "5", "55*" and so on; empty when it is no such pattern.
QString codePattern(const QString &text)
{
    constexpr int codeLength = 3;
    if (text.size() > codeLength || text[0] < u'2' || text[0] > u'5')
        return {};
    QString pattern;
    for (const QChar c : text) {
        if (!isWildcard(c) && (c < u'0' || c > u'9'))
            return {};
        pattern += isWildcard(c) ? QChar(u'x') : c;
    }
    return pattern.leftJustified(codeLength, u'x');
}

/// Class, subject and detail of "5.1.1", "5.1" or "5.x.1"; empty when it is no such pattern.
QList<int> statusPattern(const QString &text)
{
    constexpr int mostNumber = 999;
    const QStringList parts = text.split(u'.');
    if (parts.size() < 2 || parts.size() > 3)
        return {};
    QList<int> numbers;
    for (const QString &part : parts) {
        bool isNumber = false;
        const int number = part.toInt(&isNumber);
        if (part.size() == 1 && isWildcard(part[0]))
            numbers.append(-1);
        else if (isNumber && number >= 0 && number <= mostNumber)
            numbers.append(number);
        else
            return {};
    }
    const bool isClass = numbers[0] == -1 || numbers[0] == 2 || numbers[0] == 4 || numbers[0] == 5;
    return isClass ? numbers : QList<int>();
}

/// Whether the value is one that the field takes; works out what matching needs.
bool complete(FilterTerm &term)
{
    switch (term.field) {
    case FilterField::Code:
        if (term.text.contains(u'.'))
            term.status = statusPattern(term.text);
        else
            term.digits = codePattern(term.text);
        return !term.status.isEmpty() || !term.digits.isEmpty();
    case FilterField::Who: {
        const auto found
            = std::find_if(speakerNames.begin(), speakerNames.end(), [&](const SpeakerName &known) {
                  return QLatin1String(known.name).startsWith(term.text, Qt::CaseInsensitive);
              });
        if (found == speakerNames.end())
            return false;
        term.who = found->speaker;
        return true;
    }
    case FilterField::Session:
        if (term.text.startsWith(u'#'))
            term.text.remove(0, 1);
        return !term.text.isEmpty();
    case FilterField::From:
    case FilterField::To:
        // As in the commands themselves: "FROM:<alice@example.org>".
        if (term.text.startsWith(u'<'))
            term.text.remove(0, 1);
        if (term.text.endsWith(u'>'))
            term.text.chop(1);
        return true;
    case FilterField::Text:
    case FilterField::Verb:
    case FilterField::Peer:
    case FilterField::User:
        return true;
    }
    return true;
}

class FilterReader
{
public:
    explicit FilterReader(const QString &text) : m_text(text) { }

    LineFilter read()
    {
        m_filter.root = any(0);
        return std::move(m_filter);
    }

private:
    FilterNode any(int depth)
    {
        FilterNode node{FilterNode::Kind::Any, {}, {}};
        bool isJoined = false;
        for (bool goesOn = true; goesOn; isJoined |= goesOn) {
            const FilterNode part = all(depth);
            goesOn = takeWord(QLatin1String("OR"));
            if (part != FilterNode())
                node.children.append(part);
            else if (goesOn || isJoined)
                note(FilterNotice::Kind::NothingToJoin, QStringLiteral("OR"));
        }
        if (node.children.isEmpty())
            return {};
        return node.children.size() == 1 ? node.children.takeFirst() : node;
    }

    FilterNode all(int depth)
    {
        FilterNode node;
        while (skipBlanks() && !isAtWord(QLatin1String("OR"))) {
            if (m_text[m_at] == u')') {
                if (m_ignored == 0 && depth > 0)
                    break;
                if (m_ignored == 0)
                    note(FilterNotice::Kind::UnopenedBracket, {});
                m_ignored = std::max(0, m_ignored - 1);
                ++m_at;
            } else if (!takeWord(QLatin1String("AND"))) {
                if (const FilterNode part = negated(depth); part != FilterNode())
                    node.children.append(part);
            }
        }
        return node.children.size() == 1 ? node.children.takeFirst() : node;
    }

    FilterNode negated(int depth)
    {
        bool isNegative = false;
        while (takeNot())
            isNegative = !isNegative;
        const bool isAtEnd = !skipBlanks() || m_text[m_at] == u')' || isAtWord(QLatin1String("OR"));
        if (isAtEnd) {
            if (isNegative)
                note(FilterNotice::Kind::NothingToJoin, QStringLiteral("NOT"));
            return {};
        }
        const FilterNode node = m_text[m_at] == u'(' ? bracket(depth + 1) : term(depth);
        if (!isNegative || node == FilterNode())
            return node;
        return {FilterNode::Kind::Not, {node}, {}};
    }

    FilterNode bracket(int depth)
    {
        ++m_at;
        if (depth > deepestFilter) {
            ++m_ignored;
            note(FilterNotice::Kind::TooLong, {});
            return {};
        }
        const FilterNode node = any(depth);
        if (m_at < m_text.size())
            ++m_at;
        else
            note(FilterNotice::Kind::UnclosedBracket, {});
        return node;
    }

    FilterNode term(int depth)
    {
        const qsizetype begin = m_at;
        FilterTerm term{takeField(), {}, {}, {}, smtp::Speaker::Event};
        const QString name = m_text.sliced(begin, std::max<qsizetype>(0, m_at - begin - 1));
        const bool isQuoted = m_at < m_text.size() && m_text[m_at] == u'"';
        term.text = isQuoted ? takeQuoted() : takeUntilBlank(depth);
        if (++m_terms > mostFilterTerms) {
            note(FilterNotice::Kind::TooLong, {});
            m_at = m_text.size();
            return {};
        }
        if (term.text.isEmpty()) {
            if (term.field != FilterField::Text)
                note(FilterNotice::Kind::MissingValue, name);
            return {};
        }
        if (!complete(term)) {
            const QString typed = m_text.sliced(begin, m_at - begin);
            note(FilterNotice::Kind::InvalidValue, typed);
            term = {FilterField::Text, typed, {}, {}, smtp::Speaker::Event};
        }
        m_filter.asksForReply |= term.field == FilterField::Code;
        return {FilterNode::Kind::Term, {}, term};
    }

    FilterField takeField()
    {
        qsizetype end = m_at;
        while (end < m_text.size() && isLetter(m_text[end]))
            ++end;
        if (end == m_at || end == m_text.size() || m_text[end] != u':')
            return FilterField::Text;
        const QStringView name = QStringView(m_text).sliced(m_at, end - m_at);
        for (const FieldName &known : fieldNames) {
            if (name.compare(QLatin1String(known.name), Qt::CaseInsensitive) == 0) {
                m_at = end + 1;
                return known.field;
            }
        }
        // Not of "C:\file", "https://host" and "Note: this".
        if (name.size() > 1 && !isBlank(end + 1) && m_text[end + 1] != u'/')
            note(FilterNotice::Kind::UnknownField, name.toString());
        return FilterField::Text;
    }

    QString takeQuoted()
    {
        const qsizetype begin = m_at + 1, end = m_text.indexOf(u'"', begin);
        if (end < 0)
            note(FilterNotice::Kind::UnclosedQuote, {});
        m_at = end < 0 ? m_text.size() : end + 1;
        return m_text.sliced(begin, (end < 0 ? m_text.size() : end) - begin);
    }

    QString takeUntilBlank(int depth)
    {
        const qsizetype begin = m_at;
        while (!isBlank(m_at) && !(m_text[m_at] == u')' && depth > 0))
            ++m_at;
        return m_text.sliced(begin, m_at - begin);
    }

    bool takeNot()
    {
        // A dash between words is none.
        while (skipBlanks() && m_text[m_at] == u'-' && isBlank(m_at + 1))
            ++m_at;
        if (m_at == m_text.size() || m_text[m_at] != u'-')
            return takeWord(QLatin1String("NOT"));
        ++m_at;
        return true;
    }

    bool takeWord(QLatin1String word)
    {
        if (!isAtWord(word))
            return false;
        m_at += word.size();
        return true;
    }

    [[nodiscard]] bool isAtWord(QLatin1String word) const
    {
        const qsizetype end = m_at + word.size();
        return QStringView(m_text).sliced(m_at).startsWith(word)
            && (isBlank(end) || m_text[end] == u'(' || m_text[end] == u')');
    }

    /// False at the end of the text.
    bool skipBlanks()
    {
        while (m_at < m_text.size() && m_text[m_at].isSpace())
            ++m_at;
        return m_at < m_text.size();
    }

    [[nodiscard]] bool isBlank(qsizetype at) const { return at >= m_text.size() || m_text[at].isSpace(); }

    void note(FilterNotice::Kind kind, const QString &text)
    {
        const FilterNotice notice{kind, text};
        if (!m_filter.notices.contains(notice))
            m_filter.notices.append(notice);
    }

    const QString &m_text;
    qsizetype m_at = 0;
    int m_terms = 0;
    int m_ignored = 0; ///< brackets that were too deep and are open
    LineFilter m_filter;
};

} // namespace

LineFilter parseLineFilter(const QString &text)
{
    return FilterReader(text).read();
}

QString noticeText(const FilterNotice &notice)
{
    const QString text = safeLine(notice.text);
    switch (notice.kind) {
    case FilterNotice::Kind::UnknownField:
        return FilterWords::tr("“%1:” is not a field; searched as text").arg(text);
    case FilterNotice::Kind::InvalidValue:
        return FilterWords::tr("“%1” has an invalid value; searched as text").arg(text);
    case FilterNotice::Kind::MissingValue:
        return FilterWords::tr("“%1:” needs a value").arg(text);
    case FilterNotice::Kind::UnclosedBracket:
        return FilterWords::tr("A bracket is not closed");
    case FilterNotice::Kind::UnopenedBracket:
        return FilterWords::tr("A closing bracket has no opening one");
    case FilterNotice::Kind::UnclosedQuote:
        return FilterWords::tr("A quotation mark is not closed");
    case FilterNotice::Kind::NothingToJoin:
        return FilterWords::tr("%1 has nothing to join").arg(text);
    case FilterNotice::Kind::TooLong:
        return FilterWords::tr("The filter is too long; the rest is ignored");
    }
    return {};
}

QString filterHelp()
{
    QStringList lines{FilterWords::tr("Text shows the lines that contain it. Fields:")};
    for (const FieldName &known : fieldNames)
        lines << QStringLiteral("%1 – %2").arg(QLatin1String(known.example), FilterWords::tr(known.meaning));
    lines << FilterWords::tr("“two words” in quotation marks, -not, OR, (brackets)");
    return lines.join(u'\n');
}

} // namespace glasspost::ui
