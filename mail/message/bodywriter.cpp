#include "mail/message/bodywriter.h"

#include "mail/message/messageview.h"
#include "mail/message/mime.h"
#include "mail/message/sevenbit.h"

#include <QFile>
#include <QFileInfo>
#include <QMimeDatabase>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestLine = 998; // octets, RFC 5322 2.1.1

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

void setContent(GMimePart *part, const QByteArray &octets, GMimeContentEncoding encoding)
{
    const GRef<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(octets.constData(), size_t(octets.size())));
    const GRef<GMimeDataWrapper> content(
        g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
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
    setContent(part, octets, encodingFor(shape, octets.size()));
    return GRef<GMimeObject>(object);
}

GRef<GMimeObject> multipart(const char *subtype, const QList<GMimeObject *> &children)
{
    GMimeMultipart *parent = g_mime_multipart_new_with_subtype(subtype);
    for (GMimeObject *child : children)
        g_mime_multipart_add(parent, child);
    return GRef<GMimeObject>(GMIME_OBJECT(parent));
}

QByteArray typeOf(const DraftAttachment &attachment, const QByteArray &octets)
{
    QString type = attachment.contentType.section(u';', 0, 0).trimmed().toLower();
    if (type.count(u'/') != 1 || type.startsWith(u'/') || type.endsWith(u'/'))
        type = QMimeDatabase().mimeTypeForFileNameAndData(attachment.name, octets).name();
    const bool isToken = std::all_of(type.begin(), type.end(), [](QChar c) {
        return (c.unicode() < 128 && c.isLetterOrNumber()) || QStringView(u"/.+-_!#$&^").contains(c);
    });
    const bool isComposite = type.startsWith(QLatin1String("multipart/"))
        || (type.startsWith(QLatin1String("message/")) && type != QLatin1String("message/rfc822"));
    return isToken && !isComposite ? type.toLatin1() : QByteArrayLiteral("application/octet-stream");
}

/// RFC 2046 5.2.1: a message may not be in base64; one that cannot be sent in 7 bits goes as plain octets.
std::optional<QByteArray> attachedMessage(const QByteArray &octets)
{
    QByteArray message = octets;
    message.replace("\r\n", "\n");
    const std::optional<QByteArray> sevenBits = toSevenBit(message);
    if (!sevenBits || shapeOf(*sevenBits).longestLine > longestLine)
        return std::nullopt;
    return sevenBits;
}

GRef<GMimeObject> attachmentPart(const DraftAttachment &attachment, const QByteArray &octets)
{
    QByteArray type = typeOf(attachment, octets);
    std::optional<QByteArray> message;
    if (type == "message/rfc822") {
        message = attachedMessage(octets);
        if (!message)
            type = "application/octet-stream";
    }
    const qsizetype slash = type.indexOf('/');
    GMimePart *part
        = g_mime_part_new_with_type(type.left(slash).constData(), type.mid(slash + 1).constData());
    g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
    const QString name = attachment.name.isEmpty() ? QFileInfo(attachment.path).fileName() : attachment.name;
    g_mime_part_set_filename(part, safeFileName(name).toUtf8().constData());
    setContent(part, message ? *message : octets,
        message ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_BASE64);
    return GRef<GMimeObject>(GMIME_OBJECT(part));
}

QByteArray written(GMimeObject *object)
{
    const GRef<GMimeStream> memory(g_mime_stream_mem_new());
    g_mime_object_write_to_stream(object, nullptr, memory.get());
    const GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
    return {reinterpret_cast<const char *>(array->data), qsizetype(array->len)};
}

Error fileError(const QFile &file)
{
    const ErrorCode code = file.exists() ? ErrorCode::NotPermitted : ErrorCode::NotFound;
    return {code, file.fileName(), file.errorString()};
}

} // namespace

Result<QByteArray> writeBody(const Draft &draft)
{
    ensureMime();
    GRef<GMimeObject> body = textPart(draft.text, "plain");
    if (!draft.html.isEmpty()) {
        const GRef<GMimeObject> html = textPart(draft.html, "html");
        body = multipart("alternative", {body.get(), html.get()});
    }
    if (draft.attachments.isEmpty())
        return written(body.get());
    const GRef<GMimeObject> all = multipart("mixed", {body.get()});
    for (const DraftAttachment &attachment : draft.attachments) {
        QFile file(attachment.path);
        if (!QFileInfo(file).isFile() || !file.open(QIODevice::ReadOnly))
            return tl::unexpected(fileError(file));
        g_mime_multipart_add(GMIME_MULTIPART(all.get()), attachmentPart(attachment, file.readAll()).get());
    }
    return written(all.get());
}

} // namespace glasspost::mail
