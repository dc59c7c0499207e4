#include "smtp/dns/stsfetch.h"

#include "smtp/dns/addresssearch.h"
#include "smtp/dns/mtasts.h"
#include "smtp/session/certificatename.h"
#include "smtp/syntax/hostport.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QUrl>

#include <utility>

namespace glasspost::smtp {

namespace {

constexpr int httpOk = 200;
constexpr qsizetype addressLimit = 4;

/// RFC 8461 3.3: 200 and text/plain, or it is no policy.
StsFetch::Outcome outcomeOfReply(QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status != 0 && status != httpOk)
        return tl::unexpected("HTTP status " + QByteArray::number(status));
    if (reply.error() != QNetworkReply::NoError)
        return tl::unexpected(reply.errorString().toUtf8());
    const QByteArray type
        = reply.header(QNetworkRequest::ContentTypeHeader).toByteArray().split(';').value(0).trimmed();
    if (type.toLower() != "text/plain")
        return tl::unexpected(QByteArray("it is not text/plain"));
    if (reply.bytesAvailable() > stsPolicyLimit)
        return tl::unexpected(QByteArray("it is larger than 64 KiB"));
    return reply.readAll();
}

} // namespace

StsFetch::StsFetch(std::shared_ptr<Resolver> resolver, StsFetchSettings settings, QObject *parent)
    : QObject(parent), m_resolver(std::move(resolver)), m_settings(std::move(settings))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] { end(tl::unexpected(QByteArray("time-out"))); });
    m_manager.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    m_manager.setProxy(QNetworkProxy::NoProxy);
    m_manager.setAutoDeleteReplies(true);
}

void StsFetch::fetch(const QByteArray &domain)
{
    m_host = "mta-sts." + domain;
    m_timer.start(m_settings.timeout);
    auto *search = new AddressSearch(m_resolver, this);
    connect(search, &AddressSearch::finished, this, [this, search] {
        const AddressAnswer answer = search->answers().value(m_host);
        gotAddresses(answer.addresses, answer.trouble);
    });
    search->ask({m_host});
}

void StsFetch::gotAddresses(const QList<QHostAddress> &addresses, const QByteArray &trouble)
{
    if (!trouble.isEmpty())
        m_trouble = trouble;
    m_addresses = addresses.first(std::min(addresses.size(), addressLimit));
    tryNext();
}

void StsFetch::tryNext()
{
    if (m_ended)
        return;
    if (m_addresses.isEmpty())
        return end(tl::unexpected(m_trouble));
    QUrl url(QStringLiteral("https://host/.well-known/mta-sts.txt"));
    url.setHost(m_addresses.takeFirst().toString());
    url.setPort(m_settings.port);
    QNetworkRequest request(url);
    // The address is our own nameserver's word; the name is what is asked for and what must be certified.
    const bool isUsual = m_settings.port == 443;
    request.setRawHeader(
        "Host", isUsual ? m_host : hostPort(QString::fromLatin1(m_host), m_settings.port).toLatin1());
    request.setPeerVerifyName(QString::fromLatin1(m_host));
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.addCaCertificates(m_settings.authorities);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    request.setSslConfiguration(configuration);
    QNetworkReply *reply = m_manager.get(request);
    reply->setReadBufferSize(stsPolicyLimit + 1);
    connect(reply, &QNetworkReply::readyRead, this, [this, reply] {
        if (reply->bytesAvailable() > stsPolicyLimit)
            end(tl::unexpected(QByteArray("it is larger than 64 KiB")));
    });
    connect(reply, &QNetworkReply::finished, this, [this, reply] { gotReply(reply); });
}

void StsFetch::gotReply(QNetworkReply *reply)
{
    if (m_ended)
        return;
    const bool isNamed = certificateNames(reply->sslConfiguration().peerCertificate(), m_host);
    const Outcome outcome = isNamed || reply->error() != QNetworkReply::NoError
        ? outcomeOfReply(*reply)
        : tl::unexpected("the certificate does not name " + m_host);
    const bool answered = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid();
    if (outcome || answered)
        return end(outcome);
    m_trouble = outcome.error();
    tryNext();
}

void StsFetch::end(const Outcome &outcome)
{
    if (std::exchange(m_ended, true))
        return;
    m_timer.stop();
    Q_EMIT finished(outcome);
}

} // namespace glasspost::smtp
