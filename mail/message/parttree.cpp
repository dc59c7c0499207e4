#include "mail/message/parttree.h"

#include "mail/message/transfercoding.h"

namespace glasspost::mail {

namespace {

constexpr int mostParts = 10000;

PartPlace placeOf(GMimeObject *object, const QList<PartPlace> &places)
{
    const char *number = g_mime_object_get_header(object, partNumberField);
    return places.value(number ? QByteArray(number).toInt() : -1);
}

} // namespace

Result<PartTree> PartTree::readWith(const OctetsReader &message, Interruption interruption)
{
    ensureMime();
    const Result<Outline> outline = readOutline(message, interruption);
    if (!outline)
        return tl::unexpected(outline.error());
    const QByteArray &skeleton = outline->skeleton;
    const GRef<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(skeleton.constData(), size_t(skeleton.size())));
    const GRef<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    PartTree tree(message, interruption);
    tree.m_isCut = outline->isCut;
    tree.m_message.reset(g_mime_parser_construct_message(parser.get(), readingOptions()));
    if (tree.m_message)
        tree.walk(g_mime_message_get_mime_part(tree.m_message.get()), outline->parts);
    return tree;
}

void PartTree::walk(GMimeObject *top, const QList<PartPlace> &places)
{
    QList<Node> open;
    if (top)
        open.append({top, 0, -1, 0, {}});
    while (!open.isEmpty() && m_nodes.size() < mostParts) {
        Node node = open.takeLast();
        node.place = placeOf(node.object, places);
        const int index = int(m_nodes.size());
        m_nodes.append(node);
        if (node.depth >= deepestPart) {
            m_isCut = m_isCut || GMIME_IS_MULTIPART(node.object) || GMIME_IS_MESSAGE_PART(node.object);
            continue;
        }
        if (GMIME_IS_MULTIPART(node.object)) {
            GMimeMultipart *multipart = GMIME_MULTIPART(node.object);
            for (int i = qMin(g_mime_multipart_get_count(multipart), mostParts) - 1; i >= 0; --i)
                open.append(
                    {g_mime_multipart_get_part(multipart, i), node.depth + 1, index, node.messages, {}});
        } else if (GMIME_IS_MESSAGE_PART(node.object)) {
            GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(node.object));
            if (GMimeObject *first = inner ? g_mime_message_get_mime_part(inner) : nullptr)
                open.append({first, node.depth + 1, index, node.messages + 1, {}});
        }
    }
    m_isCut = m_isCut || !open.isEmpty();
}

Result<OctetPieces> PartTree::pieces(int node) const
{
    if (node < 0 || node >= m_nodes.size())
        return tl::unexpected(Error{ErrorCode::NotFound, QString::number(node), {}});
    const Node &part = m_nodes.at(node);
    const qint64 end = GMIME_IS_MULTIPART(part.object) ? part.place.body.begin : part.place.body.end;
    const OctetPieces lying = m_octets.pieces(part.place.body.begin, end);
    if (!GMIME_IS_PART(part.object))
        return lying;
    const GMimeContentEncoding encoding = g_mime_part_get_content_encoding(GMIME_PART(part.object));
    const auto decoder = std::make_shared<TransferDecoder>(encoding);
    return [lying, decoder]() -> Result<QByteArray> {
        for (;;) {
            const Result<QByteArray> piece = lying();
            if (!piece)
                return piece;
            const QByteArray decoded = piece->isEmpty() ? decoder->finish() : decoder->take(*piece);
            if (piece->isEmpty() || !decoded.isEmpty())
                return decoded;
        }
    };
}

template <typename Take> void PartTree::each(int node, const Take &take) const
{
    const Result<OctetPieces> next = pieces(node);
    if (!next)
        return;
    for (;;) {
        const Result<QByteArray> piece
            = unlessInterrupted(m_interruption).and_then([&next] { return (*next)(); });
        if (!piece && !m_failure)
            m_failure = piece.error();
        if (!piece || piece->isEmpty() || !take(*piece))
            return;
    }
}

QByteArray PartTree::content(int node, qint64 limit) const
{
    QByteArray all;
    if (limit <= 0)
        return all;
    each(node, [&all, limit](const QByteArray &piece) {
        all += piece.left(limit - all.size());
        return all.size() < limit;
    });
    return all;
}

QByteArray PartTree::octetsOf(const Span &span, qint64 limit) const
{
    const Result<QByteArray> octets = m_octets.read(span.begin, qMin(span.end - span.begin, limit));
    if (!octets && !m_failure)
        m_failure = octets.error();
    return octets.value_or(QByteArray());
}

QByteArray PartTree::raw(int node, qint64 limit) const
{
    return octetsOf(m_nodes.at(node).place.body, limit);
}

QByteArray PartTree::header(int node, qint64 limit) const
{
    return octetsOf(m_nodes.at(node).place.header, limit);
}

qint64 PartTree::size(int node) const
{
    const Node &part = m_nodes.at(node);
    if (!GMIME_IS_PART(part.object) && !GMIME_IS_MULTIPART(part.object))
        return part.place.body.end - part.place.body.begin;
    qint64 octets = 0;
    each(node, [&octets](const QByteArray &piece) {
        octets += piece.size();
        return true;
    });
    return octets;
}

} // namespace glasspost::mail
