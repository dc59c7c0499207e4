#include "mail/index/searchquery.h"

#include "mail/index/indexedtext.h"
#include "mail/index/messagetags.h"
#include "mail/index/searchvalues.h"

#include <algorithm>
#include <optional>

namespace glasspost::mail {

namespace {

/// What a part of the tree became: an FTS5 expression as long as it asks for text alone, so that FTS5 does as
/// much as it can; else SQL. Neither when it asks for nothing.
struct Condition
{
    QString match;
    QString sql;
    QVariantList values;

    [[nodiscard]] bool isEmpty() const { return match.isEmpty() && sql.isEmpty(); }
};

Condition inSql(const Condition &condition)
{
    if (condition.match.isEmpty())
        return condition;
    return {{}, QString(QLatin1String(searchedWords)) + u')', {condition.match}};
}

const char *columnsOf(SearchField field)
{
    switch (field) {
    case SearchField::From:
        return "sender";
    case SearchField::To:
        return "{recipients cc bcc envelope_to}";
    case SearchField::Cc:
        return "cc";
    case SearchField::Bcc:
        return "bcc";
    case SearchField::Subject:
        return "subject";
    case SearchField::Body:
        return "body";
    case SearchField::FileName:
        return "file_names";
    case SearchField::List:
        return "list";
    case SearchField::EnvelopeFrom:
        return "envelope_from";
    case SearchField::EnvelopeTo:
        return "envelope_to";
    case SearchField::Anywhere:
    case SearchField::Has:
    case SearchField::Is:
    case SearchField::In:
    case SearchField::Tag:
    case SearchField::Id:
    case SearchField::Session:
    case SearchField::Before:
    case SearchField::After:
    case SearchField::Date:
    case SearchField::Larger:
    case SearchField::Smaller:
        break;
    }
    return "";
}

Condition wordsCondition(const SearchTerm &term)
{
    const bool hasWord = std::any_of(term.text.cbegin(), term.text.cend(), [](QChar c) {
        return c.isLetterOrNumber() || c.isSurrogate() || c.category() == QChar::Symbol_Other;
    });
    if (!hasWord) // "!!!" is in no message
        return {{}, QStringLiteral("0"), {}};
    // What follows a NUL would be cut off by SQLite, the closing quote with it.
    QString text = term.text;
    text.replace(u'"', u' ').replace(QChar(0), u' ');
    const QString columns = QLatin1String(columnsOf(term.field));
    return {(columns.isEmpty() ? QString() : columns + QLatin1String(" : ")) + u'"' + indexedText(text) + u'"'
            + (term.isPrefix ? QLatin1String("*") : QLatin1String("")),
        {}, {}};
}

Condition folderCondition(const SearchTerm &term)
{
    // "alice/Sent", "Lists/qt": a Maildir++ name has dots between its levels.
    const QString name = term.text.toCaseFolded().replace(u'/', u'.');
    const QString after = name + (term.isPrefix ? QString() : QStringLiteral("."));
    const QString before = name + (term.isPrefix ? QStringLiteral("\U0010FFFF") : QStringLiteral("/"));
    return {{},
        QStringLiteral(
            "m.folder IN (SELECT id FROM folders WHERE ? IN (user_key, name_key, user_key || '.' || "
            "name_key) OR (name_key > ? AND name_key < ?))"),
        {name, after, before}};
}

Condition tagCondition(const SearchTerm &term)
{
    QString first = tagKey(term.text.simplified());
    if (term.isPrefix && first.endsWith(u'*'))
        first.chop(1);
    const QString last = first + (term.isPrefix ? QStringLiteral("\U0010FFFF") : QString());
    return {{}, QStringLiteral("m.id IN (SELECT message FROM tags WHERE tag_key BETWEEN ? AND ?)"),
        {first.isEmpty() ? QStringLiteral("") : first, last}};
}

Condition idCondition(const QString &column, const SearchTerm &term)
{
    QString id = term.text.trimmed();
    if (id.startsWith(u'<') && id.endsWith(u'>'))
        id = id.sliced(1, id.size() - 2);
    // An empty one is not NULL, which every message without this id has.
    return {{}, QStringLiteral("m.id IN (SELECT id FROM messages WHERE %1 IS ?)").arg(column),
        {id.isEmpty() ? QByteArray("") : id.toUtf8()}};
}

/// One of the words that an operator takes, or what may become one.
QString valueOf(const SearchTerm &term)
{
    const auto &operators = searchOperators();
    const auto known = std::find_if(operators.cbegin(), operators.cend(),
        [&term](const SearchOperator &one) { return one.field == term.field; });
    for (const QString &value : known->values) {
        if (value.compare(term.text, Qt::CaseInsensitive) == 0
            || (term.isPrefix && value.startsWith(term.text, Qt::CaseInsensitive)))
            return value;
    }
    return {};
}

/// The indexes begin with a folder: with any named they lead to the rows of all folders, too.
QString inAnyFolder(const QString &sql)
{
    return QStringLiteral("(m.folder IN (SELECT id FROM folders) AND %1)").arg(sql);
}

std::optional<Condition> stateCondition(const SearchTerm &term)
{
    static const QHash<QString, QString> states{
        {QStringLiteral("unread"), QStringLiteral("m.unread = 1")},
        {QStringLiteral("read"), QStringLiteral("m.unread = 0")},
        {QStringLiteral("flagged"), QStringLiteral("m.flags & 15 AND m.flags & 2")},
        {QStringLiteral("forwarded"), QStringLiteral("m.flags & 15 AND m.flags & 4")},
        {QStringLiteral("answered"), QStringLiteral("m.flags & 15 AND m.flags & 8")},
        {QStringLiteral("draft"), QStringLiteral("m.flags & 15 AND m.flags & 1")},
        {QStringLiteral("attachment"), QStringLiteral("m.attachments = 1")},
        {QStringLiteral("attachments"), QStringLiteral("m.attachments = 1")},
    };
    const QString sql = states.value(valueOf(term));
    return sql.isEmpty() ? std::nullopt : std::optional(Condition{{}, inAnyFolder(sql), {}});
}

std::optional<Condition> dateCondition(const SearchTerm &term, const QDate &today)
{
    const auto days = readDays(term.text, today);
    if (!days)
        return {};
    const auto start = [](const QDate &day) { return day.startOfDay().toSecsSinceEpoch(); };
    const QString notBefore = QStringLiteral("m.date >= ?"), before = QStringLiteral("m.date < ?");
    if (term.field == SearchField::After && days->first.isValid())
        return Condition{{}, notBefore, {start(days->first)}};
    if (term.field == SearchField::Before && days->first.isValid())
        return Condition{{}, before, {start(days->first)}};
    if (term.field != SearchField::Date)
        return {};
    if (!days->end.isValid())
        return Condition{{}, notBefore, {start(days->first)}};
    if (!days->first.isValid())
        return Condition{{}, before, {start(days->end)}};
    return Condition{{}, u'(' + notBefore + QLatin1String(" AND ") + before + u')',
        {start(days->first), start(days->end)}};
}

std::optional<Condition> sizeCondition(const SearchTerm &term)
{
    const auto octets = readSize(term.text);
    if (!octets)
        return {};
    const bool isLarger = term.field == SearchField::Larger;
    return Condition{
        {}, inAnyFolder(isLarger ? QStringLiteral("m.size > ?") : QStringLiteral("m.size < ?")), {*octets}};
}

/// Nothing where the operator cannot take that value.
std::optional<Condition> termCondition(const SearchTerm &term, const QDate &today)
{
    switch (term.field) {
    case SearchField::Has:
    case SearchField::Is:
        return stateCondition(term);
    case SearchField::In:
        return folderCondition(term);
    case SearchField::Tag:
        return tagCondition(term);
    case SearchField::Id:
        return idCondition(QStringLiteral("message_id"), term);
    case SearchField::Session:
        return idCondition(QStringLiteral("session"), term);
    case SearchField::Before:
    case SearchField::After:
    case SearchField::Date:
        return dateCondition(term, today);
    case SearchField::Larger:
    case SearchField::Smaller:
        return sizeCondition(term);
    case SearchField::Anywhere:
    case SearchField::From:
    case SearchField::To:
    case SearchField::Cc:
    case SearchField::Bcc:
    case SearchField::Subject:
    case SearchField::Body:
    case SearchField::FileName:
    case SearchField::List:
    case SearchField::EnvelopeFrom:
    case SearchField::EnvelopeTo:
        break;
    }
    return wordsCondition(term);
}

QString joined(const QStringList &parts, const char *word)
{
    return parts.size() == 1 ? parts.constFirst()
                             : u'(' + parts.join(QLatin1Char(' ') + QLatin1String(word) + u' ') + u')';
}

class Translation
{
public:
    explicit Translation(const QDate &today) : m_today(today) { }

