#pragma once

#include <QDate>
#include <QString>

#include <optional>

namespace glasspost::mail {

/// From one day to before another; one of them is invalid where the range is open there, never both.
struct SearchDays
{
    QDate first;
    QDate end;

    friend bool operator==(const SearchDays &, const SearchDays &) = default;
};

/// 2026-11-23, 2026-11, 2026, today, yesterday, 7d, 2w, 3m, 1y, or "A..B", "A..", "..B": all of A to all of
/// B. Nothing when it is none of these.
std::optional<SearchDays> readDays(const QString &text, const QDate &today);
/// Octets of "300", "10k", "1.5M", "2GB".
std::optional<qint64> readSize(const QString &text);

} // namespace glasspost::mail
