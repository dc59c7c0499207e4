#include "mail/message/bodywriter.h"

#include "mail/base/lineends.h"
#include "mail/message/sevenbit.h"

#include <QFile>
#include <QFileInfo>
#include <QMimeDatabase>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestLine = 998; // octets, RFC 5322 2.1.1
constexpr qint64 attachedPiece = 256 * 1024;

/// What the transfer encoding of a text is chosen by.
struct TextShape
{
    qsizetype eightBit = 0; ///< octets past 7F
    qsizetype longestLine = 0;
    bool hasControls = false;
};

TextShape shapeOf(const QByteArray &text)
{
    TextShape shape;
    qsizetype line = 0;
    for (const char c : text) {
        line = c == '\n' ? 0 : line + 1;
        shape.longestLine = qMax(shape.longestLine, line);
        shape.eightBit += uchar(c) >= 0x80 ? 1 : 0;
        shape.hasControls |= uchar(c) < ' ' && c != '\n' && c != '\t';
    }
    return shape;
}

GMimeContentEncoding encodingFor(const TextShape &shape, qsizetype size)
{
    if (shape.eightBit == 0 && shape.longestLine <= longestLine && !shape.hasControls)
        return GMIME_CONTENT_ENCODING_7BIT;
    // Quoted-printable takes three octets for each such one, base64 four for any three.
    return shape.eightBit * 6 > size ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
}

void setContent(GMimePart *part, GMimeStream *stream, GMimeContentEncoding encoding)
{
    const GRef<GMimeDataWrapper> content(
        g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT));
    g_mime_part_set_content(part, content.get());
    g_mime_part_set_content_encoding(part, encoding);
}

/// Line ends as LF, one at the end; no NUL.
QByteArray textOctets(QString text)
{
    text.replace(QLatin1String("\r\n"), QLatin1String("\n")).replace(u'\r', u'\n');
    text.replace(QChar::ParagraphSeparator, u'\n').replace(QChar::LineSeparator, u'\n').remove(QChar(u'\0'));
    if (!text.endsWith(u'\n'))
        text += u'\n';
    return text.toUtf8();
}

GRef<GMimeObject> textPart(const QString &text, const char *subtype)
{
    const QByteArray octets = textOctets(text);
    const TextShape shape = shapeOf(octets);
    GMimePart *part = g_mime_part_new_with_type("text", subtype);
    GMimeObject *object = GMIME_OBJECT(part);
    g_mime_object_set_content_type_parameter(object, "charset", shape.eightBit ? "utf-8" : "us-ascii");
    const GRef<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(octets.constData(), size_t(octets.size())));
    setContent(part, stream.get(), encodingFor(shape, octets.size()));
    return GRef<GMimeObject>(object);
}

GRef<GMimeObject> multipart(const char *subtype, const QList<GMimeObject *> &children)
{
    GMimeMultipart *parent = g_mime_multipart_new_with_subtype(subtype);
    for (GMimeObject *child : children)
        g_mime_multipart_add(parent, child);
    return GRef<GMimeObject>(GMIME_OBJECT(parent));
}

QByteArray typeOf(const DraftAttachment &attachment, QFile &file)
{
    QString type = attachment.contentType.section(u';', 0, 0).trimmed().toLower();
    if (type.count(u'/') != 1 || type.startsWith(u'/') || type.endsWith(u'/'))
        type = QMimeDatabase().mimeTypeForFileNameAndData(attachment.name, &file).name();
    const bool isToken = std::all_of(type.begin(), type.end(), [](QChar c) {
        return (c.unicode() < 128 && c.isLetterOrNumber()) || QStringView(u"/.+-_!#$&^").contains(c);
    });
    const bool isComposite = type.startsWith(QLatin1String("multipart/"))
        || (type.startsWith(QLatin1String("message/")) && type != QLatin1String("message/rfc822"));
    return isToken && !isComposite ? type.toLatin1() : QByteArrayLiteral("application/octet-stream");
}

