#include "mail/pictures/remotepictures.h"

namespace glasspost::mail {

namespace {

constexpr int mostAtOnce = 6;
constexpr qint64 mostOctets = 64 * 1024 * 1024;

} // namespace

RemotePictures::RemotePictures(QObject *parent) : QObject(parent) { }

void RemotePictures::fetch(const QStringList &addresses, PictureServers servers)
{
    giveUp();
    m_round = std::make_unique<QObject>();
    m_addresses = addresses;
    m_servers = servers;
    m_next = m_running = m_failed = m_notAsked = 0;
    m_octets = 0;
    fetchNext();
}

void RemotePictures::giveUp()
{
    m_round.reset();
}

void RemotePictures::fetchNext()
{
    for (; m_running < mostAtOnce && m_next < m_addresses.size() && m_octets < mostOctets; ++m_next) {
        ++m_running;
        auto *fetch = new PictureFetch(m_manager, m_servers, m_round.get());
        fetch->fetch(QUrl(m_addresses.at(m_next)))
            .then(m_round.get(), [this, fetch, number = m_next](const Result<QByteArray> &picture) {
                fetch->deleteLater();
                take(number, picture);
            });
    }
    if (m_running == 0)
        Q_EMIT finished(m_failed + int(m_addresses.size()) - m_next, m_notAsked);
}

void RemotePictures::take(int number, const Result<QByteArray> &picture)
{
    --m_running;
    if (picture) {
        m_octets += picture->size();
        Q_EMIT got(number, *picture);
    } else {
        ++m_failed;
        m_notAsked += picture.error().code == ErrorCode::NotPermitted ? 1 : 0;
    }
    // Whoever got the picture may have given up the rest.
    if (m_round)
        fetchNext();
}

} // namespace glasspost::mail
