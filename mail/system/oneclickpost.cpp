#include "mail/system/oneclickpost.h"

#include "mail/base/hostfield.h"
#include "smtp/dns/exchangerpolicy.h"

#include <QHostInfo>
#include <QNetworkProxy>
#include <QNetworkReply>

#include <algorithm>
#include <chrono>

namespace glasspost::mail {

namespace {

constexpr std::chrono::seconds longestPost(20);

} // namespace

OneClickPost::OneClickPost(OneClickServers servers, QObject *parent) : QObject(parent), m_servers(servers)
{
    m_manager.setProxy(QNetworkProxy::NoProxy);
    m_manager.setAutoDeleteReplies(true);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this,
        [this] { fail(ErrorCode::InputOutput, QStringLiteral("time-out")); });
}

Task<void> OneClickPost::post(const QUrl &url)
{
    m_url = url;
    m_timer.start(longestPost);
    QHostInfo::lookupHost(
        m_url.host(QUrl::FullyEncoded), this, [this](const QHostInfo &info) { gotAddresses(info); });
    return m_promise.task();
}

void OneClickPost::gotAddresses(const QHostInfo &info)
{
    const QList<QHostAddress> addresses = info.addresses();
    const auto allowed
        = std::find_if(addresses.cbegin(), addresses.cend(), [this](const QHostAddress &address) {
              return m_servers == OneClickServers::Any || smtp::isPublicAddress(address);
          });
    if (addresses.isEmpty())
        return fail(ErrorCode::InputOutput, info.errorString());
    if (allowed == addresses.cend())
        return fail(ErrorCode::NotPermitted, QStringLiteral("a server on the local network"));
    QUrl url = m_url;
    url.setHost(allowed->toString());
    QNetworkRequest request(url);
    request.setRawHeader("Host", hostField(m_url));
    request.setPeerVerifyName(m_url.host(QUrl::FullyEncoded));
    request.setRawHeader("User-Agent", "Mozilla/5.0");
    request.setRawHeader("Accept-Language", "en");
    request.setHeader(
        QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/x-www-form-urlencoded"));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    QNetworkReply *reply = m_manager.post(request, QByteArrayLiteral("List-Unsubscribe=One-Click"));
    reply->setReadBufferSize(64 * 1024); // its words are of no use
    connect(reply, &QNetworkReply::metaDataChanged, this, [this, reply] { finish(*reply); });
    connect(reply, &QNetworkReply::finished, this, [this, reply] { finish(*reply); });
}

void OneClickPost::finish(const QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= 200 && status < 300)
        end({});
    else if (status != 0)
        fail(ErrorCode::InputOutput, QStringLiteral("HTTP %1").arg(status));
    else
        fail(ErrorCode::InputOutput, reply.errorString());
}

void OneClickPost::fail(ErrorCode code, const QString &why)
{
    end(tl::unexpected(Error{code, m_url.host(), why}));
}

void OneClickPost::end(const Result<void> &result)
{
    m_timer.stop();
    m_promise.answer(result); // the first counts
}

} // namespace glasspost::mail
