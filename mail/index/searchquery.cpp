#include "mail/index/searchquery.h"

#include "mail/index/indexedtext.h"

#include <QDateTime>
#include <QStringList>

#include <algorithm>
#include <optional>

namespace glasspost::mail {

namespace {

struct Term
{
    QString key; ///< "from", "to" ... lower-case, empty for a plain word
    QString text;
    bool isNegative = false;
    bool isQuoted = false;
    bool isLast = false;
};

const QStringList &keys()
{
    static const QStringList known = {QStringLiteral("from"), QStringLiteral("to"), QStringLiteral("subject"),
        QStringLiteral("before"), QStringLiteral("after"), QStringLiteral("has")};
    return known;
}

Term takeTerm(const QString &text, qsizetype &at)
{
    Term term;
    if (text[at] == QLatin1Char('-') && at + 1 < text.size() && !text[at + 1].isSpace()) {
        term.isNegative = true;
        ++at;
    }
    for (const QString &key : keys()) {
        if (QStringView(text).sliced(at).startsWith(QString(key + QLatin1Char(':')), Qt::CaseInsensitive)) {
            term.key = key;
            at += key.size() + 1;
            break;
        }
    }
    if (at < text.size() && text[at] == QLatin1Char('"')) {
        const qsizetype end = text.indexOf(QLatin1Char('"'), at + 1);
        term.isQuoted = true;
        term.text = end < 0 ? text.mid(at + 1) : text.mid(at + 1, end - at - 1);
        at = end < 0 ? text.size() : end + 1;
        return term;
    }
    const qsizetype start = at;
    while (at < text.size() && !text[at].isSpace())
        ++at;
    term.text = text.mid(start, at - start);
    return term;
}

QList<Term> takeTerms(const QString &text)
{
    QList<Term> terms;
    for (qsizetype at = 0; at < text.size();) {
        if (text[at].isSpace()) {
            ++at;
            continue;
        }
        terms.append(takeTerm(text, at));
    }
    if (!terms.isEmpty() && !text.back().isSpace())
        terms.last().isLast = !terms.last().isQuoted;
    return terms;
}

std::optional<qint64> startOf(const QString &date)
{
    for (const QString &format :
        {QStringLiteral("yyyy-M-d"), QStringLiteral("yyyy-M"), QStringLiteral("yyyy")}) {
        const QDate day = QDate::fromString(date, format);
        if (day.isValid())
            return day.startOfDay().toSecsSinceEpoch();
    }
    return {};
}

/// True when the term became a condition on columns.
bool addCondition(SearchQuery &query, const Term &term)
{
    if (term.key == QLatin1String("before") || term.key == QLatin1String("after")) {
        const auto start = startOf(term.text);
        if (!start)
            return false;
        const bool earlier = (term.key == QLatin1String("before")) != term.isNegative;
        query.where += earlier ? QStringLiteral(" AND m.date < ?") : QStringLiteral(" AND m.date >= ?");
        query.values.append(*start);
        return true;
    }
    if (term.key != QLatin1String("has")
        || !QStringLiteral("attachments").startsWith(term.text, Qt::CaseInsensitive) || term.text.isEmpty())
        return false;
    query.where += term.isNegative ? QStringLiteral(" AND m.attachments = 0")
                                   : QStringLiteral(" AND m.attachments = 1");
    return true;
}

QString columnFor(const QString &key)
{
    if (key == QLatin1String("from"))
        return QStringLiteral("sender : ");
    if (key == QLatin1String("to"))
        return QStringLiteral("recipients : ");
    return key == QLatin1String("subject") ? QStringLiteral("subject : ") : QString();
}

QString quoted(const Term &term)
{
    // What follows a NUL would be cut off by SQLite, the closing quote with it.
    QString text = term.text;
    text.remove(QChar(0));
    text = indexedText(text.replace(QLatin1Char('"'), QLatin1Char(' ')));
    const bool isColumn = columnFor(term.key).isEmpty() && !term.key.isEmpty();
    if (isColumn) // "before:" without a date and the like: words after all
        text.prepend(term.key + QLatin1Char(' '));
    return columnFor(term.key) + QLatin1Char('"') + text + QLatin1Char('"')
        + (term.isLast ? QStringLiteral("*") : QString());
}

} // namespace

SearchQuery parseSearch(const QString &text)
{
    SearchQuery query;
    QStringList wanted;
    QStringList unwanted;
    for (const Term &term : takeTerms(text)) {
        if (addCondition(query, term))
            continue;
        const bool hasWord = std::any_of(term.text.begin(), term.text.end(), [](QChar c) {
            return c.isLetterOrNumber() || c.isSurrogate() || c.category() == QChar::Symbol_Other;
        });
        if (hasWord)
            (term.isNegative ? unwanted : wanted).append(quoted(term));
        else if (!term.isNegative && !term.text.isEmpty())
            query.matchesNothing = true;
    }
    query.match = wanted.join(QLatin1String(" AND "));
    for (const QString &term : unwanted) {
        // FTS5 has no NOT without something before it.
        if (query.match.isEmpty()) {
            query.where += QStringLiteral(" AND m.id NOT IN (SELECT rowid FROM words WHERE words MATCH ?)");
            query.values.append(term);
        } else {
            query.match = QLatin1Char('(') + query.match + QLatin1String(") NOT ") + term;
        }
    }
    return query;
}

} // namespace glasspost::mail
