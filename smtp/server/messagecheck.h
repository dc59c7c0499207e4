#pragma once

#include "smtp/server/serversettings.h"
#include "smtp/syntax/headerscanner.h"
#include "smtp/syntax/linescanner.h"
#include "smtp/syntax/reply.h"

namespace glasspost::smtp {

/// Judges a message while it goes by: line ends, size, length of lines, header, hops. The engine hands each
/// piece in together with what is known of the lines up to its end.
class MessageCheck
{
public:
    enum class LineEnds : quint8 {
        CrlfOnly, ///< RFC 5321 2.3.8
        LfToo, ///< a bare LF is let through, a bare CR is not
        Any ///< RFC 3030 3: a binary message has no lines that count
    };

    void begin(LineEnds lineEnds);
    void see(QByteArrayView octets, const LineFacts &lines, const ServerLimits &limits);
    [[nodiscard]] bool isFaulty() const { return m_fault != Fault::None; }
    /// What the client is told of the fault.
    [[nodiscard]] Reply reply(const ServerLimits &limits) const;

private:
    enum class Fault : quint8 { None, BareCr, BareLf, TooLarge, LineTooLong, HeaderTooLarge, Loop };
    [[nodiscard]] Fault judged(const LineFacts &lines, const ServerLimits &limits) const;

    LineEnds m_lineEnds = LineEnds::CrlfOnly;
    Fault m_fault = Fault::None;
    HeaderScanner m_header;
};

/// 552 for a message, or a declared size, past the limit (RFC 1870 6).
Reply tooLargeReply(const ServerLimits &limits);

} // namespace glasspost::smtp
