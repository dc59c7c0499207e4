#include "ui/message/html/page.h"

#include <QDataStream>
#include <QIODevice>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

constexpr auto streamVersion = QDataStream::Qt_6_4;
constexpr qsizetype mostFonts = 2000;
constexpr qsizetype mostPictures = 2000;

template <typename Value> void writeList(QDataStream &stream, const QList<Value> &values)
{
    stream << qint64(values.size());
    for (const Value &value : values)
        stream << value;
}

/// Room is made as the values come, never by what their number is said to be.
template <typename Value> void readList(QDataStream &stream, QList<Value> &values, qint64 most)
{
    qint64 count = 0;
    stream >> count;
    if (count < 0 || count > most)
        stream.setStatus(QDataStream::ReadCorruptData);
    for (qint64 i = 0; i < count && stream.status() == QDataStream::Ok; ++i) {
        Value value;
        stream >> value;
        values.append(value);
    }
}

template <typename Enum> void readEnum(QDataStream &stream, Enum &value, Enum last)
{
    qint32 number = 0;
    stream >> number;
    if (number < 0 || number > qint32(last))
        stream.setStatus(QDataStream::ReadCorruptData);
    else
        value = Enum(number);
}

} // namespace

// Not in the namespace above, where the templates would not find them.

static QDataStream &operator<<(QDataStream &stream, const PageFont &font)
{
    writeList(stream, font.families);
    return stream << font.pixelSize << font.weight << font.ascent << font.isItalic << font.isUnderlined
                  << font.isStruckOut << font.isOverlined;
}

static QDataStream &operator>>(QDataStream &stream, PageFont &font)
{
    readList(stream, font.families, 100);
    return stream >> font.pixelSize >> font.weight >> font.ascent >> font.isItalic >> font.isUnderlined
        >> font.isStruckOut >> font.isOverlined;
}

static QDataStream &operator<<(QDataStream &stream, const PageCorners &corners)
{
    return stream << corners.topLeft << corners.topRight << corners.bottomRight << corners.bottomLeft;
}

static QDataStream &operator>>(QDataStream &stream, PageCorners &corners)
{
    return stream >> corners.topLeft >> corners.topRight >> corners.bottomRight >> corners.bottomLeft;
}

static QDataStream &operator<<(QDataStream &stream, const PageText &text)
{
    return stream << text.text << text.font << text.color << text.continues;
}

static QDataStream &operator>>(QDataStream &stream, PageText &text)
{
    return stream >> text.text >> text.font >> text.color >> text.continues;
}

static QDataStream &operator<<(QDataStream &stream, const PageFill &fill)
{
    return stream << fill.color << fill.corners;
}

static QDataStream &operator>>(QDataStream &stream, PageFill &fill)
{
    return stream >> fill.color >> fill.corners;
}

static QDataStream &operator<<(QDataStream &stream, const PagePicture &picture)
{
    return stream << picture.name << picture.alt << picture.copy << picture.repeatsAcross
                  << picture.repeatsDown << picture.corners;
}

static QDataStream &operator>>(QDataStream &stream, PagePicture &picture)
{
    return stream >> picture.name >> picture.alt >> picture.copy >> picture.repeatsAcross
        >> picture.repeatsDown >> picture.corners;
}

static QDataStream &operator<<(QDataStream &stream, const PageBorder::Edge &edge)
{
    return stream << edge.width << qint32(edge.style) << edge.color;
}

static QDataStream &operator>>(QDataStream &stream, PageBorder::Edge &edge)
{
    stream >> edge.width;
    readEnum(stream, edge.style, PageBorder::Style::Double);
    return stream >> edge.color;
}

static QDataStream &operator<<(QDataStream &stream, const PageBorder &border)
{
    return stream << border.left << border.top << border.right << border.bottom << border.corners;
}

static QDataStream &operator>>(QDataStream &stream, PageBorder &border)
{
    return stream >> border.left >> border.top >> border.right >> border.bottom >> border.corners;
}

static QDataStream &operator<<(QDataStream &stream, const PageMarker &marker)
{
    return stream << qint32(marker.shape) << marker.color;
}

static QDataStream &operator>>(QDataStream &stream, PageMarker &marker)
{
    readEnum(stream, marker.shape, PageMarker::Shape::Square);
    return stream >> marker.color;
}

static QDataStream &operator<<(QDataStream &stream, const PageStrip &strip)
{
    stream << strip.pixels << strip.scale << strip.octets;
    writeList(stream, strip.pictures);
    return stream;
}

static QDataStream &operator>>(QDataStream &stream, PageStrip &strip)
{
    stream >> strip.pixels >> strip.scale >> strip.octets;
    readList(stream, strip.pictures, mostPageItems);
    return stream;
}

