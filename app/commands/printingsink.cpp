#include "app/commands/printingsink.h"

#include "app/console/jsonvalues.h"
#include "app/console/output.h"
#include "app/console/textlines.h"

namespace glasspost::app {

PrintingSink::PrintingSink(TranscriptFormat format) : m_format(format) { }

void PrintingSink::opened(const smtp::SessionFacts &session)
{
    m_startedAt[session.id] = session.startedAt;
}

void PrintingSink::recorded(const QByteArray &sessionId, smtp::TranscriptEntry entry)
{
    const qint64 startedAt = m_startedAt.value(sessionId, entry.at);
    switch (m_format) {
    case TranscriptFormat::Text:
        printLine(transcriptLine(entry, startedAt));
        break;
    case TranscriptFormat::Json: {
        QJsonObject object = toJson(sessionId, entry, startedAt);
        object[QStringLiteral("event")] = QStringLiteral("line");
        printObject(object);
        break;
    }
    case TranscriptFormat::None:
        break;
    }
}

void PrintingSink::changed(const smtp::SessionFacts &) { }

void PrintingSink::closed(const smtp::SessionFacts &session)
{
    m_startedAt.remove(session.id);
    if (m_format == TranscriptFormat::Json) {
        QJsonObject object = toJson(session);
        object[QStringLiteral("event")] = QStringLiteral("closed");
        printObject(object);
    }
}

} // namespace glasspost::app
