#include "mail/journey/dialoguetrace.h"

#include "smtp/syntax/replyparser.h"

#include <algorithm>
#include <utility>

namespace glasspost::mail {

namespace {

smtp::TraceStage stageOfVerb(const QByteArray &verb)
{
    struct VerbStage
    {
        const char *verb;
        smtp::TraceStage stage;
    };
    static constexpr VerbStage stages[] = {{"STARTTLS", smtp::TraceStage::StartTls},
        {"AUTH", smtp::TraceStage::Auth}, {"MAIL", smtp::TraceStage::Mail}, {"RCPT", smtp::TraceStage::Rcpt},
        {"DATA", smtp::TraceStage::Data}, {"BDAT", smtp::TraceStage::Body}, {"RSET", smtp::TraceStage::Reset},
        {"QUIT", smtp::TraceStage::Quit}};
    const auto known = std::find_if(
        std::begin(stages), std::end(stages), [&verb](const VerbStage &one) { return verb == one.verb; });
    return known == std::end(stages) ? smtp::TraceStage::Hello : known->stage; // EHLO, HELO, LHLO, XCLIENT
}

QByteArray firstWord(const QByteArray &line)
{
    return line.simplified().split(' ').first().toUpper();
}

bool isHello(const QByteArray &verb)
{
    return verb == "EHLO" || verb == "HELO" || verb == "LHLO" || verb == "XCLIENT";
}

/// Follows a dialogue line by line.
class DialogueReader
{
public:
    explicit DialogueReader(const smtp::SessionFacts &facts)
    {
        m_trace.sessionId = facts.id;
        m_trace.startedAt = facts.startedAt;
        m_trace.role = facts.role;
        m_trace.host = facts.peerName;
        m_trace.address = facts.peerAddress;
        if (facts.role == smtp::SessionRole::Client)
            m_trace.port = facts.peerPort;
        if (!facts.tls.isEmpty()) {
            m_trace.tls.emplace();
            m_trace.tls->summary = facts.tls;
        }
        m_trace.user = facts.user;
        m_until = facts.startedAt;
    }

    void read(const smtp::TranscriptEntry &entry)
    {
        switch (entry.speaker) {
        case smtp::Speaker::Client:
            if (entry.isData)
                takeMessage(entry);
            else
                takeCommand(entry);
            break;
        case smtp::Speaker::Server:
            takeReply(entry);
            break;
        case smtp::Speaker::Event:
            takeEvent(entry);
            break;
        }
    }

    [[nodiscard]] smtp::SessionTrace ended(qint64 at)
    {
        endHandshake(at);
        for (smtp::TracedStage &stage : m_waiting)
            close(stage, at); // no reply came
        return m_trace;
    }

private:
    [[nodiscard]] static smtp::TracedStage begun(smtp::TraceStage stage, qint64 at)
    {
        smtp::TracedStage one;
        one.stage = stage;
        one.from = at;
        return one;
    }

    void close(smtp::TracedStage &stage, qint64 at)
    {
        stage.from = std::max(stage.from, m_until); // of pipelined commands the one before may take longer
        stage.to = std::max(stage.from, at);
        m_until = stage.to;
        m_trace.stages.append(stage);
    }

    void takeCommand(const smtp::TranscriptEntry &entry)
    {
        endHandshake(entry.at);
        if (m_isAnsweringChallenge)
            return; // of the sign-in that goes on
        const bool isEnding = !m_waiting.isEmpty() && m_waiting.last().stage == smtp::TraceStage::EndOfData;
        if (isEnding && entry.bytes == ".")
            return; // the message's own end has begun that stage
        const QByteArray verb = firstWord(entry.bytes);
        smtp::TracedStage stage = begun(stageOfVerb(verb), entry.at);
        if (stage.stage == smtp::TraceStage::Hello && !isHello(verb) && !m_trace.stages.isEmpty())
            stage.stage = smtp::TraceStage::Reset; // NOOP, VRFY and what is no command: nothing of a message
        if (stage.stage == smtp::TraceStage::Mail)
            ++m_message;
        if (stage.stage >= smtp::TraceStage::Mail && stage.stage <= smtp::TraceStage::EndOfData)
            stage.message = m_message;
        stage.command = entry.bytes;
        m_waiting.append(stage);
    }

