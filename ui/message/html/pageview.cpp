#include "ui/message/html/pageview.h"

#include "mail/base/worker.h"
#include "ui/message/html/pagecolors.h"
#include "ui/theme/theme.h"

#include <QGuiApplication>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace glasspost::ui {

namespace {

constexpr int widestStrip = 8000;
constexpr std::chrono::milliseconds settlingTime(40);

} // namespace

PageView::PageView(PagePrograms programs, QWidget *parent)
    : HtmlView(parent), m_programs(std::move(programs)), m_process(m_programs.litehtml)
{
    setFrameShape(QFrame::NoFrame);
    setPalette(lightPalette());
    viewport()->setMouseTracking(true);
    viewport()->setCursor(Qt::IBeamCursor);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Message as HTML"));
    m_request.family = font().family();
    m_settling.setSingleShot(true);
    m_settling.setInterval(settlingTime);
    connect(&m_settling, &QTimer::timeout, this, &PageView::askForPage);
    connect(&m_process, &PageProcess::laidOut, this, &PageView::takePage);
    connect(&m_process, &PageProcess::failed, this, &PageView::takeFailure);
    connect(&m_tiles, &PageTiles::ready, this, [this](int number) {
        const int top = number * PageTiles::height - verticalScrollBar()->value();
        viewport()->update(0, top, viewport()->width(), PageTiles::height);
    });
}

void PageView::setEngine(mail::HtmlEngine engine)
{
    if (engine == m_wanted)
        return;
    m_wanted = m_engine = engine;
    m_hasLaidOut = false;
    use(engine);
}

void PageView::use(mail::HtmlEngine engine)
{
    m_used = engine;
    m_process.setProgram(engine == mail::HtmlEngine::WebEngine ? m_programs.webEngine : m_programs.litehtml);
}

void PageView::showHtml(const QString &html, const QString &styleSheet, const PagePictures &pictures)
{
    m_request.html = html.toUtf8();
    m_request.styleSheet = styleSheet;
    m_request.pictures = pictures.sizes;
    m_files = pictures.files;
    m_pictures.clear();
    use(m_engine);
    takePage(nullptr);
    askForPage();
}

void PageView::setPlaces(const PagePictures &pictures)
{
    if (pictures.sizes == m_request.pictures)
        return;
    m_request.pictures = pictures.sizes;
    m_files = pictures.files;
    askForPage();
}

void PageView::setPictures(const PictureImages &pictures)
{
    m_pictures = pictures;
    m_tiles.setPage(m_page, m_pictures);
    viewport()->update();
}

/// Room for the scroll bar is kept, there or not: the page would be laid out twice when it comes.
int PageView::pageWidth() const
{
    if (m_look.width > 0)
        return m_look.width;
    return qMax(1, int((width() - verticalScrollBar()->sizeHint().width()) / m_look.zoom));
}

/// Of the sheet that the page lies on, in pixels of the window: all of it, or as wide as was chosen.
QSize PageView::shownSize() const
{
    const QSize size = m_page ? m_page->size * m_look.zoom : QSize(0, 0);
    const int least = m_look.width > 0 ? int(m_look.width * m_look.zoom) : viewport()->width();
    return {qMax(size.width(), least), size.height()};
}

/// Where the page begins on the viewport: scrolled, and in the middle where there is room at its sides.
QPoint PageView::origin() const
{
    const int left = qMax(0, viewport()->width() - shownSize().width()) / 2;
    return QPoint(left, 0) - QPoint(horizontalScrollBar()->value(), verticalScrollBar()->value());
}

/// What is painted for another scale is not sharp.
qreal PageView::pageScale() const
{
    return m_used == mail::HtmlEngine::WebEngine
        ? qBound(leastPageScale, m_look.zoom * devicePixelRatioF(), mostPageScale)
        : 1;
}

/// For a browser's engine the pictures are put into the page, which takes a while.
void PageView::askForPage()
{
    m_settling.stop();
    m_request.width = pageWidth();
    m_request.scale = pageScale();
    ++m_asked;
    if (m_used == mail::HtmlEngine::Litehtml) {
        m_process.layOut(m_request);
        return;
    }
    m_process.giveUp();
    mail::runInPool([request = m_request, files = m_files]() mutable {
        request.html
            = documentOf(QString::fromUtf8(request.html), request.styleSheet, {files, request.pictures});
        request.styleSheet.clear();
        return request;
    }).andThen(this, [this, asked = m_asked](const PageRequest &request) {
        if (asked == m_asked)
            m_process.layOut(request);
    });
}

void PageView::askForOtherWidth()
{
    if (!m_request.html.isEmpty() && (pageWidth() != m_request.width || pageScale() != m_request.scale))
        m_settling.start();
}

/// One that fails before it has laid anything out does not start here.
void PageView::takeFailure(PageFailure failure)
{
    if (m_used == mail::HtmlEngine::Litehtml) {
        Q_EMIT failed(failure);
        return;
    }
    if (!m_hasLaidOut) {
        m_engine = mail::HtmlEngine::Litehtml;
        failure = PageFailure::NotStarted;
    }
    use(mail::HtmlEngine::Litehtml);
    Q_EMIT engineFailed(failure);
    askForPage();
}

