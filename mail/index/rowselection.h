#pragma once

#include "mail/index/rows.h"

#include <QVariantList>

#include <optional>

namespace glasspost::mail {

/// The messages that a query means, as SQL from FROM on, whatever its offset and limit.
struct RowSelection
{
    QString from; ///< of messages m
    QVariantList values; ///< for the ? in it
    QString snippets; ///< an FTS5 expression; empty when no word was asked for
    QString words; ///< an FTS5 expression that means the same messages; empty when there is none
};
/// Of how many messages the words of a search are, where it asks for words alone: a few are looked at one by
/// one, among many the list's own order leads to the next.
enum class Found { Unknown, Few, Many };
RowSelection selectionOf(const RowQuery &query, Found found = Found::Unknown);
/// The first rows of a search as a statement that gives the numbers of as many as the query's limit. It looks
/// only at so many messages that come first in the query's order: when it gives fewer rows, there may be
/// others. Nothing for a query that needs no such thing, or is of another order than Date's.
struct FirstRows
{
    QString numbers;
    QVariantList values;
};
std::optional<FirstRows> firstRowsOf(const RowQuery &query);
/// " ORDER BY ...": no two messages share a place.
QString orderBy(const RowQuery &query);

} // namespace glasspost::mail
