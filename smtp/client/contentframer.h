#pragma once

#include "smtp/client/messagesource.h"
#include "smtp/syntax/dotstuffer.h"

#include <QByteArray>

#include <optional>

namespace glasspost::smtp {

/// Puts one message into the form of the wire: for DATA (line ends made CRLF, dots stuffed, a dot line at the
/// end) or in chunks for BDAT (RFC 3030: line ends made CRLF, or every octet as it is where the message is
/// BINARYMIME). The first octets are kept for the transcript. Memory is bounded by the caller's maximum.
class ContentFramer
{
public:
    enum class Framing { Dots, Chunks, BinaryChunks };
    enum class End { More, Last, Failed };

    /// Rewinds; false when the source cannot.
    bool begin(MessageSource &source, Framing framing);
    /// Framing::Dots: up to about maximum octets for the wire; the last ones hold the dot line.
    QByteArray take(qint64 maximum);

    struct Chunk
    {
        QByteArray octets;
        QByteArray kept; ///< as many of them as the transcript keeps
    };
    /// Framing::Chunks: about maximum octets, less at the end of the message only. Nothing when it failed.
    std::optional<Chunk> takeChunk(qint64 maximum);

    /// Of what was taken: whether it was the last.
    [[nodiscard]] End end() const { return m_end; }
    /// Octets on the wire so far, the dot line not among them, and the first 32 KiB of them.
    [[nodiscard]] qint64 size() const { return m_size; }
    [[nodiscard]] const QByteArray &head() const { return m_head; }

private:
    void note(QByteArrayView octets);
    QByteArray readChunk(qint64 maximum);

    MessageSource *m_source = nullptr; ///< not owned
    Framing m_framing = Framing::Dots;
    DotStuffer m_stuffer;
    std::optional<QByteArray> m_ahead; ///< one chunk is read ahead: the last one must know that it is
    enum class Source { Open, AtEnd } m_reading = Source::Open;
    QByteArray m_head;
    qint64 m_size = 0;
    End m_end = End::More;
};

} // namespace glasspost::smtp
