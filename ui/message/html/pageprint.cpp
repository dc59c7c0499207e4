#include "ui/message/html/pageprint.h"

namespace glasspost::ui {

namespace {

constexpr qreal leastRoom = 48; // below another page: less of a sheet stays empty
constexpr int sheetReach = 0; // in a PDF, letters that the sheet's edge hides would be found and copied

/// Where a sheet ends that begins there and has room for so much: above what would be cut, unless that is
/// larger than half of it.
int sheetEnd(const Page &page, int from, int room)
{
    int end = from + room;
    for (const PageItem &item : page.items) {
        const bool isBox = std::holds_alternative<PageFill>(item.content)
            || std::holds_alternative<PageBorder>(item.content)
            || std::holds_alternative<PageStrip>(item.content);
        const bool isCut = item.place.top() < end && item.place.bottom() >= end;
        if (!isBox && isCut && item.place.top() > from + room / 2)
            end = item.place.top();
    }
    return qMin(end, page.size.height());
}

} // namespace

bool print(const Page &page, const PictureImages &pictures, Sheets &sheets)
{
    if (!sheets.makeRoom(leastRoom))
        return false;
    const qreal scale = sheets.width() / qMax(1, page.size.width());
    for (int from = 0; from < page.size.height();) {
        const int room = qMax(1, int(sheets.left() / scale));
        const int end = sheetEnd(page, from, room);
        QPainter &painter = sheets.painter();
        painter.save();
        painter.scale(scale, scale);
        painter.translate(0, -from);
        const bool isPainted = paintPage(
            painter, page, pictures, QRect(0, from, page.size.width(), end - from), Rendering::AsSent,
            [&sheets] { return sheets.isGivenUp(); }, sheetReach);
        painter.restore();
        if (!isPainted)
            return false;
        sheets.moveDown((end - from) * scale);
        from = end;
        if (from < page.size.height() && !sheets.next())
            return false;
    }
    return true;
}

} // namespace glasspost::ui
