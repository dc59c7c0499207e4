#include "ui/message/pdf/pdfpages.h"

#include <QBuffer>
#include <QList>
#include <QtPdf/QPdfDocument>

#include <utility>

namespace glasspost::ui {

namespace {

/// Larger in neither direction; null for a page that has no size.
QSize drawnSize(const QSizeF &page, const QSize &most)
{
    if (!(page.width() > 0 && page.height() > 0))
        return {};
    return page.scaled(most, Qt::KeepAspectRatio).toSize().expandedTo({1, 1}).boundedTo(most);
}

QRgb onWhite(QRgb color)
{
    constexpr int white = 255;
    const int alpha = qAlpha(color);
    const auto mixed = [alpha](int part) { return (part * alpha + white * (white - alpha)) / white; };
    return qRgb(mixed(qRed(color)), mixed(qGreen(color)), mixed(qBlue(color)));
}

/// By hand: QPainter mixes large pictures on several threads, each of which needs a file to be woken by, and
/// this process opens none (limitFiles()).
void putOnWhite(QImage &paper, const QImage &page, const QPoint &place)
{
    for (int y = 0; y < page.height(); ++y) {
        auto *line = reinterpret_cast<QRgb *>(paper.scanLine(place.y() + y)) + place.x();
        for (int x = 0; x < page.width(); ++x)
            line[x] = onWhite(page.pixel(x, y));
    }
}

} // namespace

QImage drawn(const PdfRequest &request)
{
    QBuffer buffer;
    buffer.setData(request.file);
    buffer.open(QIODevice::ReadOnly);
    QPdfDocument document;
    document.load(&buffer);
    if (document.status() != QPdfDocument::Status::Ready)
        return {};
    QList<QImage> pages;
    QSize whole(0, -1);
    for (int number = 0; number < qMin(request.pages, document.pageCount()); ++number) {
        const QSize size = drawnSize(document.pagePointSize(number), request.page);
        const QImage page = size.isEmpty() ? QImage() : document.render(number, size);
        if (page.isNull())
            break;
        pages.append(page);
        whole = QSize(qMax(whole.width(), page.width()), whole.height() + page.height() + 1);
    }
    if (pages.isEmpty())
        return {};
    QImage paper(whole, QImage::Format_RGB32);
    paper.fill(Qt::lightGray);
    int top = 0;
    for (const QImage &page : std::as_const(pages)) {
        putOnWhite(paper, page, {(whole.width() - page.width()) / 2, top});
        top += page.height() + 1;
    }
    return paper;
}

} // namespace glasspost::ui
