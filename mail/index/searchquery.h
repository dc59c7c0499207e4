#pragma once

#include <QByteArray>
#include <QString>
#include <QVariantList>

namespace glasspost::mail {

/// A person's search made into what SQLite takes. Total: whatever was typed is data, every term is quoted for
/// FTS5, dates and flags become bound values. Words and "phrases" must all be there; -word must not; from:,
/// to:, subject: look in one field; before:, after: take 2026, 2026-11 or 2026-11-23 (local time, after: that
/// day or later); has:attachment. The last word matches as a prefix unless a blank follows it.
struct SearchQuery
{
    QString match; ///< an FTS5 expression; empty when no word was asked for
    QString where; ///< "AND ..." over messages m, or empty
    QVariantList values; ///< for the ? in where
    bool matchesNothing = false; ///< something was asked for that no message can have: "!!!"
};
SearchQuery parseSearch(const QString &text);

} // namespace glasspost::mail
