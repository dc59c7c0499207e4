#pragma once

#include "app/http/websocketframes.h"
#include "mail/base/messageoctets.h"
#include "mail/base/task.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QStringList>
#include <QUrlQuery>

#include <functional>
#include <memory>
#include <utility>

namespace glasspost::app {

/// One request, whole: a handler sees none before its body has come.
struct HttpRequest
{
    QByteArray method; ///< "GET"; HEAD is answered as GET, without the body
    QStringList path; ///< its segments, decoded, after that of an inbox
    QString mailbox; ///< "shop" of "/inbox/shop/api/v1/messages"; empty: the first binding's
    QStringList captured; ///< what matched the {} of the route's pattern
    QUrlQuery query;
    QByteArray body;
    QByteArray lastEventId; ///< of the Last-Event-ID field: an event stream that goes on
    bool wantsEvents = false; ///< Accept names text/event-stream
    WebSocketWish webSocket = WebSocketWish::None;
    QByteArray webSocketKey;

    /// Of the query, decoded, "+" for a blank (as HTML forms write it); empty when it is not there.
    [[nodiscard]] QString argument(const QString &name) const;
    [[nodiscard]] QStringList arguments(const QString &name) const; ///< likewise, each time that it is there
    /// A whole number of the query, or fallback where it is none; at least 0.
    [[nodiscard]] int number(const QString &name, int fallback) const;
    /// What stands before the paths of its inbox: "/inbox/shop", or nothing.
    [[nodiscard]] QString root() const;
};

/// A body that goes on for as long as the client stays. On the server's thread.
class HttpStream : public QObject
{
    Q_OBJECT
public:
    /// A client that reads so slowly that more than this waits is cut off.
    static constexpr qsizetype mostWaiting = 512 * 1024;

    void write(const QByteArray &octets);
    [[nodiscard]] QByteArray take(qsizetype most); ///< what waits
    [[nodiscard]] bool isCutOff() const { return m_isCutOff; }

Q_SIGNALS:
    void written();

private:
    QByteArray m_waiting;
    bool m_isCutOff = false;
};

struct HttpResponse
{
    int status = 200;
    QByteArray contentType = "text/plain; charset=utf-8";
    QByteArray body;
    std::shared_ptr<const mail::SpoolFile> file; ///< in place of the body: the whole of it
    QList<std::pair<QByteArray, QByteArray>> fields; ///< beside Content-Type and the server's own
    std::shared_ptr<HttpStream> stream; ///< in place of the body
    QByteArray webSocketAccept; ///< given: 101, and the stream is of WebSocket frames
};

HttpResponse textResponse(const QByteArray &text, int status = 200);
HttpResponse jsonResponse(const QJsonObject &object, int status = 200);
HttpResponse jsonResponse(const QJsonArray &array);
/// Mailpit's two forms of an error: plain text, and {"Error": ...} of what takes JSON in.
HttpResponse refusal(int status, const QString &sentence);
HttpResponse jsonRefusal(int status, const QString &sentence);
/// A failure of the mail system: 404 for what is not there, 507 for a full disk ...
HttpResponse refusal(const mail::Error &error);

mail::Task<HttpResponse> answered(HttpResponse response); ///< at once

/// Answers a request, now or later; nothing more is done for it once context is destroyed, since the client
/// has gone.
using HttpHandler = std::function<mail::Task<HttpResponse>(const HttpRequest &request, QObject *context)>;

} // namespace glasspost::app
