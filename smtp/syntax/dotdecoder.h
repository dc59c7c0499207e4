#pragma once

#include "smtp/syntax/linescanner.h"

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

    /// Of the message so far, stuffing taken off.
    [[nodiscard]] const LineFacts &facts() const { return m_facts; }
    void clear() { *this = {}; }

private:
    enum class Place : quint8 { LineStart, Text, Cr, Dot, DotCr };

    qsizetype takeText(QByteArrayView input, QByteArray &output);
    void emitOctets(QByteArrayView octets, QByteArray &output);
    void endLine();

    Place m_place = Place::LineStart;
    LineFacts m_facts;
    qint64 m_line = 0;
};

} // namespace glasspost::smtp
