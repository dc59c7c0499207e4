#include "ui/message/screendrawer.h"

#include "mail/base/worker.h"
#include "mail/message/htmlpages.h"
#include "mail/message/messagereader.h"
#include "ui/message/html/pagecolors.h"

#include <QDeadlineTimer>
#include <QGuiApplication>
#include <QPainter>

#include <chrono>
#include <utility>

namespace glasspost::ui {

namespace {

constexpr int phoneScreen = 360, tabletScreen = 600, desktopScreen = 960; // CSS pixels
constexpr std::chrono::seconds longestDrawing(5); // of a picture, which then stays as far as it came

SchemePage schemePage(const QString &html, const mail::HtmlPage &page)
{
    const PictureFiles files = picturesOf(page);
    return {html, page.styleSheet, {files, sizesOf(files)}, Rendering::AsSent};
}

mail::Result<SchemePages> schemePagesIn(const mail::OctetsReader &source)
{
    const auto light = mail::readHtmlPage(source, mail::ColorScheme::Light);
    const auto dark = mail::readHtmlPage(source, mail::ColorScheme::Dark);
    if (!light || !dark)
        return tl::unexpected(light ? dark.error() : light.error());
    SchemePages pages;
    if (light->html.isEmpty())
        return pages;
    mail::HtmlPages all(light->html);
    pages.light = std::make_shared<const SchemePage>(schemePage(all.next(), *light));
    pages.isWhole = all.atEnd();
    pages.followsScheme = light->styleSheet != dark->styleSheet;
    SchemePage darkPage = *pages.light;
    if (pages.followsScheme)
        darkPage = schemePage(mail::HtmlPages(dark->html).next(), *dark);
    else
        darkPage.rendering = Rendering::Dark;
    pages.dark = std::make_shared<const SchemePage>(std::move(darkPage));
    return pages;
}

struct ScreenPainting
{
    std::shared_ptr<const Page> page;
    PictureImages images;
    Rendering rendering = Rendering::AsSent;
    int width = 0;
    qreal deviceRatio = 1;
    std::stop_token stop;
};

QImage paintedScreen(const ScreenPainting &painting)
{
    const QSize shown(painting.width, qBound(1, painting.page->size.height(), ScreenDrawer::tallest));
    const qreal scale = 1.0 / ScreenDrawer::reduction;
    const QSize pixels = (QSizeF(shown) * scale * painting.deviceRatio).toSize().expandedTo(QSize(1, 1));
    const QRgb paper = painting.page->background;
    QImage image(pixels, QImage::Format_RGB32);
    image.fill(painting.rendering == Rendering::Dark ? darkened(paper) : paper);
    image.setDevicePixelRatio(painting.deviceRatio);
    QPainter painter(&image);
    painter.scale(scale, scale);
    const QDeadlineTimer deadline(longestDrawing);
    paintPage(painter, *painting.page, painting.images, QRect(QPoint(), shown), painting.rendering,
        [&] { return painting.stop.stop_requested() || deadline.hasExpired(); });
    return image;
}

} // namespace

const QList<ReaderScreen> &readerScreens()
{
    using enum mail::ColorScheme;
    static const QList<ReaderScreen> all = {{phoneScreen, Light}, {tabletScreen, Light},
        {desktopScreen, Light}, {phoneScreen, Dark}, {tabletScreen, Dark}, {desktopScreen, Dark}};
    return all;
}

mail::Result<SchemePages> readSchemePages(const mail::MessageOctets &octets)
{
    return mail::OctetsReader::open(octets).and_then(
        [](const mail::OctetsReader &source) { return schemePagesIn(source); });
}

ScreenDrawer::ScreenDrawer(const QString &program, QObject *parent) : QObject(parent), m_process(program)
{
    connect(&m_process, &PageProcess::laidOut, this, &ScreenDrawer::paint);
    connect(&m_process, &PageProcess::failed, this, [this](PageFailure failure) {
        take({QImage(), QSize(), failure});
    });
}

ScreenDrawer::~ScreenDrawer()
{
    m_stop.request_stop();
}

void ScreenDrawer::giveUp()
{
    ++m_turn;
    std::exchange(m_stop, std::stop_source()).request_stop();
    m_process.giveUp();
    m_pages = SchemePages();
    m_images.clear();
    m_decoded.reset();
}

void ScreenDrawer::draw(const mail::MessageOctets &octets, qreal deviceRatio)
{
    giveUp();
    m_deviceRatio = deviceRatio;
    m_number = 0;
    mail::runLongWork([octets] {
        return readSchemePages(octets);
    }).then(this, [this, turn = m_turn](const mail::Result<SchemePages> &pages) {
        if (turn != m_turn)
            return;
        if (!pages) {
            Q_EMIT failed(pages.error());
            return;
        }
        m_pages = *pages;
        Q_EMIT read();
        drawNext();
    });
}

/// The pictures of a scheme are decoded once; those of the one before are forgotten then.
void ScreenDrawer::drawNext()
{
    if (m_pages.light == nullptr || m_number == readerScreens().size()) {
        m_images.clear();
        m_decoded.reset();
        Q_EMIT finished();
        return;
    }
    const std::shared_ptr<const SchemePage> page = m_pages.of(readerScreens().at(m_number).scheme);
    if (m_decoded && !m_pages.followsScheme) // the same pictures
        m_decoded = page;
    if (m_decoded == page) {
        layOut();
        return;
    }
    m_images.clear();
    mail::runInPool([page, stop = m_stop.get_token()] {
        return decoded(page->pictures.files, stop);
    }).andThen(this, [this, page, turn = m_turn](const PictureImages &images) {
        if (turn != m_turn)
            return;
        m_images = images;
        m_decoded = page;
        layOut();
    });
}

void ScreenDrawer::layOut()
{
    PageRequest request;
    request.html = m_decoded->html.toUtf8();
    request.styleSheet = m_decoded->styleSheet;
    request.pictures = m_decoded->pictures.sizes;
    request.width = readerScreens().at(m_number).width;
    request.family = QGuiApplication::font().family();
    m_process.layOut(request);
}

void ScreenDrawer::paint(const std::shared_ptr<const Page> &page)
{
    const ScreenPainting painting{page, m_images, m_decoded->rendering, readerScreens().at(m_number).width,
        m_deviceRatio, m_stop.get_token()};
    mail::runInPool([painting] {
        return paintedScreen(painting);
    }).andThen(this, [this, size = page->size, turn = m_turn](const QImage &picture) {
        if (turn == m_turn)
            take({picture, size, std::nullopt});
    });
}

/// Whoever hears of it may give up, or have another message drawn.
void ScreenDrawer::take(const DrawnScreen &screen)
{
    const quint64 turn = m_turn;
    Q_EMIT drawn(m_number, screen);
    if (turn != m_turn)
        return;
    ++m_number;
    drawNext();
}

} // namespace glasspost::ui
