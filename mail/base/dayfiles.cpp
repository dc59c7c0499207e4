#include "mail/base/dayfiles.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <sys/statvfs.h>

namespace glasspost::mail {

namespace {

const QString daySuffix = QStringLiteral(".jsonl");
constexpr qint64 linesReadAtOnce = 4 * 1024 * 1024; // octets

} // namespace

QString dayName(qint64 at)
{
    return QDateTime::fromMSecsSinceEpoch(at, Qt::UTC).toString(QStringLiteral("yyyy-MM-dd"));
}

QString dayPath(const QString &folder, const QString &name)
{
    return folder + QLatin1Char('/') + name + daySuffix;
}

QStringList listDays(const QString &folder)
{
    QStringList names = QDir(folder).entryList({u'*' + daySuffix}, QDir::Files, QDir::Name);
    for (QString &name : names)
        name.chop(daySuffix.size());
    return names;
}

QStringList removeOldDays(const QString &folder, int days, qint64 most)
{
    const QStringList names = listDays(folder);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const QString today = dayName(now);
    const QString first = dayName(now - days * millisecondsOfDay);
    qint64 total = 0;
    for (const QString &name : names)
        total += QFileInfo(dayPath(folder, name)).size();
    QStringList removed;
    for (const QString &name : names) {
        if (name >= today || !(total > most || (days > 0 && name < first)))
            break;
        const QString path = dayPath(folder, name);
        total -= QFileInfo(path).size();
        QFile::remove(path);
        removed.append(name);
    }
    return removed;
}

UnendedLine forEachLine(const QString &path, const std::function<void(QByteArrayView, qint64)> &take)
{
    UnendedLine rest;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return rest;
    for (QByteArray more = file.read(linesReadAtOnce); !more.isEmpty(); more = file.read(linesReadAtOnce)) {
        rest.octets += more;
        qsizetype at = 0;
        for (qsizetype end = rest.octets.indexOf('\n'); end >= 0;
             at = end + 1, end = rest.octets.indexOf('\n', at))
            take(QByteArrayView(rest.octets).sliced(at, end - at), rest.offset + at);
        rest.octets.remove(0, at);
        rest.offset += at;
    }
    return rest;
}

bool isDiskLow(const QString &folder, qint64 reserve)
{
    struct statvfs facts = {};
    return ::statvfs(QFile::encodeName(folder).constData(), &facts) == 0
        && qint64(facts.f_bavail) * qint64(facts.f_frsize) < reserve;
}

} // namespace glasspost::mail
