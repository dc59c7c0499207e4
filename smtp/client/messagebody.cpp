#include "smtp/client/messagebody.h"

#include <algorithm>

namespace glasspost::smtp {

namespace {

constexpr qsizetype headLimit = 32 * 1024;
constexpr qsizetype dotLineSize = 3; // ".", CR, LF

} // namespace

bool MessageBody::begin(MessageSource &source)
{
    *this = MessageBody();
    m_source = &source;
    return source.rewind();
}

void MessageBody::note(QByteArrayView octets)
{
    m_size += octets.size();
    m_head.append(octets.first(std::min(octets.size(), headLimit - m_head.size())));
}

QByteArray MessageBody::take(qint64 maximum)
{
    const QByteArray octets = m_source->read(maximum);
    if (m_source->failed()) {
        m_end = End::Failed;
        return {};
    }
    QByteArray wire = octets.isEmpty() ? m_stuffer.finish() : m_stuffer.feed(octets);
    if (octets.isEmpty()) {
        m_end = End::Dot;
        note(QByteArrayView(wire).chopped(dotLineSize));
    } else {
        note(wire);
    }
    return wire;
}

} // namespace glasspost::smtp
