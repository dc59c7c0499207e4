#include "ui/message/html/pagetiles.h"

#include "mail/base/worker.h"

#include <QDeadlineTimer>
#include <QPainter>

#include <chrono>
#include <cmath>

namespace glasspost::ui {

namespace {

constexpr std::chrono::seconds longestPainting(2); ///< of one strip, which then stays as far as it came
constexpr int strips = 3; // beyond those in sight, in either direction

struct Strip
{
    std::shared_ptr<const Page> page;
    PictureImages pictures;
    qreal zoom = 1, deviceRatio = 1;
    Rendering rendering = Rendering::AsSent;
    QRect place; ///< in pixels of the window
    std::shared_ptr<std::atomic_bool> isStopped;
};

QImage painted(const Strip &strip)
{
    QImage image(strip.place.size() * strip.deviceRatio, QImage::Format_RGB32);
    image.setDevicePixelRatio(strip.deviceRatio);
    QPainter painter(&image);
    painter.translate(-strip.place.topLeft());
    painter.scale(strip.zoom, strip.zoom);
    const QRectF area(QPointF(strip.place.topLeft()) / strip.zoom, QSizeF(strip.place.size()) / strip.zoom);
    const QDeadlineTimer deadline(longestPainting);
    paintPage(painter, *strip.page, strip.pictures, area.toAlignedRect(), strip.rendering,
        [&] { return strip.isStopped->load() || deadline.hasExpired(); });
    return image;
}

} // namespace

PageTiles::PageTiles(QObject *parent)
    : QObject(parent), m_isStopped(std::make_shared<std::atomic_bool>(false))
{ }

PageTiles::~PageTiles()
{
    m_isStopped->store(true);
}

void PageTiles::setPage(std::shared_ptr<const Page> page, const PictureImages &pictures)
{
    forget();
    m_page = std::move(page);
    m_pictures = pictures;
}

void PageTiles::setScale(qreal zoom, qreal deviceRatio, int width)
{
    if (zoom == m_zoom && deviceRatio == m_deviceRatio && width == m_width)
        return;
    forget();
    m_zoom = zoom;
    m_deviceRatio = deviceRatio;
    m_width = width;
}

void PageTiles::setRendering(Rendering rendering)
{
    if (rendering != m_rendering)
        forget();
    m_rendering = rendering;
}

void PageTiles::forget()
{
    m_isStopped->store(true);
    m_isStopped = std::make_shared<std::atomic_bool>(false);
    m_strips.clear();
    m_asked.clear();
}

QImage PageTiles::strip(int number)
{
    const auto known = m_strips.constFind(number);
    if (known != m_strips.cend())
        return *known;
    if (m_page && m_width > 0 && !m_asked.contains(number))
        paint(number);
    return {};
}

void PageTiles::paint(int number)
{
    m_asked.insert(number);
    const Strip strip{m_page, m_pictures, m_zoom, m_deviceRatio, m_rendering,
        QRect(0, number * height, m_width, height), m_isStopped};
    mail::runInPool([strip] {
        return painted(strip);
    }).andThen(this, [this, number, isStopped = m_isStopped](const QImage &image) {
        if (isStopped->load())
            return;
        m_asked.remove(number);
        m_strips.insert(number, image);
        Q_EMIT ready(number);
    });
}

void PageTiles::keep(int first, int last)
{
    m_strips.removeIf([first, last](const auto &strip) {
        return strip.key() < first - strips || strip.key() > last + strips;
    });
}

} // namespace glasspost::ui
