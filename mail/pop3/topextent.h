#pragma once

#include <QByteArrayView>

namespace glasspost::mail {

/// How much of a message TOP shows (RFC 1939 7): the header, the empty line behind it and so many lines of
/// the body. Lines end in LF. Streaming.
class TopExtent
{
public:
    explicit TopExtent(qint64 lines) : m_lines(lines) { }

    /// What of the next octets is shown.
    QByteArrayView take(QByteArrayView octets);
    [[nodiscard]] bool isOver() const { return !m_isInHeader && m_lines <= 0; }

private:
    void endLine();

    qint64 m_lines; ///< of the body, still to come
    bool m_isInHeader = true;
    bool m_isLineEmpty = true; ///< the one under way, so far
};

} // namespace glasspost::mail
