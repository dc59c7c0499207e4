#pragma once

#include "smtp/session/transcript.h"
#include "smtp/syntax/enhancedstatuscode.h"

#include <QHash>

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

/// A command with its reply; or what the server says unasked, or a message's content with the reply to it.
struct TranscriptExchange
{
    qint64 first = 0; ///< serial of its first line
    qint64 last = 0; ///< of the last one so far
    qint64 reply = -1; ///< of the first line of the reply; -1 until it comes
    QByteArray verb; ///< in capitals; AUTH for an answer to its challenge, DATA for a content
    QByteArray sender; ///< of the transaction it belongs to, without angle brackets
    QByteArray recipient; ///< of RCPT, likewise
    bool isInTransaction = false;
    int code = 0; ///< 0 until the reply begins
    smtp::EnhancedStatusCode status;
};

/// A session as the pane keeps it.
struct TranscriptSession
{
    int number = 0;
    smtp::SessionFacts facts;
    QString endpoint; ///< the other end's address and port
    bool isKnown = false; ///< facts came; else the id alone is set
    bool hasErrors = false; ///< a 4xx or 5xx was said in it
    qint64 lastEvent = -1; ///< serial of its last event
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
    /// Null for 0, and when all lines of it went.
    [[nodiscard]] const TranscriptExchange *exchange(int number) const;
    /// By number; a null one when it is not there.
    [[nodiscard]] const TranscriptSession &session(int number) const;
    [[nodiscard]] int numberOf(const QByteArray &sessionId) const; ///< 0 when not there
    [[nodiscard]] int sessionCount() const { return int(m_sessions.size()); }
    /// A line that somebody who looks for errors wants: of an exchange with a 4xx or 5xx, or an event of a
    /// broken session.
    [[nodiscard]] bool concernsError(const TranscriptLine &line) const;
    /// The one line of each error to go to: the first of a 4xx or 5xx, the last event of a session that broke
    /// off or was refused without a reply.
    [[nodiscard]] bool isError(qint64 serial) const;

private:
    struct Dialogue
    {
        TranscriptSession session;
        qint64 lastAt = 0;
        QList<int> awaiting; ///< exchanges without their last reply line
        QByteArray verb; ///< of the last command
        int lastCode = 0;
        QByteArray sender;
        bool isInTransaction = false;
        bool endsTransaction = false; ///< the last command does
        int lines = 0;
    };
    int exchangeOf(Dialogue &talk, const smtp::TranscriptEntry &entry, int *code);
    int takeReply(Dialogue &talk, const smtp::TranscriptEntry &entry, int *code);
    int beginExchange(const Dialogue &talk);
    TranscriptExchange *known(int number);
    Dialogue &dialogue(const QByteArray &sessionId);
    static void enter(Dialogue &talk, const smtp::TranscriptEntry &command);

    int m_cap;
    std::deque<TranscriptLine> m_lines;
    qint64 m_firstSerial = 0;
    std::deque<TranscriptExchange> m_exchanges;
    int m_firstExchange = 1;
    QHash<QByteArray, int> m_numbers;
    QHash<int, Dialogue> m_sessions;
    int m_nextNumber = 1;
};

} // namespace glasspost::ui
