#include "mail/transfer/mboxreader.h"

#include "mail/message/headerfields.h"
#include "mail/transfer/statusfields.h"

#include <utility>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestMboxLine = 64 * 1024; // octets that are looked at; the rest of a line is passed on
constexpr qsizetype longestMboxHeader = 16 * 1024 * 1024;

QByteArray withLineFeed(QByteArray line)
{
    if (line.endsWith("\r\n"))
        line.remove(line.size() - 2, 1);
    return line;
}

/// mboxrd: one '>' fewer before "From ", however many stand there.
QByteArrayView withoutQuote(QByteArrayView line)
{
    qsizetype quotes = 0;
    while (quotes < line.size() && line[quotes] == '>')
        ++quotes;
    return quotes > 0 && line.sliced(quotes).startsWith("From ") ? line.sliced(1) : line;
}

} // namespace

MboxReader::MboxReader(const QString &spoolFolder, Boundary boundary)
    : m_boundary(std::move(boundary)), m_writer(spoolFolder)
{ }

Result<QList<CarriedMessage>> MboxReader::feed(QByteArrayView octets)
{
    while (!octets.isEmpty()) {
        const qsizetype lineEnd = octets.indexOf('\n');
        const QByteArrayView piece = lineEnd < 0 ? octets : octets.first(lineEnd + 1);
        octets = octets.sliced(piece.size());
        takePiece(piece, lineEnd >= 0);
    }
    if (!m_state)
        return tl::unexpected(m_state.error());
    return std::exchange(m_complete, {});
}

Result<QList<CarriedMessage>> MboxReader::finish()
{
    takePiece({}, true);
    if (!m_candidate.isEmpty())
        takeText(std::exchange(m_candidate, {}));
    end();
    if (!m_state)
        return tl::unexpected(m_state.error());
    return std::exchange(m_complete, {});
}

/// Lines of any length: what lies behind the first octets of a long one is passed on as it comes.
void MboxReader::takePiece(QByteArrayView piece, bool endsLine)
{
    m_offset += piece.size();
    m_line.append(piece);
    if (!endsLine && m_line.size() <= longestMboxLine)
        return;
    // A CR may be the first half of the line's end.
    const bool waits = !endsLine && m_line.endsWith('\r');
    if (waits)
        m_line.chop(1);
    const QByteArray line = withLineFeed(std::exchange(m_line, waits ? QByteArray("\r") : QByteArray()));
    if (!line.isEmpty())
        m_inLongLine ? takeRest(line) : takeLine(line);
    m_inLongLine = !endsLine;
    if (endsLine)
        m_lineOffset = m_offset;
}

/// More of a long line.
void MboxReader::takeRest(const QByteArray &piece)
{
    if (m_place == Place::Body)
        putBody(piece);
    if (m_place != Place::Header)
        return;
    m_header += piece;
    if (m_header.size() > longestMboxHeader)
        endHeader();
}

void MboxReader::takeLine(const QByteArray &given)
{
    QByteArray line = given;
    if (m_lineOffset == 0 && line.startsWith("\xEF\xBB\xBF"))
        line.remove(0, 3);
    if (!m_candidate.isEmpty())
        decide(line);
    DividerShape shape = dividerShape(line);
    if (isVouchedFor()) {
        m_doubtful += shape == DividerShape::Dated ? 1 : 0;
        shape = DividerShape::None;
    }
    const bool isFirst = m_place == Place::Before && line.startsWith("From ");
    if (isFirst) {
        m_firstShape = shape;
        begin();
    } else if (shape != DividerShape::None && m_place != Place::Before) {
        m_candidate = line;
        m_candidateShape = shape;
        m_candidateAfterEmpty = m_afterEmptyLine;
    } else {
        takeText(line);
    }
}

/// What the candidate was, now that the line behind it is known.
void MboxReader::decide(const QByteArray &next)
{
    const QByteArray candidate = std::exchange(m_candidate, {});
    if (divides(next)) {
        end();
        begin();
    } else {
        takeText(candidate);
    }
}

bool MboxReader::divides(const QByteArray &next)
{
    if (m_candidateShape == DividerShape::Dated) {
        const bool divides = looksLikeField(next);
        m_doubtful += divides ? 0 : 1;
        return divides;
    }
    if (!looksLikeFirstField(next))
        return false;
    const bool divides = m_candidateAfterEmpty && m_candidateShape == DividerShape::Bare;
    // In a file whose lines have dates, one without is a surprise.
    m_doubtful += divides && m_firstShape != DividerShape::Dated ? 0 : 1;
    return divides;
}

void MboxReader::takeText(const QByteArray &line)
{
    const bool isEmpty = line == "\n";
    switch (m_place) {
    case Place::Before:
        if (!isEmpty)
            m_place = Place::Foreign;
        break;
    case Place::Foreign:
        break;
    case Place::Header:
        m_header += withoutQuote(line);
        if (isEmpty || m_header.size() > longestMboxHeader)
            endHeader();
        break;
    case Place::Body:
        if (isEmpty) {
            putBody({});
            m_heldLine = line;
        } else {
            putBody(isVouchedFor() ? QByteArrayView(line) : withoutQuote(line));
        }
        break;
    }
    m_afterEmptyLine = isEmpty;
}

void MboxReader::begin()
{
    m_place = Place::Header;
    m_afterEmptyLine = false;
}

void MboxReader::endHeader()
{
    m_place = Place::Body;
    m_flags = notedFlags(m_header);
    const QByteArray length = readHeader(m_header).value("Content-Length");
    bool isNumber = false;
    const qint64 octets = length.toLongLong(&isNumber);
    const bool isTrusted = isNumber && octets > 0 && m_boundary && m_boundary(m_offset + octets);
    m_vouchedUntil = isTrusted ? m_offset + octets : 0;
    const bool hasEmptyLine = m_header.endsWith("\n\n") || m_header == "\n";
    QByteArray header = withoutStatus(std::exchange(m_header, {}));
    if (hasEmptyLine) {
        header.chop(1);
        m_heldLine = "\n";
    }
    m_writer.write(header);
}

void MboxReader::putBody(QByteArrayView line)
{
    m_writer.write(std::exchange(m_heldLine, {}));
    m_writer.write(line);
}

void MboxReader::end()
{
    if (m_place == Place::Header)
        endHeader();
    if (m_place == Place::Body) {
        // The empty line before the next divider is the file's.
        m_heldLine.clear();
        const Result<MessageOctets> octets = m_writer.finish();
        if (!octets)
            m_state = tl::unexpected(octets.error());
        else if (octets->size() > 0)
            m_complete.append({*octets, m_flags});
    }
    m_flags = {};
    m_vouchedUntil = 0;
    m_place = Place::Before;
}

} // namespace glasspost::mail
