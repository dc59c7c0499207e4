#include "smtp/syntax/replyparser.h"

#include "smtp/syntax/octets.h"

#include <utility>

namespace glasspost::smtp {

namespace {

/// RFC 2034 4: the code stands first in the text, a space after it, and is of the reply's class.
EnhancedStatusCode takeEnhanced(QByteArray &text, int replyClass)
{
    const qsizetype space = text.indexOf(' ');
    const QByteArrayView word = space < 0 ? QByteArrayView(text) : QByteArrayView(text).first(space);
    const auto parsed = EnhancedStatusCode::parse(word);
    if (!parsed || parsed->statusClass != replyClass)
        return {};
    text = space < 0 ? QByteArray() : text.mid(space + 1);
    return *parsed;
}

} // namespace

void ReplyParser::feed(QByteArrayView octets)
{
    if (m_failed)
        return;
    if (m_start > 0) {
        m_buffer.remove(0, m_start);
        m_start = 0;
    }
    m_buffer.append(octets);
}

std::optional<ReplyLine> ReplyParser::next()
{
    if (m_failed)
        return std::nullopt;
    const qsizetype end = m_buffer.indexOf('\n', m_start);
    const qint64 size = (end < 0 ? m_buffer.size() : end + 1) - m_start;
    if (m_replySize + size > m_limit) {
        m_failed = true;
        // What had room is kept, so that the line told does not hang on how its octets came.
        const QByteArray raw = m_buffer.mid(m_start, std::min<qint64>(m_limit - m_replySize, 1000));
        m_buffer.clear();
        m_start = 0;
        return ReplyLine{raw, std::nullopt, ReplyFault::TooLong};
    }
    if (end < 0)
        return std::nullopt;
    qsizetype length = end - m_start;
    if (length > 0 && m_buffer.at(end - 1) == '\r')
        --length;
    QByteArray line = m_buffer.mid(m_start, length);
    m_start = end + 1;
    m_replySize += size;
    return read(std::move(line));
}

std::optional<ReplyFault> ReplyParser::check(const QByteArray &line) const
{
    if (line.size() < 3 || !isDigit(line.at(0)) || !isDigit(line.at(1)) || !isDigit(line.at(2)))
        return ReplyFault::NotAReply;
    if (line.size() > 3 && line.at(3) != ' ' && line.at(3) != '-')
        return ReplyFault::NotAReply;
    if (line.at(0) < '2' || line.at(0) > '5')
        return ReplyFault::UnknownClass;
    if (m_reply.code != 0 && m_reply.code != line.first(3).toInt())
        return ReplyFault::MixedCodes;
    return std::nullopt;
}

ReplyLine ReplyParser::read(QByteArray line)
{
    if (const auto fault = check(line)) {
        m_failed = true;
        return {std::move(line), std::nullopt, fault};
    }
    const bool last = line.size() == 3 || line.at(3) == ' ';
    QByteArray text = line.mid(4);
    m_reply.code = line.first(3).toInt();
    const EnhancedStatusCode enhanced = takeEnhanced(text, m_reply.code / 100);
    if (m_reply.enhanced.isNull())
        m_reply.enhanced = enhanced;
    m_reply.lines.append(std::move(text));
    ReplyLine result{std::move(line), std::nullopt, std::nullopt};
    if (last) {
        result.reply = std::exchange(m_reply, {});
        m_replySize = 0;
    }
    return result;
}

void ReplyParser::reset()
{
    *this = ReplyParser(m_limit);
}

} // namespace glasspost::smtp