    Condition condition(const SearchNode &node)
    {
        switch (node.kind) {
        case SearchNode::Kind::All:
            return all(node.children);
        case SearchNode::Kind::Any:
            return any(node.children);
        case SearchNode::Kind::Not:
            return negated(node.children.constFirst());
        case SearchNode::Kind::Term:
            break;
        }
        return term(node.term);
    }

    /// Of all terms that no Not stands above.
    [[nodiscard]] QString snippets() const { return m_wanted.join(QLatin1String(" OR ")); }
    [[nodiscard]] const QList<SearchNotice> &notices() const { return m_notices; }

private:
    Condition all(const QList<SearchNode> &children)
    {
        QStringList wanted, unwanted;
        Condition rest;
        QStringList others;
        const auto add = [&](const Condition &other) {
            others.append(other.sql);
            rest.values += other.values;
        };
        for (const SearchNode &child : children) {
            const bool isNegative = child.kind == SearchNode::Kind::Not;
            const Condition one = isNegative ? beneathNot(child.children.constFirst()) : condition(child);
            if (!one.match.isEmpty())
                (isNegative ? unwanted : wanted).append(one.match);
            else if (!one.sql.isEmpty())
                add(isNegative ? inverse(one) : one);
        }
        // FTS5 has no NOT without something before it.
        Condition words;
        if (!wanted.isEmpty())
            words.match = joined(wanted, "AND");
        if (!unwanted.isEmpty() && words.match.isEmpty())
            add(inverse({joined(unwanted, "OR"), {}, {}}));
        else if (!unwanted.isEmpty())
            words.match = u'(' + words.match + QLatin1String(" NOT ") + joined(unwanted, "OR") + u')';
        if (others.isEmpty())
            return words;
        if (!words.isEmpty())
            add(inSql(words));
        rest.sql = joined(others, "AND");
        return rest;
    }

