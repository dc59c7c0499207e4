#include "ui/message/html/pageprint.h"

#include <QFile>
#include <QPainter>
#include <QPdfWriter>

namespace glasspost::ui {

namespace {

constexpr int mostSheets = 1000;

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
    return end;
}

bool printSheets(const Page &page, const PictureImages &pictures, QPagedPaintDevice &device)
{
    QPainter painter;
    if (!painter.begin(&device))
        return false;
    const QRect paper = painter.viewport();
    const qreal scale = qreal(paper.width()) / qMax(1, page.size.width());
    const int room = qMax(1, int(paper.height() / scale));
    int from = 0;
    for (int sheet = 0; sheet < mostSheets && (sheet == 0 || from < page.size.height()); ++sheet) {
        if (sheet > 0 && !device.newPage())
            return false;
        const int end = sheetEnd(page, from, room);
        painter.save();
        painter.scale(scale, scale);
        painter.translate(0, -from);
        paintPage(painter, page, pictures, QRect(0, from, page.size.width(), end - from), Rendering::AsSent,
            [] { return false; });
        painter.restore();
        from = end;
    }
    return painter.end();
}

} // namespace

mail::Result<void> print(const Page &page, const PictureImages &pictures, QPagedPaintDevice &device)
{
    if (!printSheets(page, pictures, device))
        return tl::unexpected(mail::Error{mail::ErrorCode::InputOutput, {}, {}});
    return {};
}

mail::Result<void> savePdf(const Page &page, const PictureImages &pictures, const QString &path)
{
    QFile file(path);
    bool isDone = file.open(QIODevice::WriteOnly);
    if (isDone) {
        QPdfWriter writer(&file);
        isDone = printSheets(page, pictures, writer) && file.flush();
    }
    if (!isDone)
        return tl::unexpected(mail::Error{mail::ErrorCode::InputOutput, path, file.errorString()});
    return {};
}

} // namespace glasspost::ui
