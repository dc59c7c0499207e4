#pragma once

#include "mail/index/searchtree.h"

#include <QDate>
#include <QList>
#include <QString>
#include <QVariantList>

namespace glasspost::mail {

/// A person's search made into what SQLite takes. Whatever was typed is data: every term is quoted for FTS5,
/// the rest become bound values. What an operator cannot take is searched as words, and a notice says so.
///
/// Words and "phrases" look in everything that is text; to: in every recipient, those of the envelope too.
/// tag: takes a whole tag, or its beginning as a word may be one.
/// Dates are local, and date: takes a day, a month or a year (2026-11-23, 2026-11, 2026), today, yesterday,
/// so long ago (7d, 2w, 3m, 1y: that day), or two of these with ".." between them, either of which may be
/// missing; after: begins with that day, before: ends before it. Sizes are in octets, k, M or G (powers of
/// 1000).
struct SearchQuery
{
    QString where; ///< a condition over messages m; empty when nothing is asked for
    QString words; ///< an FTS5 expression that means the same; empty when there is none
    QVariantList values; ///< for the ? in where
    QString snippets; ///< an FTS5 expression of all that was looked for as text, or empty
    QList<SearchNotice> notices;
};
/// What where says of words; whoever looks at some messages alone can say so there.
inline constexpr const char *searchedWords = "m.id IN (SELECT rowid FROM words WHERE words MATCH ?";

SearchQuery parseSearch(const QString &text, const QDate &today = QDate::currentDate());

} // namespace glasspost::mail
