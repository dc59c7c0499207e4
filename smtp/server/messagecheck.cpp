#include "smtp/server/messagecheck.h"

#include "smtp/server/serverreplies.h"

namespace glasspost::smtp {

void MessageCheck::begin(LineEnds lineEnds)
{
    *this = {};
    m_lineEnds = lineEnds;
}

void MessageCheck::see(QByteArrayView octets, const LineFacts &lines, const ServerLimits &limits)
{
    if (!m_header.isDone())
        m_header.scan(octets);
    // Judged anew each time, so that the fault named does not hang on how the octets came: none of these is
    // ever taken back.
    m_fault = judged(lines, limits);
}

MessageCheck::Fault MessageCheck::judged(const LineFacts &lines, const ServerLimits &limits) const
{
    if (m_lineEnds == LineEnds::CrlfOnly && lines.hasBareLf)
        return Fault::BareLf;
    if (m_lineEnds != LineEnds::Any && lines.hasBareCr)
        return Fault::BareCr;
    if (lines.size > limits.messageSize)
        return Fault::TooLarge;
    if (m_lineEnds != LineEnds::Any && lines.longestLine > limits.textLine)
        return Fault::LineTooLong;
    if (m_header.size() > limits.headerSize)
        return Fault::HeaderTooLarge;
    if (m_header.receivedFields() > limits.hops)
        return Fault::Loop;
    return Fault::None;
}

Reply MessageCheck::reply(const ServerLimits &limits) const
{
    switch (m_fault) {
    case Fault::BareCr:
        return makeReply(550, {5, 5, 2}, "bare <CR> received"); // RFC 5321 2.3.8
    case Fault::BareLf:
        return makeReply(550, {5, 5, 2}, "bare <LF> received");
    case Fault::TooLarge:
        return tooLargeReply(limits);
    case Fault::LineTooLong:
        return makeReply(500, {5, 5, 2}, "Line too long");
    case Fault::HeaderTooLarge:
        return makeReply(552, {5, 3, 4}, "Header too large");
    case Fault::Loop:
        return makeReply(554, {5, 4, 6}, "Too many hops"); // RFC 5321 6.3
    case Fault::None:
        break;
    }
    return {};
}

Reply tooLargeReply(const ServerLimits &limits)
{
    return makeReply(552, {5, 3, 4}, "Message larger than " + QByteArray::number(limits.messageSize));
}

} // namespace glasspost::smtp
