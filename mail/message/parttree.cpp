#include "mail/message/parttree.h"

#include "mail/message/headerfields.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr int deepestPart = 100;
constexpr int mostParts = 10000;
constexpr qsizetype longestField = 4 * 1024; // octets of a field with parameters

/// The fields that say what the body is. GMime gets these alone: it reads every address field into objects,
/// and a hundred thousand of them would cost minutes (F14).
QByteArray structureHeader(QByteArrayView source, qsizetype &bodyOffset)
{
    QByteArray header = "MIME-Version: 1.0\n";
    int kept = 0;
    bodyOffset = visitHeader(source, [&header, &kept](const RawField &field) {
        const bool isWanted = field.name.size() > 8 && qstrnicmp(field.name.data(), 8, "content-", 8) == 0;
        if (isWanted && ++kept <= 100)
            header += field.name.toByteArray() + ':' + field.value.toByteArray() + '\n';
        return true;
    });
    return header += '\n';
}

bool startsField(QByteArrayView line)
{
    static constexpr QByteArrayView names[] = {"content-type:", "content-disposition:"};
    return std::any_of(std::begin(names), std::end(names), [line](QByteArrayView name) {
        return line.size() >= name.size()
            && qstrnicmp(line.data(), name.size(), name.data(), name.size()) == 0;
    });
}

bool isContinued(QByteArrayView line)
{
    return line.front() == ' ' || line.front() == '\t';
}

/// RFC 5322 2.2: a name without blanks, then a colon.
bool isField(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    return colon > 0 && !line.first(colon).contains(' ') && !line.first(colon).contains('\t');
}

/// Whether a header may stand at a line: at the start, behind a boundary, and behind the empty line that
/// ended a header (of an attached message); until a line that is no field.
class HeaderPlace
{
public:
    /// Takes the next line; true when it belongs to a header.
    bool holds(QByteArrayView line)
    {
        if (line.startsWith("--")) {
            m_here = true;
            m_sawField = false;
            return false;
        }
        if (line.front() == '\n' || line.startsWith("\r\n")) {
            m_here = std::exchange(m_sawField, false) && m_here;
            return false;
        }
        if (!isContinued(line))
            m_here = m_here && isField(line);
        m_sawField = m_sawField || m_here;
        return m_here;
    }

private:
    bool m_here = true;
    bool m_sawField = false;
};

/// GMime joins the pieces of RFC 2231 parameters in the square of their number (F14): a part's field that has
/// parameters ends at longestField octets. Only what GMime reads is cut, the file never.
void limitParameters(QByteArray &octets)
{
    char *const data = octets.data();
    HeaderPlace place;
    qsizetype kept = 0;
    qsizetype room = -1; // of a field with parameters; -1 elsewhere
    for (qsizetype at = 0; at < octets.size();) {
        const qsizetype lf = octets.indexOf('\n', at);
        const qsizetype end = lf < 0 ? octets.size() : lf + 1;
        const QByteArrayView line(data + at, end - at);
        if (!place.holds(line))
            room = -1;
        else if (!isContinued(line))
            room = startsField(line) ? longestField : -1;
        const bool fits = room < 0 || line.size() <= room;
        const qsizetype length = fits ? line.size() : room;
        if (kept != at)
            std::memmove(data + kept, data + at, size_t(length));
        kept += length;
        if (!fits && length > 0)
            data[kept++] = '\n';
        if (room >= 0)
            room -= length;
        at = end;
    }
    octets.truncate(kept);
}

GMimeStream *streamOver(QByteArrayView octets)
{
    return g_mime_stream_mem_new_with_buffer(octets.data(), size_t(octets.size()));
}

} // namespace

PartTree::PartTree(const QByteArray &source)
{
    ensureMime();
    qsizetype bodyOffset = 0;
    QByteArray octets = structureHeader(source, bodyOffset);
    octets += QByteArrayView(source).sliced(bodyOffset);
    limitParameters(octets);
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
        open.append({top, 0, false, false, 0});
    while (!open.isEmpty() && m_nodes.size() < mostParts) {
        const Node node = open.takeLast();
        m_nodes.append(node);
        if (node.depth >= deepestPart)
            continue;
        if (GMIME_IS_MULTIPART(node.object)) {
            GMimeMultipart *multipart = GMIME_MULTIPART(node.object);
            GMimeContentType *type = g_mime_object_get_content_type(node.object);
            const bool isAlternative
                = node.inAlternative || g_mime_content_type_is_type(type, "multipart", "alternative");
            const bool isRelated
                = node.inRelated || g_mime_content_type_is_type(type, "multipart", "related");
            for (int i = qMin(g_mime_multipart_get_count(multipart), mostParts) - 1; i >= 0; --i)
                open.append({g_mime_multipart_get_part(multipart, i), node.depth + 1, isAlternative,
                    isRelated, node.messages});
        } else if (GMIME_IS_MESSAGE_PART(node.object)) {
            GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(node.object));
            if (GMimeObject *top = inner ? g_mime_message_get_mime_part(inner) : nullptr)
                open.append({top, node.depth + 1, false, false, node.messages + 1});
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
