#include "mail/message/sevenbit.h"

#include "mail/message/headerfields.h"
#include "mail/message/mimestreams.h"

#include <QStringDecoder>

#include <cerrno>

namespace glasspost::mail {

namespace {

/// A signature holds for the octets as they are (RFC 1847 2.1), and what is encrypted is opaque: neither is
/// touched.
bool isSealed(GMimeObject *object)
{
    GMimeContentType *type = g_mime_object_get_content_type(object);
    return g_mime_content_type_is_type(type, "multipart", "signed")
        || g_mime_content_type_is_type(type, "multipart", "encrypted");
}

/// Octets past 7F in a field become encoded words; structured fields are left to GMime's knowledge of them.
void encodeHeader(GMimeHeaderList *headers)
{
    const int count = g_mime_header_list_get_count(headers);
    for (int i = 0; i < count; ++i) {
        GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
        const char *raw = g_mime_header_get_raw_value(header);
        if (!raw || octetShapeOf(QByteArrayView(raw)).isSevenBit())
            continue;
        const QByteArray text
            = decodedText(QByteArray(raw).replace('\n', "").replace('\r', "").trimmed()).toUtf8();
        g_mime_header_set_value(header, nullptr, text.constData(), "utf-8");
    }
}

/// The part's octets as they lie, still in their transfer encoding; null when it has none.
GMimeStream *rawContent(GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    return content ? g_mime_data_wrapper_get_stream(content) : nullptr;
}

bool isTextPart(GMimePart *part)
{
    return g_mime_content_type_is_type(g_mime_object_get_content_type(GMIME_OBJECT(part)), "text", "*");
}

/// Whether a change of line ends would change the part.
bool isBinaryPart(GMimePart *part)
{
    GMimeStream *content = rawContent(part);
    if (!content || g_mime_part_get_content_encoding(part) != GMIME_CONTENT_ENCODING_BINARY)
        return false;
    return !isTextPart(part) || octetShapeOf(content).isBinary();
}

bool isUtf8Stream(GMimeStream *stream)
{
    QStringDecoder decoder(QStringDecoder::Utf8);
    QByteArray piece(64 * 1024, Qt::Uninitialized);
    g_mime_stream_reset(stream);
    for (;;) {
        const ssize_t got = g_mime_stream_read(stream, piece.data(), size_t(piece.size()));
        if (got <= 0)
            return !decoder.hasError();
        const QString text = decoder.decode(QByteArrayView(piece).first(got));
        if (decoder.hasError())
            return false;
    }
}

/// A text of which nobody said the charset gets one, as its octets are read from now on.
void nameCharset(GMimePart *part, GMimeStream *content)
{
    GMimeObject *object = GMIME_OBJECT(part);
    GMimeContentType *type = g_mime_object_get_content_type(object);
    if (isTextPart(part) && !g_mime_content_type_get_parameter(type, "charset"))
        g_mime_object_set_content_type_parameter(
            object, "charset", isUtf8Stream(content) ? "utf-8" : "windows-1252");
}

void encodePart(GMimePart *part)
{
    GMimeStream *content = rawContent(part);
    if (!content)
        return;
    const OctetShape shape = octetShapeOf(content);
    if (shape.hasEightBit)
        nameCharset(part, content);
    if (isBinaryPart(part))
        g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
    else if (!shape.isSevenBit())
        g_mime_part_set_content_encoding(
            part, g_mime_part_get_best_content_encoding(part, GMIME_ENCODING_CONSTRAINT_7BIT));
}

/// The parts below an object that hold octets of their own, in no special order; a sealed multipart is one of
/// them. Every other object on the way is given to visit.
template <typename Visit> QList<GMimeObject *> leavesOf(GMimeObject *top, bool intoSealed, Visit visit)
{
    QList<GMimeObject *> leaves;
    QList<GMimeObject *> open = {top};
    while (!open.isEmpty()) {
        GMimeObject *object = open.takeLast();
        if (isSealed(object) && !intoSealed) {
            leaves.append(object);
            continue;
        }
        visit(object);
        if (GMIME_IS_MULTIPART(object)) {
            for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); ++i)
                open.append(g_mime_multipart_get_part(GMIME_MULTIPART(object), i));
        } else if (GMIME_IS_MESSAGE_PART(object)) {
            GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
            if (inner)
                visit(GMIME_OBJECT(inner));
            if (GMimeObject *innerTop = inner ? g_mime_message_get_mime_part(inner) : nullptr)
                open.append(innerTop);
        } else if (GMIME_IS_PART(object)) {
            leaves.append(object);
        }
    }
    return leaves;
}

bool holdsBinary(GMimeObject *top)
{
    const QList<GMimeObject *> leaves = leavesOf(top, true, [](GMimeObject *) {});
    return std::any_of(leaves.cbegin(), leaves.cend(),
        [](GMimeObject *leaf) { return GMIME_IS_PART(leaf) && isBinaryPart(GMIME_PART(leaf)); });
}

