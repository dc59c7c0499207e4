#include "ui/message/html/webengine/gate.h"

#include <QBuffer>
#include <QWebEngineUrlRequestInfo>
#include <QWebEngineUrlRequestJob>
#include <QWebEngineUrlScheme>

namespace glasspost::ui {

const QByteArray &Gate::scheme()
{
    static const QByteArray name("glasspost-page");
    return name;
}

/// Of an origin that is nobody's, so that a document has no right to anything.
void Gate::registerScheme()
{
    QWebEngineUrlScheme own(scheme());
    own.setSyntax(QWebEngineUrlScheme::Syntax::Path);
    own.setFlags(QWebEngineUrlScheme::NoAccessAllowed);
    QWebEngineUrlScheme::registerScheme(own);
}

QUrl Gate::nextUrl()
{
    m_url = QUrl(QString::fromLatin1(scheme()) + u':' + QString::number(++m_number));
    return m_url;
}

void Gate::interceptRequest(QWebEngineUrlRequestInfo &info)
{
    const bool isDocument = info.resourceType() == QWebEngineUrlRequestInfo::ResourceTypeMainFrame
        && info.requestUrl() == m_url;
    info.block(!isDocument);
}

void DocumentSource::requestStarted(QWebEngineUrlRequestJob *job)
{
    auto *octets = new QBuffer(job);
    octets->setData(m_document);
    octets->open(QIODevice::ReadOnly);
    job->reply("text/html;charset=utf-8", octets);
}

} // namespace glasspost::ui
