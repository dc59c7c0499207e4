#include "mail/checks/checkedmessage.h"

#include "mail/message/parameters.h"
#include "mail/message/parttree.h"
#include "mail/message/shownparts.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qint64 mostRead = 8 * 1024 * 1024; // octets
constexpr qint64 mostPartHeader = 64 * 1024;
constexpr qint64 mostTextRead = 2 * 1024 * 1024; // of one part
constexpr qsizetype mostCheckedParts = 1000;

/// Encoded line ends within a line of quoted-printable (RFC 2045 6.7).
qint64 encodedBreaksIn(QByteArrayView line)
{
    qint64 breaks = 0;
    for (qsizetype at = line.indexOf("=0"); at >= 0; at = line.indexOf("=0", at + 2))
        breaks += at + 2 < line.size() && (line[at + 2] == 'A' || line[at + 2] == 'a') ? 1 : 0;
    return breaks;
}

bool endsSoftly(QByteArrayView line)
{
    while (line.endsWith('\r') || line.endsWith(' ') || line.endsWith('\t'))
        line.chop(1);
    return line.endsWith('=');
}

QList<qint64> linesOfQuotedPrintable(const QByteArray &raw)
{
    QList<qint64> lines = {0};
    qint64 rawLine = 0;
    for (const QByteArray &line : raw.split('\n')) {
        lines.append(QList<qint64>(encodedBreaksIn(line), rawLine));
        ++rawLine;
        if (!endsSoftly(line))
            lines.append(rawLine);
    }
    return lines;
}

/// Characters of text are taken for their octets in UTF-8: another charset moves the line a little.
QList<qint64> linesOfBase64(const QByteArray &raw, const QString &text)
{
    const auto isData = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+'
            || c == '/';
    };
    QList<qint64> lines;
    const QByteArrayList rawLines = raw.split('\n');
    qsizetype rawLine = -1;
    qint64 decoded = 0, characters = 0, wanted = 0;
    for (const QStringView line : QStringView(text).split(u'\n')) {
        while (decoded <= wanted && rawLine + 1 < rawLines.size()) {
            const QByteArray &next = rawLines.at(++rawLine);
            characters += std::count_if(next.cbegin(), next.cend(), isData);
            decoded = characters * 3 / 4;
        }
        lines += rawLine;
        wanted += line.toUtf8().size() + 1;
    }
    return lines;
}

CheckedPart readCheckedPart(const PartTree &tree, int index, const QByteArray &source, LineCounter &lines)
{
    const PartTree::Node &node = tree.nodes().at(index);
    CheckedPart part;
    part.index = index;
    part.parent = node.parent;
    GMimeContentType *type = g_mime_object_get_content_type(node.object);
    const GString8 name(g_mime_content_type_get_mime_type(type));
    part.contentType = QByteArray(name.get()).toLower();
    part.charset = charsetOf(node.object);
    const QByteArray octets = tree.header(index, mostPartHeader);
    const RawHeader header = readHeader(octets);
    const QByteArray encoding = header.value("Content-Transfer-Encoding");
    part.encoding = encoding.isEmpty() ? QByteArrayLiteral("7bit") : encoding.toLower();
    part.contentId = g_mime_object_get_content_id(node.object);
    // GMime takes a multipart without any boundary line for text.
    const QByteArray declared = header.value("Content-Type");
    if (declared.toLower().startsWith("multipart/"))
        part.boundary = decodedParameter(declared, "boundary").toUtf8();
    const PartPlace &place = node.place;
    part.bodyBegin = place.body.begin;
    part.headerLine = lines.lineAt(place.header.begin);
    part.bodyLine = lines.lineAt(place.body.begin);
    if (!part.contentType.startsWith("multipart/"))
        part.raw = source.mid(place.body.begin, place.body.end - place.body.begin);
    const char *disposition = g_mime_object_get_disposition(node.object);
    part.isAttachment = disposition && qstricmp(disposition, "attachment") == 0;
    if (part.contentType.startsWith("text/") && !part.isAttachment) {
        const qint64 size = tree.size(index);
        part.text = textOfPart(node.object, tree.content(index, mostTextRead),
            size > mostTextRead ? Extent::Cut : Extent::Whole);
        part.htmlSize = part.isHtml() ? size : 0;
        if (part.encoding == "quoted-printable")
            part.textLines = linesOfQuotedPrintable(part.raw);
        else if (part.encoding == "base64")
            part.textLines = linesOfBase64(part.raw, part.text);
    }
    return part;
}

} // namespace

qint64 LineCounter::lineAt(qint64 offset)
{
    if (offset < m_at) {
        m_at = 0;
        m_line = 1;
    }
    const qint64 end = std::min<qint64>(offset, m_octets.size());
    for (; m_at < end; ++m_at)
        m_line += m_octets[m_at] == '\n' ? 1 : 0;
    return m_line;
}

qint64 CheckedPart::sourceLine(qint64 textLine) const
{
    if (textLines.isEmpty())
        return bodyLine + textLine - 1;
    return bodyLine + textLines.at(std::clamp<qint64>(textLine - 1, 0, textLines.size() - 1));
}

Result<CheckedMessage> readForChecks(const OctetsReader &message)
{
    const Result<QByteArray> source = message.read(0, mostRead);
    const Result<PartTree> tree
        = source.and_then([&](const QByteArray &) { return PartTree::read(message); });
    if (!tree)
        return tl::unexpected(tree.error());
    CheckedMessage checked;
    checked.source = *source;
    checked.size = message.size();
    checked.isCut = checked.size > checked.source.size() || tree->isCut();
    checked.header = readHeader(checked.source);
    LineCounter lines(checked.source);
    for (int i = 0; i < tree->nodes().size() && checked.parts.size() < mostCheckedParts; ++i) {
        const bool isWithin = tree->nodes().at(i).place.body.begin <= checked.source.size();
        if (tree->nodes().at(i).messages == 0 && isWithin)
            checked.parts += readCheckedPart(*tree, i, checked.source, lines);
    }
    if (tree->failure())
        return tl::unexpected(*tree->failure());
    return checked;
}

} // namespace glasspost::mail
