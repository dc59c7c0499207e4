// The parts of a message, and small pictures of those that are pictures.
#include "app/http/handlers.h"

#include "mail/base/worker.h"

#include <QBuffer>
#include <QDir>
#include <QFileInfo>
#include <QImageReader>
#include <QPainter>

namespace glasspost::app {

namespace {

using mail::Result;
using mail::Task;

constexpr qint64 mostInMemory = 1024 * 1024; // octets; a larger part goes by a file
constexpr qint64 mostPicture = 32 * 1024 * 1024; // octets of a file that is drawn
constexpr qint64 mostPixels = 16'000'000;
constexpr QSize thumbnailSize(180, 120);

/// A part that a request's path names.
struct NamedPartView
{
    mail::MessageId id;
    int index = 0;
    QString contentType, charset, name;
};

Result<NamedPartView> partOf(const CapturedMessage &message, const QString &index)
{
    bool isNumber = false;
    const int number = index.toInt(&isNumber);
    if (!isNumber || number < 0 || number >= message.view.parts.size())
        return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, index, {}});
    const mail::PartView &view = message.view.parts.at(number);
    NamedPartView part{message.view.id, number, view.contentType, view.charset, view.fileName};
    for (const AttachedPart &one : message.attached) {
        if (one.index == number)
            part.name = one.fileName;
    }
    return part;
}

Task<NamedPartView> named(CapturedMail &captured, const HttpRequest &request, QObject *context)
{
    const auto read = [&captured, context](
                          const mail::MessageId &id) { return captured.read(id, Hashes::Left, context); };
    return captured.named(request, context)
        .andThen(context, read)
        .andThen(context, [index = request.captured.value(1)](const CapturedMessage &message) {
            return partOf(message, index);
        });
}

/// A browser that opens one of these would run what is in it, at this address.
bool isActive(const QString &contentType)
{
    static const QStringList active
        = {QStringLiteral("text/html"), QStringLiteral("text/xml"), QStringLiteral("application/xhtml+xml"),
            QStringLiteral("image/svg+xml"), QStringLiteral("application/xml"), QStringLiteral("text/xsl"),
            QStringLiteral("text/javascript"), QStringLiteral("application/javascript")};
    return active.contains(contentType);
}

HttpResponse responseFor(const NamedPartView &part)
{
    HttpResponse response;
    const bool isText = part.contentType.startsWith(u"text/") && !part.charset.isEmpty();
    response.contentType = isActive(part.contentType) ? QByteArrayLiteral("application/octet-stream")
                                                      : part.contentType.toLatin1();
    if (isText && !isActive(part.contentType))
        response.contentType += "; charset=" + part.charset.toLatin1();
    response.fields.emplaceBack("Content-Disposition",
        (isActive(part.contentType) ? "attachment" : "inline") + QByteArray("; filename=\"")
            + part.name.toUtf8().toPercentEncoding() + '"');
    response.fields.emplaceBack("Content-Security-Policy", "default-src 'none'; sandbox");
    return response;
}

Task<HttpResponse> withOctets(CapturedMail &captured, const NamedPartView &part, QObject *context)
{
    mail::Mailboxes &mailboxes = captured.mail().mailboxes();
    return mailboxes.part(part.id, part.index, mostInMemory + 1)
        .andThen(context, [&mailboxes, part, context](const QByteArray &octets) -> Task<HttpResponse> {
            HttpResponse response = responseFor(part);
            response.body = octets;
            if (octets.size() <= mostInMemory)
                return Result<HttpResponse>(response);
            return mailboxes.copyPart(part.id, {part.index, QStringLiteral("part")})
                .andThen(context, [response](const QString &path) mutable {
                    response.file = std::shared_ptr<const mail::SpoolFile>(
                        new mail::SpoolFile(path), [](const mail::SpoolFile *file) {
                            const QString folder = QFileInfo(file->path()).path();
                            delete file;
                            QDir().rmdir(folder); // the copy's own
                        });
                    return response;
                });
        });
}

HttpHandler part(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        return named(captured, request, context)
            .andThen(context, [&captured, context](const NamedPartView &one) {
                return withOctets(captured, one, context);
            });
    };
}

/// Fills the size or, where it is smaller, is centered in it; white where there is no picture.
QByteArray thumbnailOf(const QByteArray &octets)
{
    QImage thumbnail(thumbnailSize, QImage::Format_RGB32);
    thumbnail.fill(Qt::white);
    QBuffer buffer;
    buffer.setData(octets);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    reader.setAutoTransform(true);
    static const QByteArrayList drawn = {"png", "jpeg", "gif", "bmp", "webp"};
    reader.setDecideFormatFromContent(true);
    const QSize size = drawn.contains(reader.format()) ? reader.size() : QSize();
    if (size.isValid() && qint64(size.width()) * size.height() <= mostPixels) {
        QImage picture = reader.read();
        if (picture.width() >= thumbnailSize.width() && picture.height() >= thumbnailSize.height())
            picture = picture.scaled(thumbnailSize, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
        else if (!picture.isNull())
            picture = picture.scaled(
                picture.size().boundedTo(thumbnailSize), Qt::KeepAspectRatio, Qt::SmoothTransformation);
        const QPoint corner(
            (thumbnail.width() - picture.width()) / 2, (thumbnail.height() - picture.height()) / 2);
        QPainter(&thumbnail).drawImage(corner, picture);
    }
    QBuffer jpeg;
    jpeg.open(QIODevice::WriteOnly);
    thumbnail.save(&jpeg, "JPEG", 70);
    return jpeg.data();
}

HttpHandler thumbnail(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        const auto read = [&captured](const NamedPartView &one) {
            return captured.mail().mailboxes().part(one.id, one.index, mostPicture);
        };
        const auto draw = [](const QByteArray &octets) {
            return mail::runLongWork([octets] { return thumbnailOf(octets); });
        };
        return named(captured, request, context)
            .andThen(context, read)
            .andThen(context, draw)
            .andThen(context, [](const QByteArray &jpeg) {
                HttpResponse response = textResponse(jpeg);
                response.contentType = "image/jpeg";
                return response;
            });
    };
}

} // namespace

QList<HttpRoute> partRoutes(CapturedMail &captured)
{
    return {{"GET", "/api/v1/message/{}/part/{}", part(captured)},
        {"GET", "/api/v1/message/{}/part/{}/thumb", thumbnail(captured)}};
}

} // namespace glasspost::app
