#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace glasspost::smtp {

/// Cuts octets into command lines. CRLF alone ends a line (RFC 5321 2.3.8); a bare CR or LF stays inside the
/// line and can be seen there. A line past the limit is swallowed with flat memory and reported when its end
/// comes.
class LineFramer
{
public:
    struct Line
    {
        QByteArrayView octets; ///< without CRLF; valid until the next call; the first octets when tooLong
        qint64 size = 0; ///< octets the line really had, without CRLF
        bool tooLong = false;
    };

    /// limit: octets of a line with its CRLF.
    explicit LineFramer(qsizetype limit) : m_limit(limit) { }

    /// The next whole line of input, which loses what was consumed; nothing when all was consumed without an
    /// end.
    std::optional<Line> next(QByteArrayView &input);
    /// Octets of the line that is not complete yet.
    [[nodiscard]] qint64 pendingSize() const { return m_size; }
    /// Those of them that were kept.
    [[nodiscard]] QByteArrayView pending() const { return m_partial; }
    void clear();

private:
    void keep(QByteArrayView octets);

    qsizetype m_limit;
    QByteArray m_partial;
    QByteArray m_whole;
    qint64 m_size = 0;
    bool m_endsWithCr = false;
};

} // namespace glasspost::smtp
