#pragma once

#include "mail/index/rows.h"

#include <QVariantList>

namespace glasspost::mail {

/// The messages that a query means, as SQL from FROM on, whatever its offset and limit.
struct RowSelection
{
    QString from; ///< of messages m
    QVariantList values; ///< for the ? in it
    QString snippets; ///< an FTS5 expression; empty when no word was asked for
};
RowSelection selectionOf(const RowQuery &query);
/// " ORDER BY ...": no two messages share a place.
QString orderBy(const RowQuery &query);

} // namespace glasspost::mail
