#include "ui/message/picturereading.h"

#include <QBuffer>
#include <QImageReader>

namespace glasspost::ui {

namespace {

constexpr qint64 mostPixels = 16 * 1024 * 1024; // four octets each, before the picture is made smaller
constexpr qint64 mostScaledPixels = 8 * mostPixels; // of a JPEG, which is decoded at an eighth of its size

} // namespace

QImage readPicture(const QByteArray &octets, const QSize &most)
{
    static const QList<QByteArray> plain = {"png", "jpeg", "gif", "bmp", "webp"};
    QBuffer buffer;
    buffer.setData(octets);
    buffer.open(QIODevice::ReadOnly);
    const QByteArray format = QImageReader::imageFormat(&buffer);
    if (!plain.contains(format))
        return {};
    buffer.seek(0);
    QImageReader reader(&buffer, format);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    const qint64 pixels = qint64(size.width()) * size.height();
    if (!size.isValid() || pixels > (format == "jpeg" ? mostScaledPixels : mostPixels))
        return {};
    if (size.width() > most.width() || size.height() > most.height())
        reader.setScaledSize(size.scaled(most, Qt::KeepAspectRatio).expandedTo({1, 1}));
    return reader.read();
}

} // namespace glasspost::ui