static QDataStream &operator<<(QDataStream &stream, const PageItem &item)
{
    stream << item.place << item.clip << qint32(item.content.index());
    std::visit([&stream](const auto &content) { stream << content; }, item.content);
    return stream;
}

template <typename Content> static void readContent(QDataStream &stream, PageItem &item)
{
    Content content;
    stream >> content;
    item.content = content;
}

static QDataStream &operator>>(QDataStream &stream, PageItem &item)
{
    static constexpr std::array readers
        = {&readContent<PageText>, &readContent<PageFill>, &readContent<PagePicture>,
            &readContent<PageBorder>, &readContent<PageMarker>, &readContent<PageStrip>};
    static_assert(readers.size() == std::variant_size_v<decltype(PageItem::content)>);
    quint32 kind = 0;
    stream >> item.place >> item.clip >> kind;
    if (kind < readers.size())
        readers.at(kind)(stream, item);
    else
        stream.setStatus(QDataStream::ReadCorruptData);
    return stream;
}

static QDataStream &operator<<(QDataStream &stream, const PageLink &link)
{
    stream << link.target << link.title;
    writeList(stream, link.places);
    return stream;
}

static QDataStream &operator>>(QDataStream &stream, PageLink &link)
{
    stream >> link.target >> link.title;
    readList(stream, link.places, mostPageItems);
    return stream;
}

namespace {

bool isWithinPage(const QRect &place)
{
    return place.width() >= 0 && place.height() >= 0 && place.width() <= largestPage
        && place.height() <= largestPage && qAbs(place.x()) <= largestPage && qAbs(place.y()) <= largestPage;
}

bool isSound(const PageStrip &strip)
{
    return strip.pixels.width() > 0 && strip.pixels.height() > 0
        && strip.pixels.width() <= largestStrip / strip.pixels.height() && strip.scale >= leastPageScale
        && strip.scale <= mostPageScale;
}

/// Every number that is used as an index or a size is one.
bool isSound(const Page &page)
{
    const auto isItemSound = [&page](const PageItem &item) {
        const auto *text = std::get_if<PageText>(&item.content);
        const auto *picture = std::get_if<PagePicture>(&item.content);
        const auto *strip = std::get_if<PageStrip>(&item.content);
        return isWithinPage(item.place) && item.clip >= -1 && item.clip < page.clips.size()
            && (text == nullptr || (text->font >= 0 && text->font < page.fonts.size()))
            && (picture == nullptr || isWithinPage(picture->copy)) && (strip == nullptr || isSound(*strip));
    };
    return isWithinPage(QRect(QPoint(), page.size))
        && std::all_of(page.clips.cbegin(), page.clips.cend(), isWithinPage)
        && std::all_of(page.items.cbegin(), page.items.cend(), isItemSound);
}

} // namespace

QByteArray written(const PageRequest &request)
{
    QByteArray octets;
    QDataStream stream(&octets, QIODevice::WriteOnly);
    stream.setVersion(streamVersion);
    stream << request.html << request.styleSheet << request.width << request.scale << request.fontSize
           << request.family;
    writeList(stream, request.pictures.keys());
    writeList(stream, request.pictures.values());
    return octets;
}

std::optional<PageRequest> readPageRequest(const QByteArray &octets)
{
    QDataStream stream(octets);
    stream.setVersion(streamVersion);
    PageRequest request;
    QStringList names;
    QList<QSize> sizes;
    stream >> request.html >> request.styleSheet >> request.width >> request.scale >> request.fontSize
        >> request.family;
    readList(stream, names, mostPictures);
    readList(stream, sizes, mostPictures);
    if (stream.status() != QDataStream::Ok || names.size() != sizes.size())
        return std::nullopt;
    for (qsizetype i = 0; i < names.size(); ++i)
        request.pictures.insert(names.at(i), sizes.at(i));
    return request;
}

QByteArray written(const Page &page)
{
    QByteArray octets;
    QDataStream stream(&octets, QIODevice::WriteOnly);
    stream.setVersion(streamVersion);
    stream << page.reach.network << page.reach.files << page.size << page.background;
    writeList(stream, page.fonts);
    writeList(stream, page.clips);
    writeList(stream, page.items);
    writeList(stream, page.links);
    return octets;
}

std::optional<Page> readPage(const QByteArray &octets)
{
    QDataStream stream(octets);
    stream.setVersion(streamVersion);
    Page page;
    stream >> page.reach.network >> page.reach.files >> page.size >> page.background;
    readList(stream, page.fonts, mostFonts);
    readList(stream, page.clips, mostPageItems);
    readList(stream, page.items, mostPageItems);
    readList(stream, page.links, mostPageItems);
    if (stream.status() != QDataStream::Ok || !isSound(page))
        return std::nullopt;
    return page;
}

} // namespace glasspost::ui
