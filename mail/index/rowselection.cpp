#include "mail/index/rowselection.h"

#include "mail/index/searchquery.h"

namespace glasspost::mail {

namespace {

constexpr int lookedThrough = 10; ///< messages for each row of a first page
constexpr int longestPage = 1000; ///< rows: whoever asks for more wants all
constexpr const char *inFolder = "m.folder = (SELECT id FROM folders WHERE user = ? AND name = ?)";

bool isEverywhere(const RowQuery &query)
{
    return query.folder.user.isEmpty() && !query.searchText.trimmed().isEmpty();
}

/// Of an index there is for it, of all messages or of each folder's.
bool hasIndexedOrder(const RowQuery &query)
{
    return query.sort == SortKey::Date
        || (!isEverywhere(query) && query.sort != SortKey::Recipient && query.sort != SortKey::Tags);
}

QVariantList folderValues(const RowQuery &query)
{
    return {query.folder.user, query.folder.folder.isNull() ? QStringLiteral("") : query.folder.folder};
}

} // namespace

RowSelection selectionOf(const RowQuery &query, Found found)
{
    const SearchQuery search = parseSearch(query.searchText), filter = parseSearch(query.filter);
    RowSelection selection;
    selection.snippets = search.snippets;
    // Of this table alone: a look at each one's folder takes longer than to walk past it in an index. With
    // its sign a condition is a filter alone, and no way to the rows.
    selection.from = QStringLiteral(" FROM messages m WHERE 1");
    if (isEverywhere(query)) {
        selection.words = filter.where.isEmpty() ? search.words : QString();
    } else {
        selection.from += QLatin1String(found == Found::Few ? " AND +" : " AND ");
        selection.from += QLatin1String(inFolder);
        selection.values << folderValues(query);
    }
    const bool isWalked = found == Found::Many && hasIndexedOrder(query);
    if (!search.where.isEmpty())
        selection.from += (isWalked ? QLatin1String(" AND +") : QLatin1String(" AND ")) + search.where;
    if (!filter.where.isEmpty())
        selection.from += QLatin1String(" AND ") + filter.where;
    selection.values << search.values << filter.values;
    return selection;
}

std::optional<FirstRows> firstRowsOf(const RowQuery &query)
{
    const SearchQuery search = parseSearch(query.searchText), filter = parseSearch(query.filter);
    if (query.sort != SortKey::Date || query.offset > 0 || query.limit <= 0 || query.limit > longestPage
        || (search.where.isEmpty() && filter.where.isEmpty()))
        return {};
    FirstRows rows;
    rows.numbers = QStringLiteral("WITH ahead AS MATERIALIZED (SELECT m.id, m.date FROM messages m");
    if (!isEverywhere(query)) {
        rows.numbers += QStringLiteral(" WHERE ") + QLatin1String(inFolder);
        rows.values << folderValues(query);
    }
    rows.numbers += orderBy(query)
        + QStringLiteral(" LIMIT ?) SELECT m.id FROM ahead CROSS JOIN messages m ON m.id = ahead.id WHERE 1");
    rows.values << lookedThrough * query.limit;
    for (const SearchQuery &condition : {search, filter}) {
        if (condition.where.isEmpty())
            continue;
        const QString words = QLatin1String(searchedWords);
        const QString range = QStringLiteral(
            " AND rowid BETWEEN (SELECT min(id) FROM ahead) AND (SELECT max(id) FROM ahead)");
        rows.numbers += QLatin1String(" AND ") + QString(condition.where).replace(words, words + range);
        rows.values << condition.values;
    }
    rows.numbers += orderBy(query) + QStringLiteral(" LIMIT ?");
    rows.values << query.limit;
    return rows;
}

QString orderBy(const RowQuery &query)
{
    const QString way = query.order == Qt::AscendingOrder ? QStringLiteral(" ASC") : QStringLiteral(" DESC");
    QString column;
    switch (query.sort) {
    case SortKey::Date:
        break;
    case SortKey::Arrival:
        return QStringLiteral(" ORDER BY m.arrived") + way + QStringLiteral(", m.id") + way;
    case SortKey::From:
        column = QStringLiteral("m.from_key");
        break;
    case SortKey::Subject:
        column = QStringLiteral("m.subject_key");
        break;
    case SortKey::Size:
        column = QStringLiteral("m.size");
        break;
    case SortKey::Recipient:
        column = QStringLiteral("m.recipients COLLATE NOCASE");
        break;
    case SortKey::Tags:
        column = QStringLiteral("coalesce(m.tags, '') COLLATE NOCASE");
        break;
    }
    const QString first = column.isEmpty() ? QString() : column + way + QStringLiteral(", ");
    return QStringLiteral(" ORDER BY ") + first + QStringLiteral("m.date") + way + QStringLiteral(", m.id")
        + way;
}

} // namespace glasspost::mail
