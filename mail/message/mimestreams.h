#pragma once

#include "mail/base/messageoctets.h"
#include "mail/message/mime.h"

#include <QByteArray>
#include <QString>

#include <stop_token>

namespace glasspost::mail {

/// The octets as a stream that GMime reads; a file is read piece by piece, and not to be read any more once
/// the stop is requested. The octets outlive it.
Result<GRef<GMimeStream>> mimeStreamOver(const MessageOctets &octets, const std::stop_token &stop = {});
Result<GRef<GMimeStream>> mimeStreamOver(const QString &path, const std::stop_token &stop = {});

/// The message that a stream holds from its front, its contents left where they are; null when there is none.
/// The stream outlives it.
GRef<GMimeMessage> parsedMessage(GMimeStream *stream);

/// Where GMime writes a message to: memory, or a file in a spool folder when much is expected.
class MimeTarget
{
public:
    /// A file whose writing may be stopped is not synced.
    static Result<MimeTarget> open(
        const QString &folder, qint64 expectedSize, const std::stop_token &stop = {});

    [[nodiscard]] GMimeStream *stream() const { return m_stream.get(); }
    /// Writes the octets; false when that failed.
    [[nodiscard]] bool write(QByteArrayView octets) const;
    /// What was written; a file is synced, but for one that may be stopped.
    [[nodiscard]] Result<MessageOctets> finish() const;

private:
    MimeTarget(QString folder, std::shared_ptr<const SpoolFile> file, GRef<GMimeStream> stream);

    QString m_folder;
    std::shared_ptr<const SpoolFile> m_file; ///< null: in memory
    GRef<GMimeStream> m_stream;
};

/// What octets need of who carries them.
struct OctetShape
{
    bool hasEightBit = false;
    bool hasNul = false;
    bool hasLongLine = false; ///< over 998 octets, RFC 5322 2.1.1
    bool hasBareCr = false;
    bool hasCrLf = false;
    bool hasBareLf = false;

    /// RFC 2045 2.7: lines of at most 998 octets below 80, no NUL.
    [[nodiscard]] bool isSevenBit() const { return !hasEightBit && !hasNul && !hasLongLine; }
    /// RFC 2045 2.9: what no change of line ends leaves as it is.
    [[nodiscard]] bool isBinary() const
    {
        return hasNul || hasLongLine || hasBareCr || (hasCrLf && hasBareLf);
    }
};
OctetShape octetShapeOf(GMimeStream *stream); ///< from its front
OctetShape octetShapeOf(QByteArrayView octets);

} // namespace glasspost::mail
