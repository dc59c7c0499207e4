#pragma once

#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QObject>
#include <QQueue>
#include <QTimer>
#include <QUrl>

#include <chrono>

class QNetworkReply;

namespace glasspost::app {

struct WebhookSettings
{
    QUrl url;
    QByteArray secret; ///< signs what is posted; empty: nothing does
    std::chrono::milliseconds firstPause = std::chrono::seconds(1); ///< doubled after each failed try
    int tries = 8; ///< two minutes of pauses; up to six where each times out
    std::chrono::milliseconds timeout = std::chrono::seconds(30); ///< of one try
};

/// Posts JSON to a URL, one object after another in their order. Each is tried again while the other end
/// cannot be reached, is too busy or fails (5xx, 408, 429), then given up. Redirections are not followed. On
/// the thread that made it.
class Webhook : public QObject
{
    Q_OBJECT
public:
    explicit Webhook(WebhookSettings settings, QObject *parent = nullptr);
    ~Webhook() override;

    /// The signature is that of the octets posted: X-Glasspost-Signature: sha256=HMAC-SHA-256 in hexadecimal.
    void post(const QJsonObject &object);

Q_SIGNALS:
    void failed(const QString &sentence); ///< one was given up

private:
    void send();
    void take(QNetworkReply &reply);

    WebhookSettings m_settings;
    QNetworkAccessManager m_network;
    QQueue<QByteArray> m_waiting; ///< the first is on its way
    int m_tried = 0; ///< how often the first was
    QTimer m_pause;
    bool m_isSending = false;
};

} // namespace glasspost::app
