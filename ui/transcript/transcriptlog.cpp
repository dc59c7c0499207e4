#include "ui/transcript/transcriptlog.h"

#include "ui/words/replymeanings.h"

namespace glasspost::ui {

TranscriptLog::TranscriptLog(int cap) : m_cap(cap) { }

TranscriptLog::Dialogue &TranscriptLog::dialogue(const QByteArray &sessionId)
{
    int &number = m_numbers[sessionId];
    if (number == 0)
        number = m_nextNumber++;
    Dialogue &found = m_sessions[number];
    if (found.session.number == 0) {
        found.session.number = number;
        found.session.facts.id = sessionId;
    }
    return found;
}

void TranscriptLog::setFacts(const smtp::SessionFacts &facts)
{
    TranscriptSession &session = dialogue(facts.id).session;
    session.facts = facts;
    session.isKnown = true;
}

void TranscriptLog::append(const QByteArray &sessionId, const smtp::TranscriptEntry &entry)
{
    Dialogue &talk = dialogue(sessionId);
    TranscriptLine line;
    line.entry = entry;
    line.session = talk.session.number;
    const qint64 before = talk.lastAt != 0 ? talk.lastAt : talk.session.facts.startedAt;
    line.sincePrevious = before != 0 && entry.at > before ? entry.at - before : 0;
    line.exchange = exchangeOf(talk, entry, &line.code);
    if (line.code >= 400 && line.exchange != 0) {
        m_errors.insert(line.exchange);
        talk.session.hasErrors = true;
    }
    talk.lastAt = entry.at;
    ++talk.lines;
    m_lines.push_back(std::move(line));
}

int TranscriptLog::exchangeOf(Dialogue &talk, const smtp::TranscriptEntry &entry, int *code)
{
    if (entry.speaker == smtp::Speaker::Event)
        return 0;
    if (entry.speaker == smtp::Speaker::Client) {
        // The octets after BDAT belong to that command and have no reply of their own (RFC 3030 2).
        if (entry.isData && !talk.awaiting.isEmpty() && talk.lastCommand.startsWith("BDAT"))
            return talk.awaiting.constLast();
        talk.lastCommand = entry.bytes.left(8).toUpper();
        talk.awaiting.append(m_nextExchange++);
        return talk.awaiting.constLast();
    }
    if (talk.awaiting.isEmpty())
        talk.awaiting.append(m_nextExchange++); // a greeting, or a 421 that nobody asked for
    const int exchange = talk.awaiting.constFirst();
    const auto head = parseReplyHead(entry.bytes);
    if (head)
        *code = head->code;
    if (!head || head->isLast)
        talk.awaiting.removeFirst();
    return exchange;
}

int TranscriptLog::trim()
{
    if (int(m_lines.size()) <= m_cap)
        return 0;
    const int going = int(m_lines.size()) - m_cap + m_cap / 10;
    for (int i = 0; i < going; ++i) {
        const TranscriptLine &line = m_lines.front();
        m_errors.remove(line.exchange);
        const auto talk = m_sessions.find(line.session);
        if (--talk->lines == 0 && talk->session.facts.outcome != smtp::SessionOutcome::Open) {
            m_numbers.remove(talk->session.facts.id);
            m_sessions.erase(talk);
        }
        m_lines.pop_front();
    }
    m_firstSerial += going;
    return going;
}

void TranscriptLog::clear()
{
    m_firstSerial = endSerial();
    m_lines.clear();
    m_numbers.clear();
    m_sessions.clear();
    m_errors.clear();
}

const TranscriptLine &TranscriptLog::line(qint64 serial) const
{
    return m_lines[size_t(serial - m_firstSerial)];
}

TranscriptSession TranscriptLog::session(int number) const
{
    return m_sessions.value(number).session;
}

int TranscriptLog::numberOf(const QByteArray &sessionId) const
{
    return m_numbers.value(sessionId);
}

bool TranscriptLog::concernsError(const TranscriptLine &line) const
{
    if (line.exchange != 0)
        return isError(line.exchange);
    return session(line.session).facts.outcome == smtp::SessionOutcome::Broken;
}

} // namespace glasspost::ui
