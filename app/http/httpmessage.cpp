#include "app/http/httpmessage.h"

#include <QJsonDocument>
#include <QUrl>

#include <algorithm>

namespace glasspost::app {

QString HttpRequest::argument(const QString &name) const
{
    return arguments(name).value(0);
}

QStringList HttpRequest::arguments(const QString &name) const
{
    QStringList values = query.allQueryItemValues(name, QUrl::PrettyDecoded);
    for (QString &value : values)
        value = QUrl::fromPercentEncoding(value.replace(u'+', u' ').toUtf8());
    return values;
}

int HttpRequest::number(const QString &name, int fallback) const
{
    bool isNumber = false;
    const int value = argument(name).toInt(&isNumber);
    return isNumber ? std::max(0, value) : fallback;
}

void HttpStream::write(const QByteArray &octets)
{
    m_isCutOff = m_isCutOff || m_waiting.size() + octets.size() > mostWaiting;
    if (m_isCutOff)
        m_waiting.clear();
    else
        m_waiting += octets;
    Q_EMIT written();
}

QByteArray HttpStream::take(qsizetype most)
{
    const QByteArray taken = m_waiting.left(most);
    m_waiting.remove(0, taken.size());
    return taken;
}

QString HttpRequest::root() const
{
    if (mailbox.isEmpty())
        return {};
    return QStringLiteral("/inbox/") + QString::fromLatin1(QUrl::toPercentEncoding(mailbox));
}

HttpResponse textResponse(const QByteArray &text, int status)
{
    HttpResponse response;
    response.status = status;
    response.body = text;
    return response;
}

namespace {

HttpResponse documentResponse(const QJsonDocument &document, int status)
{
    HttpResponse response;
    response.status = status;
    response.contentType = "application/json";
    response.body = document.toJson(QJsonDocument::Compact) + '\n';
    return response;
}

} // namespace

HttpResponse jsonResponse(const QJsonObject &object, int status)
{
    return documentResponse(QJsonDocument(object), status);
}

HttpResponse jsonResponse(const QJsonArray &array)
{
    return documentResponse(QJsonDocument(array), 200);
}

HttpResponse refusal(int status, const QString &sentence)
{
    return textResponse(sentence.toUtf8(), status);
}

HttpResponse jsonRefusal(int status, const QString &sentence)
{
    return jsonResponse({{QStringLiteral("Error"), sentence}}, status);
}

HttpResponse refusal(const mail::Error &error)
{
    const QString about = error.systemText.isEmpty() ? error.subject : error.systemText;
    switch (error.code) {
    case mail::ErrorCode::NotFound:
        return refusal(404, QStringLiteral("Not found"));
    case mail::ErrorCode::NoMailbox:
        return refusal(400, QStringLiteral("No such mailbox: ") + error.subject);
    case mail::ErrorCode::BadAddress:
        return refusal(400, QStringLiteral("Invalid email address: ") + error.subject);
    case mail::ErrorCode::NotAMessage:
    case mail::ErrorCode::BadSettings:
        return refusal(400, about);
    case mail::ErrorCode::NotPermitted:
        return refusal(403, about);
    case mail::ErrorCode::StillQueued:
        return refusal(409, QStringLiteral("Still in the queue: ") + error.subject);
    case mail::ErrorCode::NoSpace:
        return refusal(507, about);
    case mail::ErrorCode::InUse:
    case mail::ErrorCode::IndexIncomplete:
        return refusal(503, about);
    case mail::ErrorCode::Damaged:
    case mail::ErrorCode::ReportNotSent:
    case mail::ErrorCode::InputOutput:
        break;
    }
    return refusal(500, about);
}

mail::Task<HttpResponse> answered(HttpResponse response)
{
    return mail::Result<HttpResponse>(std::move(response));
}

} // namespace glasspost::app
