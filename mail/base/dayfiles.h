#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringList>

#include <functional>

namespace glasspost::mail {

/// Folders of files 2026-11-23.jsonl, one for each UTC day. These block on the disk. Any thread.

constexpr qint64 millisecondsOfDay = 24LL * 60 * 60 * 1000;
QString dayName(qint64 at); ///< "2026-11-23"; at: milliseconds since the Unix epoch
QString dayPath(const QString &folder, const QString &name);
QStringList listDays(const QString &folder); ///< oldest first
/// Removes those that are older than so many days (0: none), and the oldest while all together have
/// more octets than that; never today's. Returns what it removed.
QStringList removeOldDays(const QString &folder, int days, qint64 most);
/// What stands behind the last line feed of a file, and where.
struct UnendedLine
{
    QByteArray octets;
    qint64 offset = 0;
};
/// Gives each line of a file to take, without its line feed, and the offset at which it begins. A file that
/// cannot be read has none.
UnendedLine forEachLine(const QString &path, const std::function<void(QByteArrayView, qint64)> &take);
/// Whether fewer octets than that are free on the folder's disk.
bool isDiskLow(const QString &folder, qint64 reserve);

} // namespace glasspost::mail
