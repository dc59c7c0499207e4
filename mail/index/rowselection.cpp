#include "mail/index/rowselection.h"

#include "mail/index/searchquery.h"

namespace glasspost::mail {

RowSelection selectionOf(const RowQuery &query)
{
    const SearchQuery search = parseSearch(query.searchText);
    RowSelection selection;
    selection.snippets = search.snippets;
    // Of this table alone: a look at each one's folder takes longer than to walk past it in an index.
    selection.from = QStringLiteral(" FROM messages m WHERE 1");
    const bool everywhere = query.folder.user.isEmpty() && !query.searchText.trimmed().isEmpty();
    if (!everywhere) {
        selection.from
            += QStringLiteral(" AND m.folder = (SELECT id FROM folders WHERE user = ? AND name = ?)");
        selection.values << query.folder.user
                         << (query.folder.folder.isNull() ? QStringLiteral("") : query.folder.folder);
    }
    for (const SearchQuery &condition : {search, parseSearch(query.filter)}) {
        if (!condition.where.isEmpty())
            selection.from += QLatin1String(" AND ") + condition.where;
        selection.values += condition.values;
    }
    return selection;
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
