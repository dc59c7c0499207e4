#pragma once

#include "smtp/session/transcript.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <optional>
#include <string>

namespace glasspost::mail {

/// A piece of a session as it stands in sessions/*.jsonl: one JSON object on one line. The first one of a
/// session has "first":true; each has the facts as they were then.
struct TranscriptBlock
{
    smtp::SessionFacts facts;
    QList<smtp::TranscriptEntry> entries;
    bool isFirst = false;
};

/// Adds one line, LF included. Octets stand as "text" when they are valid UTF-8 and that is shorter, as
/// "b64" else.
void appendJsonLine(std::string &lines, const TranscriptBlock &block);
/// About how many octets of a line an entry takes.
qint64 sizeInLine(const smtp::TranscriptEntry &entry);
/// Nothing when the line is cut off or no such block.
std::optional<TranscriptBlock> fromJsonLine(const QByteArray &line);
/// Id and place in the session, without reading the rest: for listing a day's file fast.
struct BlockHead
{
    QByteArray sessionId;
    bool isFirst = false;
};
std::optional<BlockHead> headOfLine(QByteArrayView line);

} // namespace glasspost::mail
