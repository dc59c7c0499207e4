#pragma once

#include "smtp/dns/resolver.h"
#include "smtp/dns/stsfetchsettings.h"

#include <QNetworkAccessManager>
#include <QTimer>

#include <tl/expected.hpp>

class QNetworkReply;

namespace glasspost::smtp {

/// Gets one policy from https://mta-sts.DOMAIN/.well-known/mta-sts.txt (RFC 8461 3.3): the address from our
/// own nameserver, the certificate validated, no redirect followed, 64 KiB at most. A child of whoever asks.
class StsFetch : public QObject
{
    Q_OBJECT
public:
    using Outcome = tl::expected<QByteArray, QByteArray>; ///< the text, or why there is none
    StsFetch(std::shared_ptr<Resolver> resolver, StsFetchSettings settings, QObject *parent);

    void fetch(const QByteArray &domain); ///< once

Q_SIGNALS:
    void finished(const glasspost::smtp::StsFetch::Outcome &outcome); ///< once, later

private:
    void gotAddresses(const QList<QHostAddress> &addresses, const QByteArray &trouble);
    void tryNext();
    void gotReply(QNetworkReply *reply);
    void end(const Outcome &outcome);

    std::shared_ptr<Resolver> m_resolver;
    StsFetchSettings m_settings;
    QNetworkAccessManager m_manager;
    QTimer m_timer;
    QByteArray m_host;
    QList<QHostAddress> m_addresses; ///< still to try
    QByteArray m_trouble = "no address";
    bool m_ended = false;
};

} // namespace glasspost::smtp
