#pragma once

#include "smtp/dns/stscache.h"

#include <QString>

namespace glasspost::mail {

class Worker;

/// Policies of MTA-STS in the data folder's sts/, a file a domain, so that a restart does not forget what a
/// domain asked for (RFC 8461 3.3). A cache: files may be deleted, and one that is malformed counts as none.
/// Reads and writes on the worker, which outlives it.
class StsFiles : public smtp::StsCache
{
public:
    StsFiles(const QString &dataFolder, Worker &worker);

    void load(const QByteArray &domain, QObject *context, Loaded loaded) override;
    void store(const QByteArray &domain, const smtp::StsCacheEntry &entry) override;

private:
    [[nodiscard]] QString path(const QByteArray &domain) const;

    QString m_folder;
    Worker &m_worker;
};

/// A file's content: "ID SECONDS" and LF, then the policy. Total.
QByteArray toFile(const smtp::StsCacheEntry &entry);
std::optional<smtp::StsCacheEntry> stsEntryFromFile(const QByteArray &content);

} // namespace glasspost::mail
