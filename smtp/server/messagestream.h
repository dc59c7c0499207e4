#pragma once

#include "smtp/server/messagecheck.h"
#include "smtp/session/transcript.h"
#include "smtp/syntax/dotdecoder.h"
#include "smtp/syntax/envelope.h"
#include "smtp/syntax/linescanner.h"

namespace glasspost::smtp {

/// One message on its way in, by DATA or in chunks: takes the octets of the wire, gives those of the message,
/// judges them, and keeps what the transcript shows.
class MessageStream
{
public:
    /// settings outlive it.
    explicit MessageStream(const ServerSettings &settings) : m_settings(settings) { }

    void begin(BodyType body);
    /// Octets behind DATA; those of the message are in decoded(). True at the end, behind which input begins
    /// then.
    bool takeData(QByteArrayView &input);
    [[nodiscard]] const QByteArray &decoded() const { return m_decoded; }
    /// Octets of a chunk, which are the message's as they are.
    void takeChunk(QByteArrayView octets);
    /// The last chunk is through.
    void finishChunks();

    /// Of the chunks so far.
    [[nodiscard]] qint64 size() const { return m_lines.facts().size; }
    /// Of the message so far, by DATA or in chunks, without dots of transparency.
    [[nodiscard]] qint64 messageSize() const { return m_decoder.facts().size + size(); }
    [[nodiscard]] bool isFaulty() const { return m_check.isFaulty(); }
    [[nodiscard]] Reply fault() const { return m_check.reply(m_settings.limits); }
    /// True once: a bare LF came that is let through.
    bool takeBareLf();

    /// Octets that are nobody's, or stay undecoded: for the transcript alone.
    void keepWire(QByteArrayView octets);
    [[nodiscard]] bool hasWire() const { return m_wireSize > 0; }
    /// What came since the last time, for the transcript.
    TranscriptEntry takeEntry(qint64 at);

private:
    void judge(QByteArrayView octets, const LineFacts &lines);

    const ServerSettings &m_settings;
    MessageCheck m_check;
    DotDecoder m_decoder;
    QByteArray m_decoded;
    LineScanner m_lines; ///< of chunks
    enum class BareLf : quint8 { Unmarked, Unseen, Seen, Told } m_bareLf = BareLf::Unmarked;
    QByteArray m_wireKept;
    qsizetype m_wireRoom = 0; ///< octets that the transcript still keeps
    qint64 m_wireSize = 0;
};

} // namespace glasspost::smtp
