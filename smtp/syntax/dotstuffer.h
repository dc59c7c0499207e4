#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace glasspost::smtp {

/// Makes a message ready for the wire, chunk by chunk: every line end (CRLF, LF, CR) becomes CRLF, and a line
/// that begins with a dot gets another one (RFC 5321 2.3.8, 4.5.2). In that order: a bare CR or LF can never
/// smuggle an end of data past the stuffing. Lines are never cut. Dots are kept as they are where BDAT counts
/// the octets (RFC 3030 2).
class DotStuffer
{
public:
    enum class Dots { Double, Keep };
    explicit DotStuffer(Dots dots = Dots::Double) : m_dots(dots) { }

    [[nodiscard]] QByteArray feed(QByteArrayView octets);
    /// What ends the data: CRLF when the last line had none, then ".", CRLF.
    [[nodiscard]] QByteArray finish();
    /// CRLF when the last line had none.
    [[nodiscard]] QByteArray endLine();

private:
    Dots m_dots;
    bool m_lineStart = true;
    bool m_afterCr = false; ///< an LF that follows belongs to a CR already written as CRLF
};

} // namespace glasspost::smtp
