#pragma once

#include "app/commandline/invocation.h"
#include "smtp/session/transcript.h"

#include <QHash>

namespace glasspost::app {

/// Prints what is said as it is said. Main thread.
class PrintingSink : public smtp::TranscriptSink
{
public:
    explicit PrintingSink(TranscriptFormat format);

    void opened(const smtp::SessionFacts &session) override;
    void recorded(const QByteArray &sessionId, smtp::TranscriptEntry entry) override;
    void changed(const smtp::SessionFacts &session) override;
    void closed(const smtp::SessionFacts &session) override;

private:
    TranscriptFormat m_format;
    QHash<QByteArray, qint64> m_startedAt;
};

} // namespace glasspost::app
