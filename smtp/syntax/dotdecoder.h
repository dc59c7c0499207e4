#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace glasspost::smtp {

/// Takes the message between DATA and the dot off the wire (RFC 5321 4.5.2). Only CRLF "." CRLF ends it; a
/// bare CR or LF never starts a line, and is noted (RFC 5321 2.3.8). Streaming: state is kept between calls.
class DotDecoder
{
public:
    /// Decodes from input, which loses what was consumed, and appends to output; stops behind the end. True
    /// when the end was reached.
    bool decode(QByteArrayView &input, QByteArray &output);

    [[nodiscard]] bool hasBareCr() const { return m_bareCr; }
    [[nodiscard]] bool hasBareLf() const { return m_bareLf; }
    /// Octets of the message so far, stuffing taken off (RFC 1870 5: what SIZE counts).
    [[nodiscard]] qint64 size() const { return m_size; }
    /// Octets of the longest line so far, with its CRLF.
    [[nodiscard]] qint64 longestLine() const { return m_longestLine; }
    void clear() { *this = {}; }

private:
    enum class Place : quint8 { LineStart, Text, Cr, Dot, DotCr };

    qsizetype takeText(QByteArrayView input, QByteArray &output);
    void emitOctets(QByteArrayView octets, QByteArray &output);
    void endLine();

    Place m_place = Place::LineStart;
    bool m_bareCr = false;
    bool m_bareLf = false;
    qint64 m_size = 0;
    qint64 m_line = 0;
    qint64 m_longestLine = 0;
};

} // namespace glasspost::smtp
