#include "ui/message/html/pagepainter.h"

#include "ui/message/html/pagecolors.h"

#include <QPainter>
#include <QPainterPath>
#include <QTextOption>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr QRgb frameColor = 0xffc4c4c4;
constexpr QRgb frameTextColor = 0xff5a5a5a;
constexpr QLatin1String tabulator("        "); // as wide as it is laid out
constexpr int smallestFrame = 8; // pixels; what is smaller only counts who reads

/// CSS Backgrounds and Borders 5.5: where the corners of one side need more room than it has, all of them get
/// smaller by the same share, so that a button with large ones has round ends.
qreal shareOf(const QRectF &rect, const PageCorners &corners)
{
    const auto share = [](qreal room, int one, int other) {
        return room / std::max({qreal(one + other), room, 1.0});
    };
    return std::min({1.0, share(rect.width(), corners.topLeft.width(), corners.topRight.width()),
        share(rect.width(), corners.bottomLeft.width(), corners.bottomRight.width()),
        share(rect.height(), corners.topLeft.height(), corners.bottomLeft.height()),
        share(rect.height(), corners.topRight.height(), corners.bottomRight.height())});
}

/// A rectangle whose corners are quarters of ellipses.
QPainterPath shapeOf(const QRect &place, const PageCorners &corners)
{
    const QRectF rect(place);
    const qreal share = shareOf(rect, corners);
    QPainterPath path;
    // From the left end of the upper edge on; center: where the corner's ellipse lies, in its radii.
    const auto addCorner = [&](const QSize &corner, const QPointF &end, const QPointF &center, qreal angle) {
        const QSizeF radii = QSizeF(corner) * share;
        if (radii.isEmpty())
            path.lineTo(end);
        else
            path.arcTo(
                QRectF(end.x() + (center.x() - 1) * radii.width(),
                    end.y() + (center.y() - 1) * radii.height(), 2 * radii.width(), 2 * radii.height()),
                angle, -90);
    };
    path.moveTo(rect.center().x(), rect.top());
    addCorner(corners.topRight, rect.topRight(), {-1, 1}, 90);
    addCorner(corners.bottomRight, rect.bottomRight(), {-1, -1}, 0);
    addCorner(corners.bottomLeft, rect.bottomLeft(), {1, -1}, 270);
    addCorner(corners.topLeft, rect.topLeft(), {1, 1}, 180);
    path.closeSubpath();
    return path;
}

class ItemPainter
{
public:
    ItemPainter(QPainter &painter, const Page &page, const PictureImages &pictures, const QRect &area,
        Rendering rendering)
        : m_painter(painter), m_pictures(pictures), m_area(area), m_rendering(rendering)
    {
        for (const PageFont &font : page.fonts)
            m_fonts.append({font.font(), font.ascent});
    }

    void paint(const PageItem &item)
    {
        std::visit([this, &item](const auto &content) { draw(item.place, content); }, item.content);
    }

    [[nodiscard]] QColor shownColor(QRgb color)
    {
        if (m_rendering == Rendering::AsSent)
            return QColor::fromRgba(color);
        const auto known = m_shown.constFind(color);
        return QColor::fromRgba(known != m_shown.cend() ? *known : *m_shown.insert(color, darkened(color)));
    }

private:
    void draw(const QRect &place, const PageText &text)
    {
        if (qAlpha(text.color) == 0)
            return;
        const auto &[font, ascent] = m_fonts.at(text.font);
        m_painter.setFont(font);
        m_painter.setPen(isOnPicture(place) ? QColor::fromRgba(text.color) : shownColor(text.color));
        QString shown = text.text;
        m_painter.drawText(QPointF(place.left(), place.top() + ascent), shown.replace(u'\t', tabulator));
    }

    /// Whether a picture is what was painted there last.
    [[nodiscard]] bool isOnPicture(const QRect &place) const
    {
        const auto holds = [&place](const Ground &ground) { return ground.place.contains(place.center()); };
        const auto ground = std::find_if(m_ground.crbegin(), m_ground.crend(), holds);
        return ground != m_ground.crend() && ground->isPicture;
    }

    void draw(const QRect &place, const PageFill &fill)
    {
        const QColor color = shownColor(fill.color);
        if (m_rendering == Rendering::Dark)
            m_ground.append({place, false});
        if (fill.corners.isSquare())
            m_painter.fillRect(place, color);
        else
            m_painter.fillPath(shapeOf(place, fill.corners), color);
    }

