#pragma once

#include "mail/error.h"
#include "mail/settings/settings.h"

#include <QList>
#include <QSslCertificate>
#include <QSslKey>

namespace glasspost::mail {

struct ListenerCertificate
{
    QSslCertificate certificate;
    QList<QSslCertificate> chain; ///< the intermediate ones
    QSslKey key;
    QList<QSslCertificate> clientAuthorities; ///< who may have signed a client's certificate
};

/// The listener's certificate: from the files the settings name, else from tls/ in the data folder, where one
/// is made at the first start; with it the authorities of clients' certificates. BadSettings names a file
/// that holds none or whose key does not fit. Blocks on the disk.
Result<ListenerCertificate> loadCertificate(
    const QString &dataFolder, const ListenerSettings &settings, const QString &hostName);

} // namespace glasspost::mail
