#pragma once

#include "mail/pictures/picturefetch.h"

#include <QNetworkAccessManager>
#include <QStringList>

namespace glasspost::mail {

/// Gets the pictures of one message from their servers, some at once and so many octets of all, after a
/// person asked for it. Nothing is asked of anybody before fetch(). The thread of whoever made it.
class RemotePictures : public QObject
{
    Q_OBJECT
public:
    explicit RemotePictures(QObject *parent = nullptr);

    /// got() for each that came, then finished(). Gives up what it was at before.
    void fetch(const QStringList &addresses, PictureServers servers);
    void giveUp();

Q_SIGNALS:
    void got(int number, const QByteArray &octets); ///< of fetch()'s list
    /// How many did not come, and of how many of these the server may not be asked.
    void finished(int failed, int notAsked);

private:
    void fetchNext();
    void take(int number, const Result<QByteArray> &picture);

    QNetworkAccessManager m_manager;
    QStringList m_addresses;
    PictureServers m_servers = PictureServers::Public;
    int m_next = 0, m_running = 0, m_failed = 0, m_notAsked = 0;
    qint64 m_octets = 0;
    std::unique_ptr<QObject> m_round; ///< what belongs to one fetch()
};

} // namespace glasspost::mail
