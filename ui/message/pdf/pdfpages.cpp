#include "ui/message/pdf/pdfpages.h"

#include <QBuffer>
#include <QList>
#include <QPainter>
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
        if (size.isEmpty())
            break;
        pages.append(document.render(number, size));
        whole = QSize(qMax(whole.width(), size.width()), whole.height() + size.height() + 1);
    }
    if (pages.isEmpty())
        return {};
    QImage paper(whole, QImage::Format_RGB32);
    paper.fill(Qt::lightGray);
    QPainter painter(&paper);
    int top = 0;
    for (const QImage &page : std::as_const(pages)) {
        const QRect place(QPoint((whole.width() - page.width()) / 2, top), page.size());
        painter.fillRect(place, Qt::white);
        painter.drawImage(place, page);
        top = place.bottom() + 2;
    }
    return paper;
}

} // namespace glasspost::ui
