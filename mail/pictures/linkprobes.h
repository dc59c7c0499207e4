#pragma once

#include "mail/pictures/picturefetch.h"

#include <QDeadlineTimer>
#include <QNetworkAccessManager>
#include <QStringList>

namespace glasspost::mail {

/// What a server said of a link.
struct LinkStatus
{
    QString target; ///< as it was asked for
    int status = 0; ///< of HTTP; 0: no answer, and words say why
    QString words; ///< as the server put it: plain text
    bool isNotAsked = false; ///< its server is of this network, it is no address of the web, or time was up

    /// A server that does not know HEAD (405, 501) says nothing of the link.
    [[nodiscard]] bool isBroken() const
    {
        return status == 0 || (status >= 400 && status != 405 && status != 501);
    }
    friend bool operator==(const LinkStatus &, const LinkStatus &) = default;
};

/// Asks the servers of links whether these are there, after a person or a program asked for it: by HEAD, four
/// at once, one at once of each server, 10 seconds each and two minutes all, the first hundred. What
/// PictureFetch tells nobody, this does not either. The thread of whoever made it.
class LinkProbes : public QObject
{
    Q_OBJECT
public:
    static constexpr qsizetype mostAsked = 100;

    explicit LinkProbes(PictureServers servers, QObject *parent = nullptr);

    /// Once. In the order of the targets, each once.
    Task<QList<LinkStatus>> ask(const QStringList &targets, Redirects redirects);

private:
    void askNext();
    void take(qsizetype number, const QString &host, const Result<WebAnswer> &answer);

    QNetworkAccessManager m_manager;
    QObject m_probes; ///< their parent: they end before m_manager, whose replies they have
    QDeadlineTimer m_limit;
    const PictureServers m_servers;
    Redirects m_redirects = Redirects::Told;
    QList<LinkStatus> m_links;
    QList<qsizetype> m_waiting;
    QStringList m_asked; ///< servers that are being asked
    Promise<QList<LinkStatus>> m_promise;
};

} // namespace glasspost::mail