    void takeMessage(const smtp::TranscriptEntry &entry)
    {
        if (!m_waiting.isEmpty() && m_waiting.last().stage == smtp::TraceStage::Body) { // BDAT
            m_waiting.last().octets = entry.dataSize;
            return;
        }
        smtp::TracedStage body = begun(smtp::TraceStage::Body, m_until);
        body.octets = entry.dataSize;
        body.message = m_message;
        close(body, entry.at);
        smtp::TracedStage end = begun(smtp::TraceStage::EndOfData, entry.at);
        end.command = ".";
        end.message = m_message;
        m_waiting.append(end);
    }

    void takeReply(const smtp::TranscriptEntry &entry)
    {
        m_parser.feed(entry.bytes + "\r\n");
        while (const std::optional<smtp::ReplyLine> line = m_parser.next()) {
            if (line->fault)
                m_parser.reset();
            else if (line->reply)
                answer(*line->reply, entry.at);
        }
    }

    void answer(const smtp::Reply &reply, qint64 at)
    {
        if (!std::exchange(m_isGreeted, true)) // some clients do not wait for it
            m_waiting.prepend(begun(smtp::TraceStage::Greeting, m_until));
        else if (m_waiting.isEmpty()) // said unasked, as a 421 is
            m_waiting.append(begun(smtp::TraceStage::Quit, at));
        smtp::TracedStage &stage = m_waiting.first();
        m_isAnsweringChallenge = stage.stage == smtp::TraceStage::Auth && reply.isIntermediate();
        if (m_isAnsweringChallenge)
            return;
        stage.reply = reply;
        if (stage.stage == smtp::TraceStage::Auth && reply.isPositive())
            m_trace.mechanism = stage.command.simplified().split(' ').value(1).toUpper();
        m_isHandshake = stage.stage == smtp::TraceStage::StartTls && reply.isPositive();
        close(stage, at);
        m_waiting.removeFirst();
        if (m_isHandshake)
            m_handshake = begun(smtp::TraceStage::Handshake, at);
    }

    void takeEvent(const smtp::TranscriptEntry &entry)
    {
        const smtp::TraceNote note{entry.at, entry.bytes};
        if (m_isHandshake) {
            m_handshake.notes.append(note);
            m_handshake.to = entry.at;
        } else if (!m_waiting.isEmpty()) {
            m_waiting.last().notes.append(note);
        } else if (!m_isGreeted) {
            if (m_trace.stages.isEmpty())
                m_trace.stages.append(begun(smtp::TraceStage::Connect, m_until));
            m_trace.stages.last().notes.append(note);
            m_until = m_trace.stages.last().to = std::max(m_until, entry.at);
        } else if (!m_trace.stages.isEmpty()) {
            m_trace.stages.last().notes.append(note);
        }
    }

    /// What follows a handshake is encrypted.
    void endHandshake(qint64 at)
    {
        if (std::exchange(m_isHandshake, false))
            close(m_handshake, m_handshake.notes.isEmpty() ? at : m_handshake.to);
    }

    smtp::SessionTrace m_trace;
    smtp::ReplyParser m_parser;
    QList<smtp::TracedStage> m_waiting; ///< commands without a reply so far
    smtp::TracedStage m_handshake;
    qint64 m_until = 0; ///< of the stage before
    int m_message = 0;
    bool m_isGreeted = false;
    bool m_isHandshake = false;
    bool m_isAnsweringChallenge = false;
};

} // namespace

smtp::SessionTrace traceOfDialogue(const Transcript &transcript)
{
    DialogueReader reader(transcript.first);
    qint64 last = transcript.first.startedAt;
    for (const smtp::TranscriptEntry &entry : transcript.second) {
        reader.read(entry);
        last = std::max(last, entry.at);
    }
    return reader.ended(std::max(last, transcript.first.endedAt));
}

} // namespace glasspost::mail