    Condition any(const QList<SearchNode> &children)
    {
        QStringList matches, others;
        Condition result;
        for (const SearchNode &child : children) {
            const Condition one = condition(child);
            if (!one.match.isEmpty())
                matches.append(one.match);
            else if (!one.sql.isEmpty())
                others.append(one.sql);
            result.values += one.values;
        }
        if (!matches.isEmpty())
            result.match = joined(matches, "OR");
        if (others.isEmpty())
            return result;
        if (!result.match.isEmpty()) {
            const Condition words = inSql({result.match, {}, {}});
            others.append(words.sql);
            result.values += words.values;
            result.match.clear();
        }
        result.sql = joined(others, "OR");
        return result;
    }

    Condition negated(const SearchNode &node) { return inverse(beneathNot(node)); }

    Condition beneathNot(const SearchNode &node)
    {
        const QStringList wanted = m_wanted;
        Condition result = condition(node);
        m_wanted = wanted;
        return result;
    }

    static Condition inverse(const Condition &condition)
    {
        Condition result = inSql(condition);
        if (!result.sql.isEmpty())
            result.sql = QLatin1String("NOT (") + result.sql + u')';
        return result;
    }

    Condition term(const SearchTerm &term)
    {
        Condition result;
        if (const auto understood = termCondition(term, m_today)) {
            result = *understood;
        } else {
            const auto &operators = searchOperators();
            const auto known = std::find_if(operators.cbegin(), operators.cend(),
                [&term](const SearchOperator &one) { return one.field == term.field; });
            const QString asTyped = known->name + u':' + term.text;
            m_notices.append({SearchNotice::Kind::UnknownValue, asTyped});
            result = wordsCondition({SearchField::Anywhere, asTyped, term.isPrefix});
        }
        if (!result.match.isEmpty())
            m_wanted.append(result.match);
        return result;
    }

    const QDate m_today;
    QStringList m_wanted;
    QList<SearchNotice> m_notices;
};

} // namespace

SearchQuery parseSearch(const QString &text, const QDate &today)
{
    const SearchTree tree = readSearch(text);
    Translation translation(today);
    const Condition whole = translation.condition(tree.root), sql = inSql(whole);
    return {sql.sql, whole.match, sql.values, translation.snippets(), tree.notices + translation.notices()};
}

} // namespace glasspost::mail
