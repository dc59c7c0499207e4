#pragma once

#include "ui/message/html/pagelimits.h"

#include <QColor>
#include <QFont>
#include <QHash>
#include <QImage>
#include <QList>
#include <QRect>
#include <QSize>
#include <QString>

#include <optional>
#include <variant>

namespace glasspost::ui {

// What goes to the process that lays HTML out, and what comes back. Lengths are CSS pixels.

using PictureSizes = QHash<QString, QSize>; ///< by the names of mail::HtmlPage

/// Cleaned HTML and what laying it out depends on.
struct PageRequest
{
    QByteArray html; ///< UTF-8; for WebEngine a document that has its style sheet and pictures in it
    QString styleSheet;
    PictureSizes pictures; ///< of those that are there
    int width = 0; ///< of the window
    qreal scale = 1; ///< pixels of the screen to one of the page, where the engine paints by itself
    int fontSize = 16;
    QString family; ///< where the message names none

    friend bool operator==(const PageRequest &, const PageRequest &) = default;
};

struct PageFont
{
    QStringList families;
    int pixelSize = 16;
    int weight = 400;
    int ascent = 0; ///< from the top of a text's place to its base line
    bool isItalic = false, isUnderlined = false, isStruckOut = false, isOverlined = false;

    /// Without hinting, so that the process that measures and the one that paints agree at every scale.
    [[nodiscard]] QFont font() const;
    friend bool operator==(const PageFont &, const PageFont &) = default;
};

/// The two radii of each corner, from the top left one clockwise.
struct PageCorners
{
    QSize topLeft, topRight, bottomRight, bottomLeft;

    [[nodiscard]] bool isSquare() const
    {
        return topLeft.isEmpty() && topRight.isEmpty() && bottomRight.isEmpty() && bottomLeft.isEmpty();
    }
    friend bool operator==(const PageCorners &, const PageCorners &) = default;
};

struct PageText
{
    QString text;
    int font = 0; ///< of Page::fonts
    QRgb color = 0;
    bool continues = false; ///< follows the text before it without a gap
    friend bool operator==(const PageText &, const PageText &) = default;
};

struct PageFill
{
    QRgb color = 0;
    PageCorners corners;
    friend bool operator==(const PageFill &, const PageFill &) = default;
};

/// A picture within the item's place: one copy of it, or as many as it takes.
struct PagePicture
{
    QString name, alt;
    QRect copy; ///< where one lies
    bool repeatsAcross = false, repeatsDown = false;
    PageCorners corners;
    friend bool operator==(const PagePicture &, const PagePicture &) = default;
};

struct PageBorder
{
    enum class Style { None, Solid, Dotted, Dashed, Double };
    struct Edge
    {
        int width = 0;
        Style style = Style::None;
        QRgb color = 0;
        friend bool operator==(const Edge &, const Edge &) = default;
    };
    Edge left, top, right, bottom;
    PageCorners corners;
    friend bool operator==(const PageBorder &, const PageBorder &) = default;
};

/// A disc, circle or square before the item of a list.
struct PageMarker
{
    enum class Shape { Disc, Circle, Square };
    Shape shape = Shape::Disc;
    QRgb color = 0;
    friend bool operator==(const PageMarker &, const PageMarker &) = default;
};

/// What an engine that paints by itself has painted there. Its pixels are kept compressed: most of a message
/// is paper.
struct PageStrip
{
    QRect pixels; ///< of the page, as large as it is in this scale
    qreal scale = 1;
    QByteArray octets;
    QList<QRect> pictures; ///< within its place: they stay as they are on a dark page

    PageStrip() = default;
    PageStrip(const QImage &image, const QPoint &corner, qreal scale);
    [[nodiscard]] QRectF exactPlace() const; ///< on the page
    /// Any thread; null when the octets are no such picture.
    [[nodiscard]] QImage image() const;
    friend bool operator==(const PageStrip &, const PageStrip &) = default;
};

struct PageItem
{
    QRect place;
    int clip = -1; ///< of Page::clips; none
    std::variant<PageText, PageFill, PagePicture, PageBorder, PageMarker, PageStrip> content;
    friend bool operator==(const PageItem &, const PageItem &) = default;
};

struct PageLink
{
    QString target;
    QString title; ///< its words
    QList<QRect> places;
    friend bool operator==(const PageLink &, const PageLink &) = default;
};

/// A message laid out: everything there is to paint, in the order of painting, and where its links are.
struct Page
{
    QSize size;
    QRgb background = 0xffffffff;
    QList<PageFont> fonts;
    QList<QRect> clips;
    QList<PageItem> items;
    QList<PageLink> links;
    PageReach reach; ///< of the process that laid it out

    friend bool operator==(const Page &, const Page &) = default;
};

/// More of it is no page: painting it would take too long.
constexpr qsizetype mostPageItems = 200000;
constexpr int largestPage = 2000000; ///< in both directions
constexpr int largestStrip = 1 << 24; ///< in pixels
constexpr qreal leastPageScale = 0.25, mostPageScale = 5;

// As octets, for the pipe between the processes. Reading checks everything: what comes from the process that
// lays out is no more to be trusted than the message.
[[nodiscard]] QByteArray written(const PageRequest &request);
[[nodiscard]] std::optional<PageRequest> readPageRequest(const QByteArray &octets);
[[nodiscard]] QByteArray written(const Page &page);
[[nodiscard]] std::optional<Page> readPage(const QByteArray &octets);

} // namespace glasspost::ui
