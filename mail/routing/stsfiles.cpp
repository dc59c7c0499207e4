#include "mail/routing/stsfiles.h"

#include "mail/base/posix.h"
#include "mail/base/worker.h"

#include <QDir>
#include <QFile>
#include <QUrl>

namespace glasspost::mail {

namespace {

std::optional<smtp::StsCacheEntry> readStsFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    return stsEntryFromFile(file.read(2 * smtp::stsPolicyLimit));
}

} // namespace

QByteArray toFile(const smtp::StsCacheEntry &entry)
{
    return entry.id + ' ' + QByteArray::number(entry.fetchedAt) + '\n' + entry.text;
}

std::optional<smtp::StsCacheEntry> stsEntryFromFile(const QByteArray &content)
{
    const qsizetype end = content.indexOf('\n');
    const QList<QByteArray> head = content.first(std::max<qsizetype>(end, 0)).split(' ');
    bool isNumber = false;
    const qint64 fetchedAt = head.value(1).toLongLong(&isNumber);
    if (head.size() != 2 || head.constFirst().isEmpty() || !isNumber)
        return std::nullopt;
    return smtp::StsCacheEntry{head.constFirst(), fetchedAt, content.sliced(end + 1)};
}

StsFiles::StsFiles(const QString &dataFolder, Worker &worker)
    : m_folder(QDir(dataFolder).filePath(QStringLiteral("sts"))), m_worker(worker)
{ }

QString StsFiles::path(const QByteArray &domain) const
{
    // Percent-encoded, so that no domain can name a file elsewhere.
    const QByteArray name = QUrl::toPercentEncoding(QString::fromUtf8(domain));
    return m_folder + u'/' + QString::fromLatin1(name) + QStringLiteral(".policy");
}

void StsFiles::load(const QByteArray &domain, QObject *context, Loaded loaded)
{
    m_worker.run([path = path(domain)] { return readStsFile(path); })
        .then(context, [loaded = std::move(loaded)](const auto &entry) { loaded(*entry); });
}

void StsFiles::store(const QByteArray &domain, const smtp::StsCacheEntry &entry)
{
    // It is only a cache: what cannot be written is fetched again.
    m_worker.run([path = path(domain), content = toFile(entry)] { replaceFile(path, content); });
}

} // namespace glasspost::mail