    void draw(const QRect &place, const PagePicture &picture)
    {
        const QImage image = m_pictures.value(picture.name);
        if (image.isNull())
            return drawFrame(place, picture.alt);
        if (m_rendering == Rendering::Dark)
            m_ground.append({place, true});
        m_painter.save();
        if (picture.corners.isSquare())
            m_painter.setClipRect(place, Qt::IntersectClip);
        else
            m_painter.setClipPath(shapeOf(place, picture.corners), Qt::IntersectClip);
        if (!picture.repeatsAcross && !picture.repeatsDown)
            m_painter.drawImage(QRectF(picture.copy), image);
        else if (!picture.copy.isEmpty())
            drawCopies(place, picture, image);
        m_painter.restore();
    }

    /// As one brush, however many there are.
    void drawCopies(const QRect &place, const PagePicture &picture, const QImage &image)
    {
        QRect covered = place;
        if (!picture.repeatsAcross)
            covered.setLeft(picture.copy.left()), covered.setWidth(picture.copy.width());
        if (!picture.repeatsDown)
            covered.setTop(picture.copy.top()), covered.setHeight(picture.copy.height());
        QBrush brush(image);
        QTransform transform;
        transform.translate(picture.copy.left(), picture.copy.top());
        transform.scale(
            qreal(picture.copy.width()) / image.width(), qreal(picture.copy.height()) / image.height());
        brush.setTransform(transform);
        m_painter.fillRect(covered, brush);
    }

