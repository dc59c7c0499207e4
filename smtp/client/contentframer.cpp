#include "smtp/client/contentframer.h"

#include <algorithm>
#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qsizetype headLimit = 32 * 1024;
constexpr qsizetype dotLineSize = 3; // ".", CR, LF

} // namespace

bool ContentFramer::begin(MessageSource &source, Framing framing)
{
    *this = ContentFramer();
    m_source = &source;
    m_framing = framing;
    if (framing != Framing::Dots)
        m_stuffer = DotStuffer(DotStuffer::Dots::Keep);
    return source.rewind();
}

void ContentFramer::note(QByteArrayView octets)
{
    m_size += octets.size();
    m_head.append(octets.first(std::min(octets.size(), headLimit - m_head.size())));
}

QByteArray ContentFramer::take(qint64 maximum)
{
    const QByteArray octets = m_source->read(maximum);
    if (m_source->failed()) {
        m_end = End::Failed;
        return {};
    }
    QByteArray wire = octets.isEmpty() ? m_stuffer.finish() : m_stuffer.feed(octets);
    if (octets.isEmpty()) {
        m_end = End::Last;
        note(QByteArrayView(wire).chopped(dotLineSize));
    } else {
        note(wire);
    }
    return wire;
}

QByteArray ContentFramer::readChunk(qint64 maximum)
{
    QByteArray chunk;
    while (m_reading == Source::Open && chunk.size() < maximum) {
        const QByteArray octets = m_source->read(maximum - chunk.size());
        if (octets.isEmpty())
            m_reading = Source::AtEnd;
        if (m_framing == Framing::BinaryChunks)
            chunk += octets;
        else
            chunk += octets.isEmpty() ? m_stuffer.endLine() : m_stuffer.feed(octets);
    }
    return chunk;
}

std::optional<ContentFramer::Chunk> ContentFramer::takeChunk(qint64 maximum)
{
    QByteArray octets = m_ahead ? *std::exchange(m_ahead, std::nullopt) : readChunk(maximum);
    m_ahead = readChunk(maximum);
    if (m_source->failed()) {
        m_end = End::Failed;
        return std::nullopt;
    }
    if (m_ahead->isEmpty())
        m_end = End::Last;
    const qsizetype before = m_head.size();
    note(octets);
    return Chunk{std::move(octets), m_head.mid(before)};
}

} // namespace glasspost::smtp
