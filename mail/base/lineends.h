#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <utility>

namespace glasspost::mail {

/// Octets with every LF counted as CRLF.
qint64 wireSize(QByteArrayView source);
/// CRLF made LF; what has none comes back shared.
QByteArray withLf(const QByteArray &source);

/// CRLF made LF over the borders of chunks: a CR at the end waits for what follows it.
class LfConverter
{
public:
    QByteArray toLf(const QByteArray &octets)
    {
        QByteArray result = m_waiting ? '\r' + octets : octets;
        m_waiting = result.endsWith('\r');
        if (m_waiting)
            result.chop(1);
        return withLf(result);
    }
    QByteArray rest() { return std::exchange(m_waiting, false) ? QByteArrayLiteral("\r") : QByteArray(); }

private:
    bool m_waiting = false;
};

} // namespace glasspost::mail
