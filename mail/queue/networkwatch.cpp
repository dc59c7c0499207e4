#include "mail/queue/networkwatch.h"

#include <QNetworkInformation>

namespace glasspost::mail {

namespace {

// A network without the world behind it may still hold the smarthost: only none at all keeps mail here.
Reachability reachabilityOf(QNetworkInformation::Reachability told)
{
    switch (told) {
    case QNetworkInformation::Reachability::Unknown:
        return Reachability::Unknown;
    case QNetworkInformation::Reachability::Disconnected:
        return Reachability::Offline;
    case QNetworkInformation::Reachability::Local:
    case QNetworkInformation::Reachability::Site:
    case QNetworkInformation::Reachability::Online:
        return Reachability::Online;
    }
    return Reachability::Unknown;
}

} // namespace

NetworkWatch::NetworkWatch(QObject *parent) : QObject(parent)
{
    if (!QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Reachability))
        return;
    connect(QNetworkInformation::instance(), &QNetworkInformation::reachabilityChanged, this,
        [this](QNetworkInformation::Reachability now) { Q_EMIT changed(reachabilityOf(now)); });
}

Reachability NetworkWatch::reachability() const
{
    const QNetworkInformation *told = QNetworkInformation::instance();
    return told == nullptr ? Reachability::Unknown : reachabilityOf(told->reachability());
}

} // namespace glasspost::mail
