#pragma once

// Questions over HTTP to a port of this machine.

#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

#include <memory>

namespace glasspost::test {

struct Answer
{
    int status = 0; ///< 0: nobody is there, or no answer in time
    QByteArray body;
    QByteArray contentType;
    QHash<QByteArray, QByteArray> fields; ///< their names in small letters

    [[nodiscard]] QJsonObject object() const { return QJsonDocument::fromJson(body).object(); }
};

/// Asks for one thing after another; redirections are not followed.
class HttpClient
{
public:
    /// Goes with the reply.
    std::unique_ptr<QNetworkReply> begin(
        const QByteArray &method, const QString &path, const QByteArray &body = {})
    {
        QNetworkRequest request(QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(port).arg(path)));
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
        if (!token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + token);
        return std::unique_ptr<QNetworkReply>(m_network.sendCustomRequest(request, method, body));
    }
    static Answer end(QNetworkReply &reply)
    {
        if (!QTest::qWaitFor([&reply] { return reply.isFinished(); }, 20000))
            return {};
        Answer answer{reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply.readAll(),
            reply.rawHeader("Content-Type"), {}};
        for (const auto &[name, value] : reply.rawHeaderPairs())
            answer.fields.insert(name.toLower(), value);
        return answer;
    }
    Answer ask(const QByteArray &method, const QString &path, const QByteArray &body = {})
    {
        return end(*begin(method, path, body));
    }
    Answer get(const QString &path) { return ask("GET", path); }
    void forgetConnections() { m_network.clearConnectionCache(); }

    quint16 port = 0;
    QByteArray token; ///< empty: none is shown

private:
    QNetworkAccessManager m_network;
};

} // namespace glasspost::test
