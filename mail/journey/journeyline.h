#pragma once

#include "mail/journey/journey.h"

#include <QByteArrayView>
#include <QJsonObject>

#include <array>
#include <optional>
#include <string>

namespace glasspost::mail {

/// A line of journeys/*.jsonl: a JSON object whose last member, "crc", is the CRC-32C of all octets before
/// it. Lines of a journey are numbered from 0, so that one that is missing is missed. docs/FORMATS.md has the
/// members.

/// The whole entry: the first line of a journey, and wherever the record had fallen behind the entry.
void appendEntryLine(std::string &lines, const QueueEntry &entry, int number, qint64 at);
void appendEventLine(std::string &lines, const QByteArray &id, int number, const JourneyEvent &event);
void appendRemovalLine(std::string &lines, const QByteArray &id, int number, qint64 at);
void appendSessionLine(std::string &lines, const smtp::SessionFacts &facts);
void appendTraceLine(std::string &lines, const smtp::SessionTrace &piece);

/// What the index of a day's file needs of a line, without reading the rest.
struct JourneyLineHead
{
    QByteArray id; ///< of the journey, or the session
    int number = -1; ///< -1: a session's line
    quint32 messageMark = 0; ///< of an entry's line: messageMark() of its Message-ID
    /// Likewise, of what the message was made from: of its unique name and its Message-ID; 0: none.
    std::array<quint32, 2> originalMarks = {};
};
/// Nothing when it is no such line. Whether the rest is sound is isSealed()'s to say.
[[nodiscard]] std::optional<JourneyLineHead> headOfJourneyLine(QByteArrayView line);
/// Where the next line begins in a line that is none: at its end, or where its own end was lost.
[[nodiscard]] qsizetype endOfJourneyLine(QByteArrayView line);
/// The octets are those that were written.
[[nodiscard]] bool isSealed(QByteArrayView line);
[[nodiscard]] quint32 messageMark(const QByteArray &messageId); ///< never 0
/// When the id of an entry or a session was made up: milliseconds since the Unix epoch; long ago when it does
/// not tell.
[[nodiscard]] qint64 timeOfId(const QByteArray &id);

/// Folds the next line of a journey into it; one that cannot be is damage.
void fold(Journey &journey, const QByteArray &line);
/// Folds a line of one of its sessions into it: the facts, or the next piece of the trace.
void foldSession(Journey &journey, const QByteArray &line);

} // namespace glasspost::mail
