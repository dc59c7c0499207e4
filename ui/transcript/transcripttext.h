#pragma once

#include "smtp/session/transcript.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

namespace glasspost::ui {

/// Lines of a transcript as they are copied or saved: a value that any thread can write.
struct SavedTranscript
{
    struct Line
    {
        int session = 0; ///< place in sessions
        bool isHeader = false; ///< of the session; no line
        bool hasContent = true; ///< of a message: its octets, not its size alone
        smtp::TranscriptEntry entry;
        qint64 sincePrevious = 0; ///< microseconds
    };
    QList<smtp::SessionFacts> sessions;
    QList<Line> lines;
};

enum class TranscriptFormat {
    Text, ///< a line each, octets that are no text escaped
    JsonLines, ///< a JSON object a line, with the members of "glasspost transcript --json"
    Html ///< one page that needs nothing else
};

/// By the end of the file's name: .html and .htm, .jsonl and .json; text else.
TranscriptFormat formatOf(const QString &fileName);
QByteArray written(const SavedTranscript &transcript, TranscriptFormat format, const QDateTime &now);

QString plainText(const SavedTranscript &transcript, const QDateTime &now);
QByteArray jsonLines(const SavedTranscript &transcript);
/// Everything in it is escaped; it asks the browser to fetch nothing and to run nothing.
QByteArray transcriptPage(const SavedTranscript &transcript, const QDateTime &now);

/// What a line means, for people: of a command and its parameters, of a reply's codes, each with its clause.
QString meaningOf(const smtp::TranscriptEntry &entry);
/// "10:02:11.204" of microseconds since the Unix epoch, here.
QString clockText(qint64 microseconds);
/// "+0.005", seconds.
QString sinceText(qint64 microseconds);

} // namespace glasspost::ui