    void drawFrame(const QRect &place, const QString &words)
    {
        if (place.width() < smallestFrame || place.height() < smallestFrame)
            return;
        m_painter.setPen(shownColor(frameColor));
        m_painter.drawRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5));
        QFont font;
        font.setPixelSize(qBound(9, place.height() - 4, 13));
        m_painter.setFont(font);
        m_painter.setPen(shownColor(frameTextColor));
        QTextOption lines(Qt::AlignCenter);
        lines.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        m_painter.drawText(QRectF(place.adjusted(4, 2, -4, -2)), words, lines);
    }

    void draw(const QRect &place, const PageBorder &border)
    {
        const QRect inner
            = place.adjusted(border.left.width, border.top.width, -border.right.width, -border.bottom.width);
        const bool isOneLine = border.left == border.top && border.top == border.right
            && border.right == border.bottom && border.left.style == PageBorder::Style::Solid;
        if (isOneLine || !border.corners.isSquare())
            return drawRing(place, inner, border);
        drawEdge({place.topLeft(), QSize(place.width(), border.top.width)}, border.top);
        drawEdge({QPoint(place.left(), inner.bottom() + 1), QSize(place.width(), border.bottom.width)},
            border.bottom);
        drawEdge({place.topLeft(), QSize(border.left.width, place.height())}, border.left);
        drawEdge({QPoint(inner.right() + 1, place.top()), QSize(border.right.width, place.height())},
            border.right);
    }

    /// The same all around, round corners and all; where edges differ, in the colour of the first there is.
    void drawRing(const QRect &place, const QRect &inner, const PageBorder &border)
    {
        const PageBorder::Edge *edge = nullptr;
        for (const PageBorder::Edge *one : {&border.top, &border.left, &border.bottom, &border.right})
            if (edge == nullptr && one->width > 0 && one->style != PageBorder::Style::None)
                edge = one;
        if (edge == nullptr)
            return;
        const auto shrunk = [edge](const QSize &corner) {
            return QSize(qMax(0, corner.width() - edge->width), qMax(0, corner.height() - edge->width));
        };
        const PageCorners &corners = border.corners;
        QPainterPath ring = shapeOf(place, corners);
        ring.addPath(shapeOf(inner,
            {shrunk(corners.topLeft), shrunk(corners.topRight), shrunk(corners.bottomRight),
                shrunk(corners.bottomLeft)}));
        ring.setFillRule(Qt::OddEvenFill);
        m_painter.fillPath(ring, shownColor(edge->color));
    }

    /// What of a long line is not far from the area, cut where its pattern begins: each dash costs time.
    [[nodiscard]] QRect nearArea(QRect place, int period) const
    {
        const QRect area = m_area.adjusted(-period, -period, period, period);
        const auto cut = [period](int from, int to) { return from + qMax(0, to - from) / period * period; };
        place.setLeft(cut(place.left(), area.left()));
        place.setTop(cut(place.top(), area.top()));
        place.setRight(qMin(place.right(), area.right()));
        place.setBottom(qMin(place.bottom(), area.bottom()));
        return place;
    }

    void drawEdge(const QRect &place, const PageBorder::Edge &edge)
    {
        if (edge.style == PageBorder::Style::None || place.isEmpty())
            return;
        const QColor color = shownColor(edge.color);
        if (edge.style == PageBorder::Style::Solid)
            return m_painter.fillRect(place, color);
        const bool isAcross = place.width() >= place.height();
        if (edge.style == PageBorder::Style::Double) {
            const int third = qMax(1, edge.width / 3);
            m_painter.fillRect(isAcross ? QRect(place.topLeft(), QSize(place.width(), third))
                                        : QRect(place.topLeft(), QSize(third, place.height())),
                color);
            m_painter.fillRect(isAcross ? place.adjusted(0, place.height() - third, 0, 0)
                                        : place.adjusted(place.width() - third, 0, 0, 0),
                color);
            return;
        }
        QPen pen(color, edge.width, edge.style == PageBorder::Style::Dotted ? Qt::DotLine : Qt::DashLine,
            Qt::FlatCap);
        m_painter.setPen(pen);
        const QRectF line(nearArea(place, 24 * qMax(edge.width, 1)));
        if (isAcross)
            m_painter.drawLine(
                QPointF(line.left(), line.center().y()), QPointF(line.right(), line.center().y()));
        else
            m_painter.drawLine(
                QPointF(line.center().x(), line.top()), QPointF(line.center().x(), line.bottom()));
    }

    void draw(const QRect &place, const PageMarker &marker)
    {
        const QColor color = shownColor(marker.color);
        const QRectF rect = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5);
        if (marker.shape == PageMarker::Shape::Square)
            return m_painter.fillRect(place, color);
        m_painter.setPen(color);
        m_painter.setBrush(marker.shape == PageMarker::Shape::Disc ? QBrush(color) : QBrush(Qt::NoBrush));
        m_painter.drawEllipse(rect);
        m_painter.setBrush(Qt::NoBrush);
    }

    void draw(const QRect &, const PageStrip &strip)
    {
        QImage image = strip.image();
        if (m_rendering == Rendering::Dark)
            darken(image, strip);
        // A pixel for a pixel where the scale is still that for which the engine has painted.
        const QTransform transform = m_painter.transform();
        const QRectF there = transform.mapRect(strip.exactPlace());
        const qreal ratio = m_painter.device()->devicePixelRatioF();
        const QSizeF exact = QSizeF(image.size()) / ratio;
        if (qAbs(there.width() - exact.width()) > 0.5 || qAbs(there.height() - exact.height()) > 0.5)
            return m_painter.drawImage(strip.exactPlace(), image);
        image.setDevicePixelRatio(ratio);
        m_painter.resetTransform();
        m_painter.drawImage(QPointF((there.topLeft() * ratio).toPoint()) / ratio, image);
        m_painter.setTransform(transform);
    }

    void darken(QImage &image, const PageStrip &strip)
    {
        QRegion words(image.rect());
        for (const QRect &picture : strip.pictures) {
            const QRectF there(
                QPointF(picture.topLeft()) * strip.scale, QSizeF(picture.size()) * strip.scale);
            words -= there.toAlignedRect().translated(-strip.pixels.topLeft());
        }
        QRgb last = 0, shown = shownColor(last).rgb();
        for (const QRect &part : words)
            for (int y = part.top(); y <= part.bottom(); ++y) {
                auto *line = reinterpret_cast<QRgb *>(image.scanLine(y));
                for (int x = part.left(); x <= part.right(); ++x) {
                    if (line[x] != last)
                        shown = shownColor(last = line[x]).rgb();
                    line[x] = shown;
                }
            }
    }

    QPainter &m_painter;
    const PictureImages &m_pictures;
    const QRect m_area;
    const Rendering m_rendering;
    QList<std::pair<QFont, int>> m_fonts; ///< with their ascents
    QHash<QRgb, QRgb> m_shown; ///< dark colors by those that were sent
    struct Ground
    {
        QRect place;
        bool isPicture = false;
    };
    QList<Ground> m_ground; ///< of a dark page: what words may lie upon
};

} // namespace

bool paintPage(QPainter &painter, const Page &page, const PictureImages &pictures, const QRect &area,
    Rendering rendering, const std::function<bool()> &isStopped, int reach)
{
    painter.setRenderHints(
        QPainter::Antialiasing | QPainter::TextAntialiasing | QPainter::SmoothPixmapTransform);
    ItemPainter items(painter, page, pictures, area, rendering);
    painter.fillRect(area, items.shownColor(page.background));
    for (const PageItem &item : page.items) {
        const bool isInArea = area.intersects(item.place.adjusted(-reach, -reach, reach, reach));
        const QRect clip = item.clip < 0 ? area : page.clips.at(item.clip) & area;
        if (!isInArea || clip.isEmpty())
            continue;
        if (isStopped())
            return false;
        painter.setClipRect(clip);
        items.paint(item);
    }
    return true;
}

} // namespace glasspost::ui
