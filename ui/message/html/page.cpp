#include "ui/message/html/page.h"

#include <QtEndian>

namespace glasspost::ui {

QFont PageFont::font() const
{
    QFont font(families);
    font.setPixelSize(qBound(1, pixelSize, 1000));
    font.setWeight(QFont::Weight(qBound(1, weight, 1000)));
    font.setItalic(isItalic);
    font.setUnderline(isUnderlined);
    font.setStrikeOut(isStruckOut);
    font.setOverline(isOverlined);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

PageStrip::PageStrip(const QImage &image, const QPoint &corner, qreal ofScale)
    : pixels(corner, image.size()), scale(ofScale)
{
    const QImage plain = image.convertToFormat(QImage::Format_RGB32);
    octets = qCompress(plain.constBits(), int(plain.sizeInBytes()), 1);
}

QRectF PageStrip::exactPlace() const
{
    return {QPointF(pixels.topLeft()) / scale, QSizeF(pixels.size()) / scale};
}

/// qCompress() has written the length first.
QImage PageStrip::image() const
{
    const qint64 length = qint64(pixels.width()) * pixels.height() * 4;
    if (octets.size() < 4 || qFromBigEndian<quint32>(octets.constData()) != length)
        return {};
    const QByteArray plain = qUncompress(octets);
    if (plain.size() != length)
        return {};
    const auto *bits = reinterpret_cast<const uchar *>(plain.constData());
    return QImage(bits, pixels.width(), pixels.height(), pixels.width() * 4, QImage::Format_RGB32).copy();
}

} // namespace glasspost::ui
