#pragma once

#include "mail/base/task.h"

#include <QHostAddress>
#include <QTimer>
#include <QUrl>

#include <chrono>
#include <optional>

class QNetworkAccessManager;
class QNetworkReply;

namespace glasspost::mail {

/// Which servers a message may make us ask: one from outside none of this network (RFC 1918 and the like),
/// since a request can be an act there.
enum class PictureServers { Public, Any };

/// Whether the answer of where a link leads in the end is wanted, or the first one.
enum class Redirects { Followed, Told };

/// What a server says of an address without sending what is there.
struct WebAnswer
{
    int status = 0; ///< of HTTP
    QString words; ///< the reason, as the server puts it
};

constexpr qint64 largestRemotePicture = 10 * 1024 * 1024; ///< octets

/// Gets one picture from its server and tells it as little as can be: no cookie, no referrer, no cache, no
/// name or password, the same words about this program and its language from everybody. By http or https,
/// never back from https to http; each redirect's server is held against PictureServers too, by the address
/// that is then connected to. Asks in the same way whether something is there. A child of whoever asks; one
/// picture or one question.
class PictureFetch : public QObject
{
    Q_OBJECT
public:
    PictureFetch(QNetworkAccessManager &manager, PictureServers servers, QObject *parent);
    ~PictureFetch() override;

    /// Once. Fails with NotPermitted for a server that may not be asked, else with InputOutput.
    Task<QByteArray> fetch(const QUrl &url);
    /// In its place, by HEAD: any answer of the server is one. Fails as fetch() does.
    Task<WebAnswer> probe(const QUrl &url, Redirects redirects);
    void setTimeLimit(std::chrono::milliseconds limit) { m_limit = limit; }

private:
    void follow(const QUrl &url);
    void gotAddresses(const QList<QHostAddress> &addresses);
    void request();
    void take();
    void finish();
    void fail(ErrorCode code, const QString &why);
    void end(const Result<QByteArray> &result);
    void endProbe(const Result<WebAnswer> &answer);
    void stop();

    QNetworkAccessManager &m_manager;
    const PictureServers m_servers;
    std::chrono::milliseconds m_limit;
    QTimer m_timer;
    Promise<QByteArray> m_promise;
    Promise<WebAnswer> m_answer; ///< of a probe
    std::optional<Redirects> m_probe; ///< none: a picture is fetched
    QUrl m_url; ///< by name, as it stands after redirects
    QList<QHostAddress> m_addresses; ///< still to try
    QNetworkReply *m_reply = nullptr;
    QByteArray m_octets;
    int m_redirects = 0;
    bool m_hasEnded = false;
};

} // namespace glasspost::mail
