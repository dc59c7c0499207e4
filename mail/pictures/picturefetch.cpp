#include "mail/pictures/picturefetch.h"

#include "mail/base/hostfield.h"
#include "smtp/dns/exchangerpolicy.h"

#include <QHostInfo>
#include <QNetworkAccessManager>
#include <QNetworkReply>

#include <algorithm>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr std::chrono::seconds longestFetch(20);
constexpr int mostRedirects = 5;
constexpr qsizetype mostAddressesTried = 3; // that are tried

bool isWeb(const QUrl &url)
{
    return url.isValid() && !url.host().isEmpty()
        && (url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http"));
}

} // namespace

PictureFetch::PictureFetch(QNetworkAccessManager &manager, PictureServers servers, QObject *parent)
    : QObject(parent), m_manager(manager), m_servers(servers), m_limit(longestFetch)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this,
        [this] { fail(ErrorCode::InputOutput, QStringLiteral("time-out")); });
}

PictureFetch::~PictureFetch()
{
    m_hasEnded = true;
    if (QNetworkReply *reply = std::exchange(m_reply, nullptr))
        reply->abort();
}

Task<QByteArray> PictureFetch::fetch(const QUrl &url)
{
    m_timer.start(m_limit);
    follow(url);
    return m_promise.task();
}

Task<WebAnswer> PictureFetch::probe(const QUrl &url, Redirects redirects)
{
    m_probe = redirects;
    m_timer.start(m_limit);
    follow(url);
    return m_answer.task();
}

void PictureFetch::follow(const QUrl &url)
{
    const bool isDowngrade
        = m_url.scheme() == QLatin1String("https") && url.scheme() != QLatin1String("https");
    m_url = url;
    m_url.setUserInfo(QString());
    m_url.setFragment(QString());
    if (!isWeb(m_url))
        return fail(ErrorCode::NotPermitted, QStringLiteral("not an http or https address"));
    if (isDowngrade)
        return fail(ErrorCode::NotPermitted, QStringLiteral("a redirect from https to http"));
    if (const QHostAddress address(m_url.host()); !address.isNull())
        return gotAddresses({address});
    QHostInfo::lookupHost(m_url.host(QUrl::FullyEncoded), this,
        [this](const QHostInfo &info) { gotAddresses(info.addresses()); });
}

void PictureFetch::gotAddresses(const QList<QHostAddress> &addresses)
{
    if (m_hasEnded)
        return;
    if (addresses.isEmpty())
        return fail(ErrorCode::NotFound, QStringLiteral("no address"));
    m_addresses.clear();
    for (const QHostAddress &address : addresses)
        if (m_servers == PictureServers::Any || smtp::isPublicAddress(address))
            m_addresses.append(address);
    m_addresses.resize(std::min(m_addresses.size(), mostAddressesTried));
    if (m_addresses.isEmpty())
        return fail(ErrorCode::NotPermitted, QStringLiteral("a server on the local network"));
    request();
}

/// To the address that was checked, whatever its name means a moment later.
void PictureFetch::request()
{
    QUrl url = m_url;
    url.setHost(m_addresses.takeFirst().toString());
    QNetworkRequest request(url);
    request.setRawHeader("Host", hostField(m_url));
    request.setPeerVerifyName(m_url.host(QUrl::FullyEncoded));
    request.setRawHeader("User-Agent", "Mozilla/5.0");
    request.setRawHeader("Accept", m_probe ? "*/*" : "image/*");
    request.setRawHeader("Accept-Language", "en");
    request.setRawHeader("Accept-Encoding", "identity");
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::AutoDeleteReplyOnFinishAttribute, true);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    m_octets.clear();
    m_reply = m_probe ? m_manager.head(request) : m_manager.get(request);
    m_reply->setReadBufferSize(64 * 1024);
    connect(m_reply, &QNetworkReply::readyRead, this, &PictureFetch::take);
    connect(m_reply, &QNetworkReply::finished, this, &PictureFetch::finish);
}

void PictureFetch::take()
{
    if (m_reply == nullptr)
        return;
    m_octets += m_reply->readAll();
    if (m_octets.size() > largestRemotePicture)
        fail(ErrorCode::InputOutput, QStringLiteral("it is too large"));
}

void PictureFetch::finish()
{
    if (m_hasEnded)
        return;
    QNetworkReply *reply = std::exchange(m_reply, nullptr);
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QUrl redirect = reply->attribute(QNetworkRequest::RedirectionTargetAttribute).toUrl();
    const bool isTold = m_probe == Redirects::Told && status != 0;
    if (!redirect.isEmpty() && !isTold) {
        if (++m_redirects > mostRedirects)
            return fail(ErrorCode::InputOutput, QStringLiteral("too many redirects"));
        return follow(m_url.resolved(redirect));
    }
    if (status == 0 && !m_addresses.isEmpty())
        return request(); // nobody answered there
    if (m_probe && status != 0)
        return endProbe(
            WebAnswer{status, reply->attribute(QNetworkRequest::HttpReasonPhraseAttribute).toString()});
    if (reply->error() != QNetworkReply::NoError || status != 200)
        return fail(ErrorCode::InputOutput, reply->errorString());
    m_octets += reply->readAll();
    end(m_octets);
}

void PictureFetch::fail(ErrorCode code, const QString &why)
{
    const auto error = tl::unexpected(Error{code, m_url.toString(QUrl::FullyEncoded), why});
    if (m_probe)
        endProbe(error);
    else
        end(error);
}

void PictureFetch::end(const Result<QByteArray> &result)
{
    if (std::exchange(m_hasEnded, true))
        return;
    stop();
    m_promise.answer(result);
}

void PictureFetch::endProbe(const Result<WebAnswer> &answer)
{
    if (std::exchange(m_hasEnded, true))
        return;
    stop();
    m_answer.answer(answer);
}

void PictureFetch::stop()
{
    m_timer.stop();
    m_addresses.clear();
    if (QNetworkReply *reply = std::exchange(m_reply, nullptr))
        reply->abort();
}

} // namespace glasspost::mail
