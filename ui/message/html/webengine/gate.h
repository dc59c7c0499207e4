#pragma once

#include <QByteArray>
#include <QUrl>
#include <QWebEngineUrlRequestInterceptor>
#include <QWebEngineUrlSchemeHandler>

namespace glasspost::ui {

/// What a page can load: the document that it is, and nothing else. The document's own policy (CSP) allows
/// pictures within it and styles; this is the second barrier.
class Gate : public QWebEngineUrlRequestInterceptor
{
    Q_OBJECT
public:
    using QWebEngineUrlRequestInterceptor::QWebEngineUrlRequestInterceptor;

    /// Before there is a QApplication.
    static void registerScheme();
    [[nodiscard]] static const QByteArray &scheme();
    /// Where the next document is: never where the one before was.
    QUrl nextUrl();
    [[nodiscard]] const QUrl &url() const { return m_url; }

    void interceptRequest(QWebEngineUrlRequestInfo &info) override;

private:
    QUrl m_url;
    quint64 m_number = 0;
};

/// Hands the document to the engine.
class DocumentSource : public QWebEngineUrlSchemeHandler
{
    Q_OBJECT
public:
    using QWebEngineUrlSchemeHandler::QWebEngineUrlSchemeHandler;

    void setDocument(const QByteArray &document) { m_document = document; }
    void requestStarted(QWebEngineUrlRequestJob *job) override;

private:
    QByteArray m_document;
};

} // namespace glasspost::ui
