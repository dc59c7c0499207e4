#include "ui/message/html/webengine/reading.h"

#include <cmath>

namespace glasspost::ui {

namespace {

QRect placeOf(const QVariant &place)
{
    const QVariantList numbers = place.toList();
    const auto number
        = [&numbers](int at, int least) { return qBound(least, numbers.value(at).toInt(), largestPage); };
    return {number(0, -largestPage), number(1, -largestPage), number(2, 0), number(3, 0)};
}

PageFont fontOf(const QVariantList &look)
{
    PageFont font;
    const QStringList families = look.value(0).toString().split(u',', Qt::SkipEmptyParts);
    for (QString family : families.first(qMin<qsizetype>(families.size(), 20)))
        font.families.append(family.remove(u'"').trimmed());
    font.pixelSize = int(std::lround(look.value(1).toDouble()));
    font.weight = look.value(2).toInt();
    font.isItalic = look.value(3).toBool();
    return font;
}

PageItem textOf(const QVariantList &text)
{
    return {placeOf(text.value(0)), -1,
        PageText{text.value(1).toString(), text.value(2).toInt(), 0, text.value(3).toBool()}};
}

PageLink linkOf(const QVariantList &link)
{
    return {link.value(0).toString(), link.value(1).toString(), placesOf(link.value(2))};
}

} // namespace

QList<QRect> placesOf(const QVariant &places)
{
    QList<QRect> list;
    for (const QVariant &place : places.toList())
        list.append(placeOf(place));
    return list;
}

QPoint pointOf(const QVariant &point)
{
    const QVariantList numbers = point.toList();
    return {numbers.value(0).toInt(), numbers.value(1).toInt()};
}

Page readingOf(const QVariantMap &reading)
{
    const auto list = [&reading](const char *name) { return reading.value(QLatin1String(name)).toList(); };
    Page page;
    const QPoint size = pointOf(list("size"));
    page.size = QSize(qBound(0, size.x(), largestPage), qBound(0, size.y(), largestPage));
    const QVariantList color = list("background");
    page.background = qRgb(color.value(0).toInt(), color.value(1).toInt(), color.value(2).toInt());
    for (const QVariant &font : list("fonts"))
        page.fonts.append(fontOf(font.toList()));
    for (const QVariant &text : list("texts"))
        page.items.append(textOf(text.toList()));
    for (const QVariant &link : list("links"))
        page.links.append(linkOf(link.toList()));
    return page;
}

} // namespace glasspost::ui