/// False when a part must not be touched and cannot stay as it is.
Result<bool> encodeParts(GMimeObject *top, const QString &folder, const std::stop_token &stop)
{
    const QList<GMimeObject *> leaves = leavesOf(top, false, [](GMimeObject *object) {
        encodeHeader(g_mime_object_get_header_list(object));
        // RFC 2045 6.4: a multipart is 7bit when its parts are.
        if (GMIME_IS_MULTIPART(object) || GMIME_IS_MESSAGE_PART(object))
            g_mime_object_remove_header(object, "Content-Transfer-Encoding");
    });
    for (GMimeObject *leaf : leaves) {
        if (GMIME_IS_PART(leaf)) {
            encodePart(GMIME_PART(leaf));
            continue;
        }
        if (holdsBinary(leaf))
            return false;
        const auto target = MimeTarget::open(folder, MessageOctets::mostInMemory + 1, stop);
        if (!target)
            return tl::unexpected(target.error());
        if (g_mime_object_write_to_stream(leaf, nullptr, target->stream()) < 0)
            return systemFailure(errno, {});
        if (!octetShapeOf(target->stream()).isSevenBit())
            return false;
    }
    return true;
}

Error notConverted()
{
    return {ErrorCode::NotAMessage, {}, QStringLiteral("a signed or damaged part cannot be converted")};
}

Result<MessageOctets> writtenObject(
    const Result<MimeTarget> &target, GMimeObject *object, GMimeFormatOptions *format)
{
    if (!target)
        return tl::unexpected(target.error());
    if (g_mime_object_write_to_stream(object, format, target->stream()) < 0)
        return systemFailure(errno, {});
    return target->finish();
}

Result<MessageOctets> converted(GMimeStream *stream, const QString &folder, const std::stop_token &stop = {})
{
    const bool declaresMime = [stream] {
        QByteArray front(64 * 1024, Qt::Uninitialized);
        g_mime_stream_reset(stream);
        front.truncate(qMax<ssize_t>(0, g_mime_stream_read(stream, front.data(), size_t(front.size()))));
        return readHeader(front).first("MIME-Version") != nullptr;
    }();
    const GRef<GMimeMessage> parsed = parsedMessage(stream);
    GMimeObject *top = parsed ? g_mime_message_get_mime_part(parsed.get()) : nullptr;
    if (!top)
        return tl::unexpected(notConverted());
    encodeHeader(g_mime_object_get_header_list(GMIME_OBJECT(parsed.get())));
    const Result<bool> encoded = encodeParts(top, folder, stop);
    if (!encoded || !*encoded)
        return tl::unexpected(encoded ? notConverted() : encoded.error());
    if (!declaresMime)
        g_mime_object_set_header(GMIME_OBJECT(parsed.get()), "MIME-Version", "1.0", "us-ascii");
    const auto result = writtenObject(
        MimeTarget::open(folder, g_mime_stream_length(stream), stop), GMIME_OBJECT(parsed.get()), nullptr);
    if (!result)
        return result;
    // What damaged mail still keeps past 7F (a preamble, say) is not for a server without 8BITMIME.
    const auto written = mimeStreamOver(*result, stop);
    if (!written)
        return tl::unexpected(written.error());
    return octetShapeOf(written->get()).isSevenBit() ? result : tl::unexpected(notConverted());
}

/// Nothing when the message may go as it is.
Result<std::optional<MessageOctets>> convertedWhereNeeded(GMimeStream *stream, const QString &folder)
{
    if (const OctetShape shape = octetShapeOf(stream); shape.isSevenBit() && !shape.hasBareCr) {
        const GRef<GMimeMessage> parsed = parsedMessage(stream);
        GMimeObject *top = parsed ? g_mime_message_get_mime_part(parsed.get()) : nullptr;
        if (!top || !holdsBinary(top))
            return std::optional<MessageOctets>();
    }
    return converted(stream, folder).map([](const MessageOctets &octets) { return std::optional(octets); });
}

} // namespace

Result<MessageOctets> toSevenBit(const MessageOctets &message, const QString &folder)
{
    const auto stream = mimeStreamOver(message);
    if (!stream)
        return tl::unexpected(stream.error());
    return convertedWhereNeeded(stream->get(), folder)
        .map([&message](const std::optional<MessageOctets> &octets) { return octets.value_or(message); });
}

Result<MessageOctets> fileToSevenBit(const QString &path, const QString &folder, const std::stop_token &stop)
{
    const auto stream = mimeStreamOver(path, stop);
    if (!stream)
        return tl::unexpected(stream.error());
    const Result<MessageOctets> result = converted(stream->get(), folder, stop);
    // What could not be read any more looked like the end of the message.
    return stop.stop_requested() ? systemFailure(ECANCELED, path) : result;
}

Result<bool> hasBinaryParts(const MessageOctets &message)
{
    const auto stream = mimeStreamOver(message);
    if (!stream)
        return tl::unexpected(stream.error());
    const GRef<GMimeMessage> parsed = parsedMessage(stream->get());
    GMimeObject *top = parsed ? g_mime_message_get_mime_part(parsed.get()) : nullptr;
    return top && holdsBinary(top);
}

Result<MessageOctets> toBinaryMime(const MessageOctets &message, const QString &folder)
{
    const auto stream = mimeStreamOver(message);
    if (!stream)
        return tl::unexpected(stream.error());
    const GRef<GMimeMessage> parsed = parsedMessage(stream->get());
    if (!parsed)
        return tl::unexpected(notConverted());
    GMimeFormatOptions *format = g_mime_format_options_clone(g_mime_format_options_get_default());
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    const auto result
        = writtenObject(MimeTarget::open(folder, message.size()), GMIME_OBJECT(parsed.get()), format);
    g_mime_format_options_free(format);
    return result;
}

} // namespace glasspost::mail
