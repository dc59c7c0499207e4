#pragma once

#include "mail/base/task.h"

#include <QNetworkAccessManager>
#include <QTimer>
#include <QUrl>

class QHostInfo;
class QNetworkReply;

namespace glasspost::mail {

/// Which servers may be asked: one of this network only in a test, since a request can be an act there.
enum class OneClickServers { Public, Any };

/// The one request that leaves a mailing list (RFC 8058 3.2), sent when a person asks for it: a POST of
/// "List-Unsubscribe=One-Click" without cookie, referrer, name or password, to the address that was looked up
/// and checked. No redirect is followed. Ends within 20 seconds.
class OneClickPost : public QObject
{
    Q_OBJECT
public:
    explicit OneClickPost(OneClickServers servers = OneClickServers::Public, QObject *parent = nullptr);

    /// Once. Answered when the server has said 2xx; InputOutput for any other answer or none, NotPermitted
    /// for a server that may not be asked.
    Task<void> post(const QUrl &url);

private:
    void gotAddresses(const QHostInfo &info);
    void finish(const QNetworkReply &reply);
    void end(const Result<void> &result);
    void fail(ErrorCode code, const QString &why);

    const OneClickServers m_servers;
    QNetworkAccessManager m_manager;
    QTimer m_timer;
    QUrl m_url;
    Promise<void> m_promise;
};

} // namespace glasspost::mail
