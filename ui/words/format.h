#pragma once

#include <QDateTime>
#include <QString>

namespace glasspost::ui {

/// Times, sizes and counts as the lists show them, in the person's locale. Times are in seconds since the
/// Unix epoch unless said otherwise; now is given so that the functions stay pure.

/// "just now", "5 min ago", "3 h ago" today; "yesterday"; "12 Nov" this year; "12 Nov 2024" else.
QString relativeTime(qint64 seconds, const QDateTime &now);
/// The whole date with seconds and zone, for tooltips.
QString exactTime(qint64 seconds);
/// "now", "in 40 s", "in 4 min", "in 3 h", "in 2 days".
QString untilText(qint64 milliseconds, const QDateTime &now);
/// "204 ms", "1.2 s", "3 min 5 s" of a number of microseconds.
QString durationText(qint64 microseconds);
/// "512 bytes", "1.2 kB", "3.4 MB".
QString sizeText(qint64 octets);
/// With the locale's separators: "12,345".
QString countText(qint64 count);

} // namespace glasspost::ui
