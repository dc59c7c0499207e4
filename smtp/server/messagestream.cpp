#include "smtp/server/messagestream.h"

#include <algorithm>
#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qsizetype keptWireOctets = 32 * 1024;

} // namespace

void MessageStream::begin(BodyType body)
{
    using LineEnds = MessageCheck::LineEnds;
    const bool isBinary = body == BodyType::BinaryMime;
    const bool marks = m_settings.bareLineFeeds == BareLineFeeds::Marked;
    m_check.begin(isBinary ? LineEnds::Any : marks ? LineEnds::LfToo : LineEnds::CrlfOnly);
    m_bareLf = marks && !isBinary ? BareLf::Unseen : BareLf::Unmarked;
    m_decoder.clear();
    m_lines.clear();
    m_wireKept.resize(0);
    m_wireRoom = keptWireOctets;
    m_wireSize = 0;
}

bool MessageStream::takeData(QByteArrayView &input)
{
    constexpr qint64 dotLine = 3; // "." CRLF
    const QByteArrayView before = input;
    m_decoded.resize(0);
    const bool ended = m_decoder.decode(input, m_decoded);
    keepWire(before.first(before.size() - input.size()));
    if (ended)
        m_wireSize -= dotLine;
    judge(m_decoded, m_decoder.facts());
    return ended;
}

void MessageStream::takeChunk(QByteArrayView octets)
{
    keepWire(octets);
    m_lines.scan(octets);
    judge(octets, m_lines.facts());
}

void MessageStream::finishChunks()
{
    m_lines.finish();
    m_check.see({}, m_lines.facts(), m_settings.limits);
}

void MessageStream::judge(QByteArrayView octets, const LineFacts &lines)
{
    m_check.see(octets, lines, m_settings.limits);
    if (lines.hasBareLf && m_bareLf == BareLf::Unseen)
        m_bareLf = BareLf::Seen;
}

bool MessageStream::takeBareLf()
{
    return m_bareLf == BareLf::Seen && std::exchange(m_bareLf, BareLf::Told) == BareLf::Seen;
}

void MessageStream::keepWire(QByteArrayView octets)
{
    const QByteArrayView kept = octets.first(std::min(m_wireRoom, octets.size()));
    m_wireKept.append(kept);
    m_wireRoom -= kept.size();
    m_wireSize += octets.size();
}

TranscriptEntry MessageStream::takeEntry(qint64 at)
{
    TranscriptEntry entry;
    entry.at = at;
    entry.speaker = Speaker::Client;
    entry.isData = true;
    entry.dataSize = std::exchange(m_wireSize, 0);
    m_wireKept.truncate(std::min<qint64>(m_wireKept.size(), entry.dataSize));
    entry.bytes = std::exchange(m_wireKept, {});
    return entry;
}

} // namespace glasspost::smtp
