#include "ui/message/html/webengine/weblayout.h"

#include "ui/message/html/webengine/reading.h"

#include <QFile>
#include <QWebEnginePage>
#include <QWebEngineScript>
#include <QWebEngineSettings>

#include <chrono>
#include <cmath>
#include <unistd.h>

namespace glasspost::ui {

namespace {

constexpr std::chrono::milliseconds oftenEnough(4);
constexpr int windowHeight = 1200; // CSS pixels
constexpr int mostWindowPixels = 4000000;
constexpr int widestWindow = 8000; // pixels
constexpr int stripHeight = 256; // pixels

/// Goes nowhere but to the document, whatever that asks for.
class OnePage : public QWebEnginePage
{
public:
    OnePage(QWebEngineProfile *profile, const Gate &gate, QObject *parent)
        : QWebEnginePage(profile, parent), m_gate(gate)
    { }

protected:
    bool acceptNavigationRequest(const QUrl &url, NavigationType, bool isMainFrame) override
    {
        return isMainFrame && url == m_gate.url();
    }

private:
    const Gate &m_gate;
};

QString pageScript()
{
    QFile file(QStringLiteral(":/page.js"));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

WebLayout::WebLayout()
{
    setUp();
    for (QTimer *timer : {&m_reading, &m_looking}) {
        timer->setSingleShot(true);
        timer->setInterval(oftenEnough);
    }
    connect(&m_reading, &QTimer::timeout, this, &WebLayout::read);
    connect(&m_looking, &QTimer::timeout, this, &WebLayout::look);
}

void WebLayout::setUp()
{
    m_profile.setUrlRequestInterceptor(&m_gate);
    m_profile.installUrlSchemeHandler(Gate::scheme(), &m_source);
    auto *page = new OnePage(&m_profile, m_gate, &m_view);
    using Settings = QWebEngineSettings;
    for (const Settings::WebAttribute attribute : {Settings::JavascriptEnabled, Settings::LocalStorageEnabled,
             Settings::PluginsEnabled, Settings::DnsPrefetchEnabled, Settings::LocalContentCanAccessFileUrls,
             Settings::LocalContentCanAccessRemoteUrls, Settings::HyperlinkAuditingEnabled,
             Settings::AutoLoadIconsForPage, Settings::WebGLEnabled, Settings::Accelerated2dCanvasEnabled,
             Settings::ScreenCaptureEnabled, Settings::FullScreenSupportEnabled, Settings::PdfViewerEnabled,
             Settings::ErrorPageEnabled, Settings::AllowRunningInsecureContent, Settings::ShowScrollBars,
             Settings::FocusOnNavigationEnabled}) // a link that has the focus shows it
        page->settings()->setAttribute(attribute, false);
    page->settings()->setAttribute(Settings::WebRTCPublicInterfacesOnly, true);
    m_view.setPage(page);
    m_view.setWindowFlag(Qt::WindowDoesNotAcceptFocus);
    connect(page, &QWebEnginePage::renderProcessTerminated, this, [] { ::_exit(EXIT_FAILURE); });
    connect(page, &QWebEnginePage::loadFinished, this, [this](bool isLoaded) {
        if (!isLoaded)
            ::_exit(EXIT_FAILURE);
        m_view.setZoomFactor(m_request.scale);
        run(pageScript(), [this](const QVariant &) { read(); });
    });
}

void WebLayout::layOut(const PageRequest &request)
{
    m_request = request;
    m_request.scale = qBound(leastPageScale, request.scale, mostPageScale);
    m_page = Page();
    m_texts.clear();
    QWebEngineSettings *settings = m_view.settings();
    for (const auto family : {QWebEngineSettings::StandardFont, QWebEngineSettings::SansSerifFont})
        settings->setFontFamily(family, request.family);
    settings->setFontSize(QWebEngineSettings::DefaultFontSize, request.fontSize);
    openWindow();
    m_source.setDocument(request.html);
    m_view.load(m_gate.nextUrl());
}

/// As wide as the page is to be, and one line higher than what is taken of it at once.
void WebLayout::openWindow()
{
    const int width = qBound(1, int(std::lround(m_request.width * m_request.scale)), widestWindow);
    m_window = QSize(width, qBound(100, mostWindowPixels / width, int(windowHeight * m_request.scale)));
    m_view.resize(m_window + QSize(0, 1));
    m_view.setZoomFactor(m_request.scale);
    m_view.show();
}

void WebLayout::run(const QString &script, const std::function<void(const QVariant &)> &take)
{
    m_view.page()->runJavaScript(script, QWebEngineScript::ApplicationWorld, take);
}

void WebLayout::read()
{
    run(QStringLiteral("read(%1, %2)").arg(m_window.width()).arg(m_request.scale),
        [this](const QVariant &reading) {
            if (reading.userType() == QMetaType::QVariantMap)
                takeReading(reading.toMap());
            else
                m_reading.start();
        });
}

void WebLayout::takeReading(const QVariantMap &reading)
{
    m_page = readingOf(reading);
    m_texts = std::exchange(m_page.items, {});
    m_pictures = placesOf(reading.value(QStringLiteral("pictures")));
    m_pixels = QSize(qMax(m_window.width(), int(std::ceil(m_page.size.width() * m_request.scale))),
        int(std::ceil(m_page.size.height() * m_request.scale)));
    show(QPoint());
}

void WebLayout::show(const QPoint &corner)
{
    if (corner.y() >= m_pixels.height()) {
        m_page.items += m_texts;
        Q_EMIT laidOut(m_page);
        return;
    }
    m_shown = (m_shown + 1) & RGB_MASK;
    run(QStringLiteral("show(%1, %2, %3, '%4')")
            .arg(corner.x())
            .arg(corner.y())
            .arg(m_request.scale)
            .arg(QColor::fromRgb(m_shown).name()),
        [this](const QVariant &there) {
            m_corner = pointOf(there);
            look();
        });
}

/// Whether the engine has painted what it was asked for.
void WebLayout::look()
{
    const QRect line(0, m_window.height(), 1, 1);
    if ((m_view.grab(line).toImage().pixel(0, 0) & RGB_MASK) == m_shown)
        takeWindow(m_view.grab(QRect(QPoint(), m_window)).toImage());
    else
        m_looking.start();
}

void WebLayout::takeWindow(const QImage &window)
{
    const QRect whole = QRect(m_corner, m_window) & QRect(QPoint(), m_pixels);
    for (int top = whole.top(); top <= whole.bottom(); top += stripHeight)
        addStrip(window, QRect(whole.left(), top, whole.width(), stripHeight) & whole);
    const bool isLast = m_corner.x() + m_window.width() >= m_pixels.width();
    show(isLast ? QPoint(0, m_corner.y() + m_window.height())
                : QPoint(m_corner.x() + m_window.width(), m_corner.y()));
}

void WebLayout::addStrip(const QImage &window, const QRect &part)
{
    PageStrip strip(window.copy(part.translated(-m_corner)), part.topLeft(), m_request.scale);
    const QRect place = strip.exactPlace().toAlignedRect();
    for (const QRect &picture : m_pictures)
        if (const QRect there = picture & place; !there.isEmpty())
            strip.pictures.append(there);
    m_page.items.append({place, -1, strip});
}

} // namespace glasspost::ui
