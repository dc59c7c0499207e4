#include "ui/message/html/pictures.h"

#include "mail/message/browserpage.h"

#include <QBuffer>
#include <QImageReader>
#include <QUrl>

namespace glasspost::ui {

namespace {

constexpr int widestPicture = 2400;
constexpr int tallestPicture = 4000;
constexpr qint64 mostPixelsEach = 50000000; // of one picture; it is decoded whole before it is made smaller
constexpr qint64 mostPixelsDecoded = 200000000; // of all, those too that turn out to be broken
constexpr qint64 mostPixelsShown = 20000000; // of all

/// As in "image/png"; empty for a kind that is not shown.
QByteArray kindOf(QIODevice *device)
{
    static const QList<QByteArray> known = {"png", "jpeg", "gif", "bmp", "webp"};
    const QByteArray kind = QImageReader::imageFormat(device);
    return known.contains(kind) ? kind : QByteArray();
}

/// Within pixels that may be decoded, and of a kind that is shown; an invalid size else.
QSize openedSize(QImageReader &reader)
{
    if (kindOf(reader.device()).isEmpty())
        return {};
    const QSize size = reader.size();
    return qint64(size.width()) * size.height() <= mostPixelsEach ? size : QSize();
}

} // namespace

PictureFiles picturesOf(const mail::HtmlPage &page)
{
    PictureFiles files;
    for (const mail::InlinePicture &picture : page.pictures)
        files.insert(QLatin1String("cid:") + QString::fromLatin1(QUrl::toPercentEncoding(picture.contentId)),
            picture.octets);
    for (qsizetype i = 0; i < page.dataPictures.size(); ++i)
        files.insert(QLatin1String("data:") + QString::number(i), page.dataPictures.at(i));
    return files;
}

QString remotePictureName(int number)
{
    return QLatin1String("remote:") + QString::number(number);
}

PictureSizes sizesOf(const PictureFiles &files)
{
    PictureSizes sizes;
    for (auto file = files.cbegin(); file != files.cend(); ++file) {
        QBuffer buffer;
        buffer.setData(*file);
        buffer.open(QIODevice::ReadOnly);
        QImageReader reader(&buffer);
        if (const QSize size = openedSize(reader); size.isValid())
            sizes.insert(file.key(), size);
    }
    return sizes;
}

QHash<QString, QString> addressesOf(const PictureFiles &files)
{
    QHash<QString, QString> addresses;
    for (auto file = files.cbegin(); file != files.cend(); ++file) {
        QBuffer buffer;
        buffer.setData(*file);
        buffer.open(QIODevice::ReadOnly);
        if (const QByteArray kind = kindOf(&buffer); !kind.isEmpty())
            addresses.insert(
                file.key(), QString::fromLatin1("data:image/" + kind + ";base64," + file->toBase64()));
    }
    return addresses;
}

QByteArray documentOf(const QString &html, const QString &styleSheet, const PagePictures &pictures)
{
    PictureFiles shown = pictures.files;
    shown.removeIf([&pictures](const auto &file) { return !pictures.sizes.contains(file.key()); });
    mail::HtmlPage page;
    page.html = html;
    page.styleSheet = styleSheet;
    return mail::browserPage(page, QString(), addressesOf(shown));
}

PictureImages decoded(const PictureFiles &files, const std::stop_token &stop)
{
    PictureImages images;
    qint64 read = 0;
    qint64 shown = 0;
    for (auto file = files.cbegin(); file != files.cend() && shown <= mostPixelsShown; ++file) {
        if (stop.stop_requested())
            return {};
        QBuffer buffer;
        buffer.setData(*file);
        buffer.open(QIODevice::ReadOnly);
        QImageReader reader(&buffer);
        const QSize size = openedSize(reader);
        const qint64 pixels = qint64(size.width()) * size.height();
        if (!size.isValid() || read + pixels > mostPixelsDecoded)
            continue;
        read += pixels;
        if (size.width() > widestPicture || size.height() > tallestPicture)
            reader.setScaledSize(size.scaled(widestPicture, tallestPicture, Qt::KeepAspectRatio));
        const QImage image = reader.read();
        shown += qint64(image.width()) * image.height();
        if (!image.isNull())
            images.insert(file.key(), image);
    }
    return images;
}

} // namespace glasspost::ui