void PageView::takePage(const std::shared_ptr<const Page> &page)
{
    m_page = page;
    m_hasLaidOut = m_hasLaidOut || (page && m_used == m_engine);
    m_words = page ? PageWords(page) : PageWords();
    m_hits = m_words.hits(m_searched);
    m_selection = {};
    m_anchor.reset();
    m_hovered = m_focused = -1;
    m_tiles.setPage(page, m_pictures);
    updateScrollBars();
    viewport()->update();
    if (page)
        Q_EMIT shown();
}

void PageView::updateScrollBars()
{
    const QSize size = shownSize();
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(40);
    verticalScrollBar()->setRange(0, qMax(0, size.height() - viewport()->height()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(40);
    horizontalScrollBar()->setRange(0, qMax(0, size.width() - viewport()->width()));
    m_tiles.setScale(m_look.zoom, devicePixelRatioF(), qMin(size.width(), widestStrip));
}

void PageView::setLook(const PageLook &look)
{
    if (look == m_look)
        return;
    m_look = look;
    setPalette(look.rendering == Rendering::Dark ? darkPalette() : lightPalette());
    m_tiles.setRendering(look.rendering);
    updateScrollBars();
    viewport()->update();
    askForOtherWidth();
    Q_EMIT lookChanged();
}

QPoint PageView::onPage(const QPoint &place) const
{
    return (QPointF(place - origin()) / m_look.zoom).toPoint();
}

QRect PageView::placeOnView(const QRect &place) const
{
    return {(QPointF(place.topLeft()) * m_look.zoom).toPoint() + origin(), place.size() * m_look.zoom};
}

int PageView::linkAt(const QPoint &place) const
{
    const QPoint point = onPage(place);
    for (qsizetype i = 0; m_page && i < m_page->links.size(); ++i) {
        const QList<QRect> &places = m_page->links.at(i).places;
        if (std::any_of(
                places.cbegin(), places.cend(), [&](const QRect &one) { return one.contains(point); }))
            return int(i);
    }
    return -1;
}

void PageView::activate(int link)
{
    const PageLink target = m_page->links.at(link);
    Q_EMIT linkActivated(QUrl(target.target), target.title);
}

void PageView::hover(int link)
{
    if (link == m_hovered)
        return;
    m_hovered = link;
    const PageLink target = link < 0 ? PageLink() : m_page->links.at(link);
    viewport()->setCursor(link < 0 ? Qt::IBeamCursor : Qt::PointingHandCursor);
    Q_EMIT linkHovered(target.target, target.title);
}

/// Scrolls as little as brings it into sight.
void PageView::showPlace(const QRect &place)
{
    const QRect there = placeOnView(place);
    if (there.top() < 0 || there.bottom() > viewport()->height())
        verticalScrollBar()->setValue(verticalScrollBar()->value() + there.top() - viewport()->height() / 3);
    if (there.left() < 0 || there.right() > viewport()->width())
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + there.left() - space::two);
}

void PageView::drawMarks(QPainter &painter) const
{
    QColor lit = toneColor(palette(), Tone::Deferred);
    lit.setAlpha(90);
    const QRect inSight(onPage(QPoint()), onPage(viewport()->rect().bottomRight()));
    for (const PageRange &hit : m_hits) {
        if (!m_words.touches(hit, inSight))
            continue;
        for (const QRect &place : m_words.places(hit))
            painter.fillRect(placeOnView(place), lit);
    }
    QColor mark = palette().color(QPalette::Highlight);
    mark.setAlpha(90);
    const QList<QRect> selected = m_words.places(m_selection);
    for (const QRect &place : selected) {
        const QRect there = placeOnView(place);
        if (there.intersects(viewport()->rect()))
            painter.fillRect(there, mark);
    }
    if (!m_page || m_focused < 0 || !hasFocus())
        return;
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
    for (const QRect &place : m_page->links.at(m_focused).places)
        painter.drawRect(placeOnView(place).adjusted(-2, -2, 1, 1));
}

void PageView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    const QPoint begin = origin();
    const QRect sheet(begin.x(), 0, shownSize().width(), viewport()->height());
    // Beside the sheet is the window, whatever the look of the message.
    const QPalette window = QGuiApplication::palette();
    painter.fillRect(event->rect(), window.color(QPalette::Window));
    painter.fillRect(sheet.adjusted(-1, 0, 1, 0), hairline(window));
    const QRgb color = m_page ? m_page->background : 0xffffffff;
    painter.fillRect(event->rect() & sheet,
        QColor::fromRgb(m_look.rendering == Rendering::Dark ? darkened(color) : color));
    const int first = (event->rect().top() - begin.y()) / PageTiles::height;
    const int last = (event->rect().bottom() - begin.y()) / PageTiles::height;
    for (int number = first; m_page && number <= last; ++number) {
        const QImage strip = m_tiles.strip(number);
        if (!strip.isNull())
            painter.drawImage(begin + QPoint(0, number * PageTiles::height), strip);
    }
    drawMarks(painter);
}

void PageView::resizeEvent(QResizeEvent *)
{
    updateScrollBars();
    askForOtherWidth();
}

void PageView::scrollContentsBy(int, int)
{
    const int first = verticalScrollBar()->value() / PageTiles::height;
    m_tiles.keep(first, first + viewport()->height() / PageTiles::height + 1);
    viewport()->update();
}

} // namespace glasspost::ui
