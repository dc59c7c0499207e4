#include "mail/message/sevenbit.h"

#include "mail/message/headerfields.h"
#include "mail/message/mime.h"
#include "mail/message/parttree.h"

namespace glasspost::mail {

namespace {

constexpr qsizetype longestSevenBitLine = 998; // octets, RFC 5322 2.1.1

bool isSevenBit(QByteArrayView octets)
{
    qsizetype line = 0;
    for (const char c : octets) {
        line = c == '\n' ? 0 : line + 1;
        if (uchar(c) >= 0x80 || line > longestSevenBitLine)
            return false;
    }
    return true;
}

QByteArray written(GMimeObject *object)
{
    const GRef<GMimeStream> memory(g_mime_stream_mem_new());
    g_mime_object_write_to_stream(object, nullptr, memory.get());
    const GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
    return {reinterpret_cast<const char *>(array->data), qsizetype(array->len)};
}

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
        if (!raw || isSevenBit(raw))
            continue;
        const QByteArray text
            = decodedText(QByteArray(raw).replace('\n', "").replace('\r', "").trimmed()).toUtf8();
        g_mime_header_set_value(header, nullptr, text.constData(), "utf-8");
    }
}

/// A text of which nobody said the charset gets one, as its octets are read from now on.
void nameCharset(GMimeObject *object)
{
    GMimeContentType *type = g_mime_object_get_content_type(object);
    if (!g_mime_content_type_is_type(type, "text", "*") || g_mime_content_type_get_parameter(type, "charset"))
        return;
    const QByteArray octets = PartTree::content(object, -1);
    if (!isSevenBit(octets))
        g_mime_object_set_content_type_parameter(object, "charset",
            g_utf8_validate(octets.constData(), octets.size(), nullptr) ? "utf-8" : "windows-1252");
}

/// False when an 8-bit part cannot be encoded.
bool encodeParts(GMimeObject *top)
{
    QList<GMimeObject *> open = {top};
    while (!open.isEmpty()) {
        GMimeObject *object = open.takeLast();
        if (isSealed(object)) {
            if (!isSevenBit(written(object)))
                return false;
            continue;
        }
        encodeHeader(g_mime_object_get_header_list(object));
        if (GMIME_IS_MULTIPART(object)) {
            for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); ++i)
                open.append(g_mime_multipart_get_part(GMIME_MULTIPART(object), i));
            // RFC 2045 6.4: a multipart is 7bit when its parts are.
            g_mime_object_remove_header(object, "Content-Transfer-Encoding");
        } else if (GMIME_IS_MESSAGE_PART(object)) {
            GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
            g_mime_object_remove_header(object, "Content-Transfer-Encoding");
            if (!inner)
                continue;
            encodeHeader(g_mime_object_get_header_list(GMIME_OBJECT(inner)));
            if (GMimeObject *innerTop = g_mime_message_get_mime_part(inner))
                open.append(innerTop);
        } else if (GMIME_IS_PART(object)) {
            nameCharset(object);
            if (isSevenBit(written(object)))
                continue;
            g_mime_part_set_content_encoding(GMIME_PART(object),
                g_mime_part_get_best_content_encoding(GMIME_PART(object), GMIME_ENCODING_CONSTRAINT_7BIT));
        }
    }
    return true;
}

} // namespace

std::optional<QByteArray> toSevenBit(const QByteArray &message)
{
    if (isSevenBit(message))
        return message;
    ensureMime();
    const GRef<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(message.constData(), size_t(message.size())));
    const GRef<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const GRef<GMimeMessage> parsed(g_mime_parser_construct_message(parser.get(), readingOptions()));
    GMimeObject *top = parsed ? g_mime_message_get_mime_part(parsed.get()) : nullptr;
    if (!top)
        return std::nullopt;
    encodeHeader(g_mime_object_get_header_list(GMIME_OBJECT(parsed.get())));
    if (!encodeParts(top))
        return std::nullopt;
    if (!readHeader(message).first("MIME-Version"))
        g_mime_object_set_header(GMIME_OBJECT(parsed.get()), "MIME-Version", "1.0", "us-ascii");
    // What damaged mail still keeps past 7F (a preamble, say) is not for a server without 8BITMIME.
    const QByteArray result = written(GMIME_OBJECT(parsed.get()));
    return isSevenBit(result) ? std::optional(result) : std::nullopt;
}

} // namespace glasspost::mail
