#include "mail/message/parttree.h"

#include "mail/message/structurefilter.h"

namespace glasspost::mail {

namespace {

constexpr int deepestPart = 100;
constexpr int mostParts = 10000;

GMimeStream *streamOver(QByteArrayView octets)
{
    return g_mime_stream_mem_new_with_buffer(octets.data(), size_t(octets.size()));
}

} // namespace

PartTree::PartTree(const QByteArray &source)
{
    ensureMime();
    const QByteArray octets = structureOf(source, 2 * mostParts);
    const GRef<GMimeStream> stream(streamOver(octets));
    const GRef<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    g_mime_parser_set_persist_stream(parser.get(), TRUE);
    m_message.reset(g_mime_parser_construct_message(parser.get(), readingOptions()));
    walk();
}

void PartTree::walk()
{
    if (!m_message)
        return;
    QList<Node> open;
    if (GMimeObject *top = g_mime_message_get_mime_part(m_message.get()))
        open.append({top, 0, -1, 0});
    while (!open.isEmpty() && m_nodes.size() < mostParts) {
        const Node node = open.takeLast();
        const int index = int(m_nodes.size());
        m_nodes.append(node);
        if (node.depth >= deepestPart)
            continue;
        if (GMIME_IS_MULTIPART(node.object)) {
            GMimeMultipart *multipart = GMIME_MULTIPART(node.object);
            for (int i = qMin(g_mime_multipart_get_count(multipart), mostParts) - 1; i >= 0; --i)
                open.append({g_mime_multipart_get_part(multipart, i), node.depth + 1, index, node.messages});
        } else if (GMIME_IS_MESSAGE_PART(node.object)) {
            GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(node.object));
            if (GMimeObject *top = inner ? g_mime_message_get_mime_part(inner) : nullptr)
                open.append({top, node.depth + 1, index, node.messages + 1});
        }
    }
}

QByteArray PartTree::content(GMimeObject *object, qint64 limit)
{
    if (GMIME_IS_PART(object))
        return decodedContent(GMIME_PART(object), limit);
    if (!GMIME_IS_MESSAGE_PART(object))
        return {};
    GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
    const GRef<GMimeStream> memory(g_mime_stream_mem_new());
    if (inner)
        g_mime_object_write_to_stream(GMIME_OBJECT(inner), nullptr, memory.get());
    const GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
    const qint64 size = limit < 0 ? qint64(array->len) : qMin<qint64>(limit, array->len);
    return {reinterpret_cast<const char *>(array->data), qsizetype(size)};
}

} // namespace glasspost::mail