/// RFC 2046 5.2.1: a message may not be in base64; one that cannot be sent in 7 bits goes as plain octets.
std::optional<MessageOctets> attachedMessage(QFile &file, const QString &folder)
{
    OctetsWriter writer(folder);
    LfConverter converter;
    for (QByteArray piece = file.read(attachedPiece); !piece.isEmpty(); piece = file.read(attachedPiece))
        writer.write(converter.toLf(piece));
    writer.write(converter.rest());
    const Result<MessageOctets> message = writer.finish();
    const Result<MessageOctets> sevenBits = message ? toSevenBit(*message, folder) : message;
    return sevenBits ? std::optional(*sevenBits) : std::nullopt;
}

/// The name as it is sent: whole, however long (RFC 2231); its last component alone, in one line. What may be
/// a name on the disk of who gets it is theirs to say.
QString sentName(const DraftAttachment &attachment)
{
    QString name = attachment.name.isEmpty() ? attachment.path : attachment.name;
    name = name.section(u'/', -1);
    for (QChar &c : name)
        if (c.category() == QChar::Other_Control || c == QChar::LineSeparator
            || c == QChar::ParagraphSeparator)
            c = u' ';
    name = name.trimmed();
    return name.isEmpty() ? QStringLiteral("attachment") : name;
}

Result<GRef<GMimeObject>> attachmentPart(
    const DraftAttachment &attachment, QFile &file, MessageBody &body, const QString &folder)
{
    QByteArray type = typeOf(attachment, file);
    std::optional<MessageOctets> message;
    if (type == "message/rfc822") {
        message = attachedMessage(file, folder);
        if (!message)
            type = "application/octet-stream";
    }
    const auto stream = message ? mimeStreamOver(*message) : mimeStreamOver(file.fileName());
    if (!stream)
        return tl::unexpected(stream.error());
    const qsizetype slash = type.indexOf('/');
    GMimePart *part
        = g_mime_part_new_with_type(type.left(slash).constData(), type.mid(slash + 1).constData());
    g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
    g_mime_part_set_filename(part, sentName(attachment).toUtf8().constData());
    setContent(part, stream->get(), message ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_BASE64);
    if (message)
        body.converted.append(*message);
    body.expectedSize += g_mime_stream_length(stream->get()) * 3 / 2;
    return GRef<GMimeObject>(GMIME_OBJECT(part));
}

Error fileError(const QFile &file)
{
    const ErrorCode code = file.exists() ? ErrorCode::NotPermitted : ErrorCode::NotFound;
    return {code, file.fileName(), file.errorString()};
}

} // namespace

Result<void> MessageBody::writeTo(const MimeTarget &target) const
{
    errno = 0;
    if (g_mime_object_write_to_stream(object.get(), nullptr, target.stream()) < 0)
        return systemFailure(errno, {});
    return {};
}

Result<MessageBody> composeBody(const Draft &draft, const QString &folder)
{
    ensureMime();
    MessageBody body;
    body.object = textPart(draft.text, "plain");
    body.expectedSize = 3 * (draft.text.size() + draft.html.size());
    if (!draft.html.isEmpty()) {
        const GRef<GMimeObject> html = textPart(draft.html, "html");
        body.object = multipart("alternative", {body.object.get(), html.get()});
    }
    if (draft.attachments.isEmpty())
        return body;
    body.object = multipart("mixed", {body.object.get()});
    for (const DraftAttachment &attachment : draft.attachments) {
        QFile file(attachment.path);
        if (!QFileInfo(file).isFile() || !file.open(QIODevice::ReadOnly))
            return tl::unexpected(fileError(file));
        const auto part = attachmentPart(attachment, file, body, folder);
        if (!part)
            return tl::unexpected(part.error());
        g_mime_multipart_add(GMIME_MULTIPART(body.object.get()), part->get());
    }
    return body;
}

} // namespace glasspost::mail
