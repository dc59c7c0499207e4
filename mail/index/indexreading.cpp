// What is read of the index: pages, orders, single messages.
#include "mail/index/indexdatabase.h"

#include "mail/index/indexedtext.h"
#include "mail/index/messagetags.h"
#include "mail/index/rowselection.h"
#include "mail/index/searchquery.h"

#include <QMap>

#include <algorithm>
#include <limits>

namespace glasspost::mail {

namespace {

constexpr const char *rowColumns
    = "m.id, f.user, f.name, m.uniq, m.from_name, m.from_address, m.recipients, "
      "m.subject, m.date, m.arrived, "
      "m.size, m.flags, m.attachments, m.message_id, m.session, m.queue, m.tags, "
      "m.preview";

/// Seconds since the Unix epoch in the years 1 to 9999: an edited file has any number (F12).
qint64 timeOf(const QVariant &value)
{
    return std::clamp(value.toLongLong(), -62'135'596'800LL, 253'402'300'799LL);
}

MessageRow rowOf(const SqlRows &query)
{
    MessageRow row;
    row.id = {{query.value(1).toString(), query.value(2).toString()}, query.value(3).toByteArray()};
    row.fromName = query.value(4).toString();
    row.fromAddress = query.value(5).toString();
    row.to = query.value(6).toString();
    row.subject = query.value(7).toString();
    row.date = timeOf(query.value(8));
    row.arrivedAt = timeOf(query.value(9));
    row.size = std::max(0LL, query.value(10).toLongLong());
    row.flags = flagsFromIndex(query.value(11).toInt());
    row.hasAttachments = query.value(12).toInt() != 0;
    row.messageIdField = query.value(13).toByteArray();
    row.sessionId = query.value(14).toByteArray();
    row.queueId = query.value(15).toByteArray();
    row.tags = query.value(16).toString().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    row.preview = query.value(17).toString();
    row.number = query.value(0).toLongLong();
    return row;
}

/// The condition of an ArrivalQuery, its order and limit.
struct Arrivals
{
    QString where;
    QVariantList values;
};

Arrivals arrivalsOf(const ArrivalQuery &query)
{
    const SearchQuery search = parseSearch(query.searchText);
    Arrivals arrivals;
    // A search leads to its rows, a time does by the folders' index, and else they are read on from a number.
    arrivals.where = !search.where.isEmpty() ? QStringLiteral("+m.arrived >= ? AND +m.id > ?")
        : query.since > 0                    ? QStringLiteral("m.arrived >= ? AND +m.id > ?")
                                             : QStringLiteral("m.arrived >= ? AND m.id > ?");
    arrivals.values << (query.since > 0 ? query.since : std::numeric_limits<qint64>::min()) << query.after;
    if (query.folder.user.isEmpty()) {
        arrivals.where += QStringLiteral(
            " AND m.folder IN (SELECT id FROM folders WHERE name NOT IN ('Sent', 'Drafts', 'Trash'))");
    } else {
        arrivals.where
            += QStringLiteral(" AND m.folder = (SELECT id FROM folders WHERE user = ? AND name = ?)");
        arrivals.values << query.folder.user
                        << (query.folder.folder.isNull() ? QStringLiteral("") : query.folder.folder);
    }
    if (!search.where.isEmpty())
        arrivals.where += QLatin1String(" AND ") + search.where;
    arrivals.where += QStringLiteral(" ORDER BY m.id LIMIT ?");
    arrivals.values += search.values;
    arrivals.values << std::max(0, query.limit);
    return arrivals;
}

} // namespace

Result<RowPage> IndexDatabase::rows(const RowQuery &query, const std::stop_token &stop)
{
    return ofOneMoment([this, &query] { return readPage(query); }, stop);
}

Result<RowPage> IndexDatabase::readPage(const RowQuery &query)
{
    RowPage page;
    page.query = query;
    const auto newest = newestNumber();
    if (!newest)
        return tl::unexpected(newest.error());
    page.newest = *newest;
    if (query.grouping == Grouping::Conversations) {
        if (const auto done = readConversations(page); !done)
            return tl::unexpected(done.error());
        return withSnippets(std::move(page), parseSearch(query.searchText).snippets);
    }
    auto rows = readRows(query);
    if (!rows)
        return tl::unexpected(rows.error());
    page.rows = std::move(*rows);
    page.isCounted = !query.countsLater || page.rows.size() < query.limit;
    const auto messages = page.isCounted ? total(query) : Result<qint64>(page.rows.size());
    if (!messages)
        return tl::unexpected(messages.error());
    page.total = page.messages = int(*messages);
    return withSnippets(std::move(page), parseSearch(query.searchText).snippets);
}

Result<QList<MessageRow>> IndexDatabase::readRows(const RowQuery &query)
{
    if (query.limit <= 0)
        return QList<MessageRow>();
    if (const auto first = firstRowsOf(query)) {
        auto rows
            = rowsFrom(QStringLiteral("m.id IN (") + first->numbers + u')' + orderBy(query), first->values);
        if (!rows || rows->size() == query.limit)
            return rows;
    }
    const auto selection = select(query);
    if (!selection)
        return tl::unexpected(selection.error());
    // The inner query walks an index alone past the offset; only the page's rows are read whole.
    return rowsFrom(QStringLiteral("m.id IN (SELECT m.id") + selection->from + orderBy(query)
            + QStringLiteral(" LIMIT ? OFFSET ?)") + orderBy(query),
        selection->values + QVariantList{query.limit, std::max(0, query.offset)});
}

/// FTS5 counts some ten thousand in a millisecond, while a look at each in the table takes a hundred times
/// that long, and to walk past all messages in an index takes a tenth of it.
Result<RowSelection> IndexDatabase::select(const RowQuery &query)
{
    constexpr int few = 2000;
    const QString words = parseSearch(query.searchText).words;
    if (words.isEmpty())
        return selectionOf(query);
    const auto found
        = count(QStringLiteral("SELECT count(*) FROM (SELECT rowid FROM words WHERE words MATCH ? LIMIT ?)"),
            {words, few + 1});
    if (!found)
        return tl::unexpected(found.error());
    return selectionOf(query, *found > few ? Found::Many : Found::Few);
}

/// Counting a million takes longer than reading a page of them, and the next page has as many.
Result<qint64> IndexDatabase::total(const RowQuery &query)
{
    const auto state = stateOf(query);
    if (!state)
        return tl::unexpected(state.error());
    if (!m_total || m_total->of != *state) {
        const auto messages = countOf(query);
        if (!messages)
            return messages;
        m_total.emplace(KeptTotal{*state, *messages});
    }
    return m_total->messages;
}

/// Of words alone where they are all that is asked for: each has the number of its message.
Result<qint64> IndexDatabase::countOf(const RowQuery &query)
{
    if (const QString words = selectionOf(query).words; !words.isEmpty())
        return count(QStringLiteral("SELECT count(*) FROM words WHERE words MATCH ?"), {words});
    return select(query).and_then([this](const RowSelection &selection) {
        return count(QStringLiteral("SELECT count(*)") + selection.from, selection.values);
    });
}

Result<qint64> IndexDatabase::newestNumber()
{
    return count(QStringLiteral("SELECT max(id) FROM messages"), {});
}

Result<RowPage> IndexDatabase::arrivals(const ArrivalQuery &query)
{
    return ofOneMoment([this, &query] { return readArrivals(query); });
}

Result<RowPage> IndexDatabase::readArrivals(const ArrivalQuery &query)
{
    RowPage page;
    const auto newest = newestNumber();
    if (!newest)
        return tl::unexpected(newest.error());
    page.newest = *newest;
    const Arrivals arrivals = arrivalsOf(query);
    auto rows = rowsFrom(arrivals.where, arrivals.values);
    if (!rows)
        return tl::unexpected(rows.error());
    page.rows = std::move(*rows);
    return page;
}

Result<QList<MessageId>> IndexDatabase::surplus(const SurplusQuery &query)
{
    return ofOneMoment([this, &query] { return readSurplus(query); });
}

Result<QList<MessageId>> IndexDatabase::readSurplus(const SurplusQuery &query)
{
    const QString from
        = QStringLiteral(" FROM messages WHERE folder = (SELECT id FROM folders WHERE user = ? AND "
                         "name = ?) AND flags & %1 = 0")
              .arg(int(MessageFlag::Flagged));
    const QVariantList folder{
        query.folder.user, query.folder.folder.isNull() ? QStringLiteral("") : query.folder.folder};
    auto sums = run(QStringLiteral("SELECT count(*), total(size)") + from, folder);
    if (!sums)
        return tl::unexpected(sums.error());
    sums->next();
    qint64 messages = sums->value(0).toLongLong();
    double octets = sums->value(1).toDouble();
    sums->finish();
    auto found = run(
        QStringLiteral("SELECT uniq, arrived, size") + from + QStringLiteral(" ORDER BY arrived, id LIMIT ?"),
        folder + QVariantList{std::max(0, query.limit)});
    if (!found)
        return tl::unexpected(found.error());
    QList<MessageId> ids;
    while (found->next()) {
        const bool isTooMany = query.mostMessages > 0 && messages > query.mostMessages;
        // However large, the newest is what somebody waits for.
        const bool isTooMuch = query.mostOctets > 0 && octets > double(query.mostOctets) && messages > 1;
        if (!isTooMany && !isTooMuch && found->value(1).toLongLong() >= query.arrivedBefore)
            break;
        ids.append({query.folder, found->value(0).toByteArray()});
        messages -= 1;
        octets -= found->value(2).toDouble();
    }
    found->finish();
    return ids;
}

Result<QList<MessageRow>> IndexDatabase::rowsFrom(const QString &where, const QVariantList &values)
{
    auto found = run(QStringLiteral("SELECT ") + QLatin1String(rowColumns)
            + QStringLiteral(" FROM messages m JOIN folders f ON f.id = m.folder WHERE ") + where,
        values);
    if (!found)
        return tl::unexpected(found.error());
    QList<MessageRow> rows;
    while (found->next())
        rows.append(rowOf(*found));
    return finished(*found).map([&rows] { return rows; });
}

Result<QList<MessageId>> IndexDatabase::identify(const QList<qint64> &numbers)
{
    QList<MessageId> ids;
    ids.reserve(numbers.size());
    for (const qint64 number : numbers) {
        auto found = run(
            QStringLiteral("SELECT f.user, f.name, m.uniq FROM messages m JOIN folders f ON f.id = m.folder "
                           "WHERE m.id = ?"),
            {number});
        if (!found)
            return tl::unexpected(found.error());
        if (found->next()) {
            MessageId id{
                {found->value(0).toString(), found->value(1).toString()}, found->value(2).toByteArray()};
            // A hundred thousand of one folder share its name.
            if (!ids.isEmpty() && ids.last().folder == id.folder)
                id.folder = ids.last().folder;
            ids.append(std::move(id));
        }
        found->finish();
    }
    return ids;
}

/// match: an FTS5 expression, or empty. All in one statement: for each that looks for a prefix FTS5 first
/// gathers every message with a word that begins so.
Result<RowPage> IndexDatabase::withSnippets(RowPage page, const QString &match)
{
    if (match.isEmpty() || page.rows.isEmpty())
        return page;
    QHash<qint64, qsizetype> places;
    QStringList numbers;
    for (qsizetype place = 0; place < page.rows.size(); ++place) {
        places.insert(page.rows[place].number, place);
        numbers.append(QString::number(page.rows[place].number));
    }
    const auto [first, last] = std::minmax_element(places.keyBegin(), places.keyEnd());
    // With its sign the list is a filter alone, and no reason to look for each number by itself.
    auto found
        = run(QStringLiteral(
                  "SELECT rowid, snippet(words, -1, '', '', '\u2026', 16) FROM words WHERE words MATCH ? AND "
                  "rowid BETWEEN ? AND ? AND +rowid IN (SELECT value FROM json_each(?))"),
            {match, *first, *last, QString(u'[' + numbers.join(u',') + u']')});
    if (!found)
        return tl::unexpected(found.error());
    while (found->next()) {
        const auto place = places.constFind(found->value(0).toLongLong());
        if (place != places.cend())
            page.rows[*place].snippet = readableText(found->value(1).toString()).simplified();
    }
    return finished(*found).map([&page] { return page; });
}

Result<QList<TagCount>> IndexDatabase::tagCounts(const FolderId &folder)
{
    // The tagged messages first, which are few: CROSS JOIN keeps the order.
    auto query
        = run(QStringLiteral(
                  "SELECT m.tags, count(*) FROM (SELECT DISTINCT message FROM tags) t CROSS JOIN messages m "
                  "ON m.id = t.message WHERE m.folder = (SELECT id FROM folders WHERE user = ? AND name = "
                  "?) GROUP BY m.tags"),
            {folder.user, folder.folder.isNull() ? QStringLiteral("") : folder.folder});
    if (!query)
        return tl::unexpected(query.error());
    QMap<QString, TagCount> counts;
    while (query->next()) {
        for (const QString &tag : query->value(0).toString().split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            TagCount &one = counts[tagKey(tag)];
            if (one.name.isEmpty())
                one.name = tag;
            one.messages += query->value(1).toInt();
        }
    }
    return finished(*query).map([&counts] { return counts.values(); });
}

Result<std::optional<QByteArray>> IndexDatabase::fileOf(const MessageId &id)
{
    auto found
        = run(QStringLiteral("SELECT m.file FROM messages m JOIN folders f ON f.id = m.folder WHERE f.user = "
                             "? AND f.name = ? AND m.uniq = ?"),
            {id.folder.user, id.folder.folder.isNull() ? QStringLiteral("") : id.folder.folder, id.unique});
    if (!found)
        return tl::unexpected(found.error());
    std::optional<QByteArray> file;
    if (found->next())
        file = found->value(0).toByteArray();
    found->finish();
    return file;
}

Result<std::optional<MessageRow>> IndexDatabase::row(const MessageId &id)
{
    const auto rows = rowsFrom(QStringLiteral("f.user = ? AND f.name = ? AND m.uniq = ?"),
        {id.folder.user, id.folder.folder.isNull() ? QStringLiteral("") : id.folder.folder, id.unique});
    if (!rows)
        return tl::unexpected(rows.error());
    return rows->isEmpty() ? std::optional<MessageRow>() : rows->first();
}

Result<QList<MessageRow>> IndexDatabase::named(const QByteArray &unique)
{
    // By each folder's index of names.
    return rowsFrom(QStringLiteral("m.folder IN (SELECT id FROM folders) AND m.uniq = ?"), {unique});
}

} // namespace glasspost::mail
