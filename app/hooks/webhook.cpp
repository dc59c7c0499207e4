#include "app/hooks/webhook.h"

#include <QJsonDocument>
#include <QMessageAuthenticationCode>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <utility>

namespace glasspost::app {

namespace {

constexpr qsizetype mostWaiting = 10'000; // about a kilobyte each

bool isWorthAnotherTry(int status)
{
    constexpr int requestTimeout = 408, tooManyRequests = 429; // RFC 9110 15.5.9, RFC 6585 4
    return status == 0 || status >= 500 || status == requestTimeout || status == tooManyRequests;
}

} // namespace

Webhook::Webhook(WebhookSettings settings, QObject *parent) : QObject(parent), m_settings(std::move(settings))
{
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &Webhook::send);
}

Webhook::~Webhook() = default;

void Webhook::post(const QJsonObject &object)
{
    if (m_waiting.size() >= mostWaiting) {
        Q_EMIT failed(QStringLiteral("too many messages are waiting for %1: one was not posted")
                          .arg(m_settings.url.toDisplayString()));
        return;
    }
    m_waiting.enqueue(QJsonDocument(object).toJson(QJsonDocument::Compact));
    if (!m_isSending && !m_pause.isActive())
        send();
}

void Webhook::send()
{
    const QByteArray &body = m_waiting.head();
    QNetworkRequest request(m_settings.url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("Glasspost/" GLASSPOST_VERSION));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setTransferTimeout(int(m_settings.timeout.count()));
    if (!m_settings.secret.isEmpty())
        request.setRawHeader("X-Glasspost-Signature",
            "sha256="
                + QMessageAuthenticationCode::hash(body, m_settings.secret, QCryptographicHash::Sha256)
                      .toHex());
    m_isSending = true;
    ++m_tried;
    QNetworkReply *reply = m_network.post(request, body);
    connect(reply, &QNetworkReply::finished, this, [this, reply] {
        reply->deleteLater();
        take(*reply);
    });
}

void Webhook::take(QNetworkReply &reply)
{
    m_isSending = false;
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const bool isTaken = status >= 200 && status < 300;
    if (!isTaken && isWorthAnotherTry(status) && m_tried < m_settings.tries) {
        m_pause.start(m_settings.firstPause * (1 << (m_tried - 1)));
        return;
    }
    m_waiting.dequeue();
    const int tried = std::exchange(m_tried, 0);
    if (!isTaken)
        Q_EMIT failed(QStringLiteral("%1 could not be notified of a message: %2, tried %3 times")
                          .arg(m_settings.url.toDisplayString(), // without a password
                              status == 0 ? reply.errorString() : QString::number(status))
                          .arg(tried));
    if (!m_waiting.isEmpty() && !m_isSending)
        send();
}

} // namespace glasspost::app
