#include "ui/actions/searchsuggestions.h"

#include "mail/index/searchtree.h"
#include "ui/words/searchtext.h"

#include <algorithm>
#include <optional>

namespace glasspost::ui {

namespace {

/// Where the word before the cursor begins; nothing within a phrase.
std::optional<qsizetype> wordBegin(const QString &text, qsizetype cursor)
{
    const QStringView before = QStringView(text).left(cursor);
    if (before.count(u'"') % 2 != 0)
        return {};
    qsizetype begin = cursor;
    while (begin > 0 && !before[begin - 1].isSpace() && !QStringView(u"()\"").contains(before[begin - 1]))
        --begin;
    while (begin < cursor && before[begin] == u'-')
        ++begin;
    return begin;
}

/// A blank ends it for the search; a name with one in it needs quotes.
QString asValue(const QString &value)
{
    const bool needsQuotes = std::any_of(
        value.cbegin(), value.cend(), [](QChar c) { return c.isSpace() || c == u'(' || c == u')'; });
    return needsQuotes ? u'"' + value + QLatin1String("\" ") : value + u' ';
}

QList<SearchSuggestion> valuesOf(const mail::SearchOperator &known, const SearchNames &names)
{
    QList<SearchSuggestion> all;
    if (known.field == mail::SearchField::In || known.field == mail::SearchField::Tag) {
        for (const QString &name : known.field == mail::SearchField::In ? names.folders : names.tags)
            all.append({name, {}});
        return all;
    }
    for (const QString &value : searchExamples(known.field))
        all.append({value, searchValueMeaning(known.field, value)});
    return all;
}

} // namespace

SearchSuggestions suggestionsFor(const QString &text, qsizetype cursor, const SearchNames &names, Asked asked)
{
    const auto begin = wordBegin(text, cursor);
    if (!begin)
        return {};
    SearchSuggestions found{*begin, {}};
    const QString word = text.sliced(*begin, cursor - *begin);
    if (word.isEmpty() && asked == Asked::No)
        return found;
    for (const mail::SearchOperator &known : mail::searchOperators()) {
        const QString name = known.name + u':';
        if (name.startsWith(word, Qt::CaseInsensitive) && word.size() < name.size())
            found.list.append({name, searchOperatorMeaning(known.field)});
        if (!word.startsWith(name, Qt::CaseInsensitive))
            continue;
        for (const SearchSuggestion &value : valuesOf(known, names)) {
            if (value.text.startsWith(QStringView(word).sliced(name.size()), Qt::CaseInsensitive))
                found.list.append({name + asValue(value.text), value.meaning});
        }
    }
    return found;
}

} // namespace glasspost::ui
