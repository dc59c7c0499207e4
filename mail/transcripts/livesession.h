#pragma once

#include "mail/transcripts/transcriptfiles.h"

#include <QDateTime>

#include <array>

namespace glasspost::mail {

/// Why lines of a session are not written.
enum class LeftOut : quint8 { Memory, Session, Disk };
inline constexpr std::array<const char *, 3> leftOutWords{"the disk was too slow",
    "the session's transcript has reached its limit", "the disk is too full for transcripts"};

/// A session, or what of it is not written yet.
struct LiveSession
{
    TranscriptBlock block;
    std::array<qint64, 3> leftOut{}; ///< lines, by LeftOut
    qint64 size = 0; ///< of all entries in the file
    qint64 contents = 0; ///< of the messages among them
    bool isClosed = false;
    bool isDirty = true;
};

inline qint64 weight(const smtp::TranscriptEntry &entry)
{
    return entry.bytes.size() + 96;
}

inline smtp::TranscriptEntry eventEntry(const QByteArray &words)
{
    return {QDateTime::currentMSecsSinceEpoch() * 1000, smtp::Speaker::Event, false, words, 0};
}

/// Adds a line that says what was left out. Of the session's limit at the end alone: until then it goes on.
inline void sayWhatIsLeftOut(LiveSession &session)
{
    for (const LeftOut why : {LeftOut::Memory, LeftOut::Session, LeftOut::Disk}) {
        qint64 &count = session.leftOut[size_t(why)];
        if (count == 0 || (why == LeftOut::Session && !session.isClosed))
            continue;
        session.block.entries.append(
            eventEntry(QByteArray::number(count) + " lines left out: " + leftOutWords[size_t(why)]));
        count = 0;
    }
}

} // namespace glasspost::mail
