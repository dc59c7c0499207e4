#pragma once

#include "smtp/client/messagesource.h"
#include "smtp/syntax/dotstuffer.h"

#include <QByteArray>

namespace glasspost::smtp {

/// One message on its way to the wire: read, line ends made CRLF, dots stuffed, the first octets kept for the
/// transcript. Memory is bounded by the caller's maximum.
class MessageBody
{
public:
    enum class End { More, Dot, Failed };

    /// Rewinds; false when the source cannot.
    bool begin(MessageSource &source);
    /// Up to about maximum octets for the wire; the last ones hold the dot line. end() says how it stands.
    QByteArray take(qint64 maximum);
    [[nodiscard]] End end() const { return m_end; }
    /// Octets on the wire so far, the dot line not among them, and the first 32 KiB of them.
    [[nodiscard]] qint64 size() const { return m_size; }
    [[nodiscard]] const QByteArray &head() const { return m_head; }

private:
    void note(QByteArrayView octets);

    MessageSource *m_source = nullptr; ///< not owned
    DotStuffer m_stuffer;
    QByteArray m_head;
    qint64 m_size = 0;
    End m_end = End::More;
};

} // namespace glasspost::smtp
