#pragma once

#include "smtp/session/transcript.h"

#include <QHash>
#include <QSet>

#include <deque>

namespace glasspost::ui {

/// One entry as the pane keeps it, with what was worked out from its place in the dialogue.
struct TranscriptLine
{
    smtp::TranscriptEntry entry;
    int session = 0; ///< TranscriptLog's number for it, 1 for the first
    qint64 sincePrevious = 0; ///< microseconds since the session's line before
    int exchange = 0; ///< the same for a command and all lines of its reply; 0 for events
    int code = 0; ///< of a server's line that begins as a reply does, else 0
};

/// A session as the pane keeps it.
struct TranscriptSession
{
    int number = 0;
    smtp::SessionFacts facts;
    bool isKnown = false; ///< facts came; else the id alone is set
    bool hasErrors = false; ///< a 4xx or 5xx was said in it
};

/// The entries of one or more sessions in order, capped: past the cap the oldest go. A plain value, GUI
/// thread. Pairs each command with its reply, pipelined ones too: replies come in the order of the commands
/// (RFC 2920).
class TranscriptLog
{
public:
    static constexpr int defaultCap = 100000;

    explicit TranscriptLog(int cap = defaultCap);

    void setFacts(const smtp::SessionFacts &facts);
    void append(const QByteArray &sessionId, const smtp::TranscriptEntry &entry);
    /// Drops the oldest lines when there are more than the cap; a tenth at a time, so that it is rare.
    /// Returns how many went.
    int trim();
    void clear();

    /// Lines keep their serial number for life: from firstSerial() up to, without, endSerial().
    [[nodiscard]] qint64 firstSerial() const { return m_firstSerial; }
    [[nodiscard]] qint64 endSerial() const { return m_firstSerial + qint64(m_lines.size()); }
    [[nodiscard]] const TranscriptLine &line(qint64 serial) const;
    /// By number; a null one when it is not there.
    [[nodiscard]] TranscriptSession session(int number) const;
    [[nodiscard]] int numberOf(const QByteArray &sessionId) const; ///< 0 when not there
    [[nodiscard]] int sessionCount() const { return int(m_sessions.size()); }
    /// Whether the exchange ended in, or holds, a 4xx or 5xx.
    [[nodiscard]] bool isError(int exchange) const { return m_errors.contains(exchange); }
    /// A line that somebody who looks for errors wants: of a failed exchange, or an event of a broken
    /// session.
    [[nodiscard]] bool concernsError(const TranscriptLine &line) const;

private:
    struct Dialogue
    {
        TranscriptSession session;
        qint64 lastAt = 0;
        QList<int> awaiting; ///< exchanges without their last reply line
        QByteArray lastCommand;
        int lines = 0;
    };
    int exchangeOf(Dialogue &dialogue, const smtp::TranscriptEntry &entry, int *code);
    Dialogue &dialogue(const QByteArray &sessionId);

    int m_cap;
    std::deque<TranscriptLine> m_lines;
    qint64 m_firstSerial = 0;
    QHash<QByteArray, int> m_numbers;
    QHash<int, Dialogue> m_sessions;
    QSet<int> m_errors;
    int m_nextNumber = 1;
    int m_nextExchange = 1;
};

} // namespace glasspost::ui
