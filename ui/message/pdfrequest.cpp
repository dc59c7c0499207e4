#include "ui/message/pdfrequest.h"

#include <QDataStream>
#include <QIODevice>

namespace glasspost::ui {

namespace {

constexpr int pixelOctets = 4;

bool isSizeWithin(const QSize &size, const QSize &most)
{
    return size.width() > 0 && size.height() > 0 && size.width() <= most.width()
        && size.height() <= most.height();
}

} // namespace

QByteArray written(const PdfRequest &request)
{
    QByteArray octets;
    QDataStream stream(&octets, QIODevice::WriteOnly);
    stream << request.file << request.page << qint32(request.pages);
    return octets;
}

std::optional<PdfRequest> readPdfRequest(const QByteArray &octets)
{
    PdfRequest request;
    QDataStream stream(octets);
    qint32 pages = 0;
    stream >> request.file >> request.page >> pages;
    request.pages = pages;
    const bool isWithin
        = isSizeWithin(request.page, {largestPdfPage, largestPdfPage}) && pages >= 1 && pages <= mostPdfPages;
    if (stream.status() != QDataStream::Ok || !stream.atEnd() || !isWithin)
        return std::nullopt;
    return request;
}

QByteArray written(const QImage &picture)
{
    if (picture.isNull())
        return {};
    const QImage plain = picture.convertToFormat(QImage::Format_RGB32);
    QByteArray octets;
    QDataStream stream(&octets, QIODevice::WriteOnly);
    stream << plain.size()
           << QByteArray::fromRawData(reinterpret_cast<const char *>(plain.constBits()), plain.sizeInBytes());
    return octets;
}

QImage readPdfPicture(const QByteArray &octets)
{
    QSize size;
    QByteArray pixels;
    QDataStream stream(octets);
    stream >> size >> pixels;
    const bool isWithin = isSizeWithin(size, {largestPdfPage, largestPdfPage * mostPdfPages + mostPdfPages});
    if (stream.status() != QDataStream::Ok || !stream.atEnd() || !isWithin
        || pixels.size() != qsizetype(size.width()) * size.height() * pixelOctets)
        return {};
    const auto *bits = reinterpret_cast<const uchar *>(pixels.constData());
    return QImage(bits, size.width(), size.height(), size.width() * pixelOctets, QImage::Format_RGB32).copy();
}

} // namespace glasspost::ui
