#pragma once

#include <QByteArrayView>

namespace glasspost::smtp {

/// What is known of the lines of a message so far, dot-stuffing taken off.
struct LineFacts
{
    bool hasBareCr = false; ///< RFC 5321 2.3.8: CR and LF come as a pair alone
    bool hasBareLf = false;
    qint64 size = 0; ///< octets (RFC 1870 5: what SIZE counts)
    qint64 longestLine = 0; ///< octets, with its CRLF

    friend bool operator==(const LineFacts &, const LineFacts &) = default;
};

/// Watches the lines of a message that comes without dots (RFC 3030 BDAT). Streaming: a CRLF may be cut
/// anywhere.
class LineScanner
{
public:
    void scan(QByteArrayView octets);
    /// The message is over: what is left is its last line.
    void finish();
    [[nodiscard]] const LineFacts &facts() const { return m_facts; }
    void clear() { *this = {}; }

private:
    LineFacts m_facts;
    qint64 m_line = 0;
    bool m_endsWithCr = false;
};

} // namespace glasspost::smtp
