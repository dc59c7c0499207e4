#include "ui/transcript/transcriptlog.h"

#include "ui/words/commandmeanings.h"
#include "ui/words/replymeanings.h"
#include "ui/words/sessiontext.h"

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

/// Of "MAIL FROM:<a@b> SIZE=1" what is within the brackets; a client may leave them out.
QByteArray envelopePath(const QByteArray &command)
{
    const qsizetype colon = command.indexOf(':');
    if (colon < 0)
        return {};
    QByteArray rest = command.mid(colon + 1).trimmed();
    const bool hasBracket = rest.startsWith('<');
    const qsizetype end = rest.indexOf(hasBracket ? '>' : ' ');
    if (end >= 0)
        rest.truncate(end);
    return hasBracket ? rest.mid(1) : rest;
}

/// RFC 5321 4.1.4 and the extensions: commands after which no transaction is open.
bool endsTransaction(const QByteArray &verb)
{
    static constexpr std::array verbs{"RSET", "EHLO", "HELO", "LHLO", "QUIT", "STARTTLS", "AUTH"};
    return std::find(verbs.begin(), verbs.end(), QByteArrayView(verb)) != verbs.end();
}

} // namespace

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
    session.endpoint = endpointText(facts.peerAddress, facts.peerPort);
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
    if (TranscriptExchange *exchange = known(line.exchange))
        exchange->last = endSerial();
    if (line.code >= 400)
        talk.session.hasErrors = true;
    talk.lastAt = entry.at;
    ++talk.lines;
    m_lines.push_back(std::move(line));
}

int TranscriptLog::exchangeOf(Dialogue &talk, const smtp::TranscriptEntry &entry, int *code)
{
    switch (entry.speaker) {
    case smtp::Speaker::Event:
        talk.session.lastEvent = endSerial();
        return 0;
    case smtp::Speaker::Server:
        return takeReply(talk, entry, code);
    case smtp::Speaker::Client:
        break;
    }
    // The octets after BDAT belong to that command and have no reply of their own (RFC 3030 2).
    const bool isChunk = entry.isData && talk.verb == "BDAT" && !talk.awaiting.isEmpty();
    if (isChunk)
        return talk.awaiting.constLast();
    enter(talk, entry);
    const int number = beginExchange(talk);
    talk.awaiting.append(number);
    if (talk.verb == "RCPT")
        known(number)->recipient = envelopePath(entry.bytes);
    if (entry.isData)
        talk.endsTransaction = true;
    return number;
}

/// What a command does to the transaction, before its exchange begins.
void TranscriptLog::enter(Dialogue &talk, const smtp::TranscriptEntry &command)
{
    constexpr int challenge = 334; // RFC 4954 4: what follows is no command
    if (command.isData)
        talk.verb = "DATA";
    else if (talk.lastCode != challenge)
        talk.verb = verbOf(command.bytes);
    talk.lastCode = 0;
    if (talk.endsTransaction || endsTransaction(talk.verb)) {
        talk.sender.clear();
        talk.isInTransaction = false;
    }
    talk.endsTransaction = talk.verb == "BDAT" && command.bytes.trimmed().toUpper().endsWith(" LAST");
    if (talk.verb == "MAIL") {
        talk.sender = envelopePath(command.bytes);
        talk.isInTransaction = true;
    }
}

int TranscriptLog::beginExchange(const Dialogue &talk)
{
    TranscriptExchange exchange;
    exchange.first = endSerial();
    exchange.last = endSerial();
    exchange.verb = talk.verb;
    exchange.sender = talk.sender;
    exchange.isInTransaction = talk.isInTransaction;
    m_exchanges.push_back(exchange);
    return m_firstExchange + int(m_exchanges.size()) - 1;
}

int TranscriptLog::takeReply(Dialogue &talk, const smtp::TranscriptEntry &entry, int *code)
{
    const bool isUnasked = talk.awaiting.isEmpty(); // a greeting, or a 421
    if (isUnasked || !known(talk.awaiting.constFirst())) { // or the command went
        const int number = beginExchange(talk);
        known(number)->verb.clear();
        if (isUnasked)
            talk.awaiting.append(number);
        else
            talk.awaiting.first() = number;
    }
    const int number = talk.awaiting.constFirst();
    TranscriptExchange &exchange = *known(number);
    const auto head = parseReplyHead(entry.bytes);
    if (exchange.reply < 0)
        exchange.reply = endSerial();
    if (head) {
        *code = head->code;
        exchange.code = head->code;
        if (exchange.status.isNull())
            exchange.status = head->status;
        talk.lastCode = head->code;
    }
    if (!head || head->isLast)
        talk.awaiting.removeFirst();
    return number;
}

int TranscriptLog::trim()
{
    if (int(m_lines.size()) <= m_cap)
        return 0;
    const int going = int(m_lines.size()) - m_cap + m_cap / 10;
    for (int i = 0; i < going; ++i) {
        const auto talk = m_sessions.find(m_lines.front().session);
        if (--talk->lines == 0 && talk->session.facts.outcome != smtp::SessionOutcome::Open) {
            m_numbers.remove(talk->session.facts.id);
            m_sessions.erase(talk);
        }
        m_lines.pop_front();
    }
    m_firstSerial += going;
    for (; !m_exchanges.empty() && m_exchanges.front().last < m_firstSerial; ++m_firstExchange)
        m_exchanges.pop_front();
    return going;
}

void TranscriptLog::clear()
{
    m_firstSerial = endSerial();
    m_firstExchange += int(m_exchanges.size());
    m_lines.clear();
    m_exchanges.clear();
    m_numbers.clear();
    m_sessions.clear();
}

const TranscriptLine &TranscriptLog::line(qint64 serial) const
{
    return m_lines[size_t(serial - m_firstSerial)];
}

TranscriptExchange *TranscriptLog::known(int number)
{
    const int at = number - m_firstExchange;
    return number == 0 || at < 0 || at >= int(m_exchanges.size()) ? nullptr : &m_exchanges[size_t(at)];
}

const TranscriptExchange *TranscriptLog::exchange(int number) const
{
    const int at = number - m_firstExchange;
    return number == 0 || at < 0 || at >= int(m_exchanges.size()) ? nullptr : &m_exchanges[size_t(at)];
}

const TranscriptSession &TranscriptLog::session(int number) const
{
    static const TranscriptSession none;
    const auto found = m_sessions.constFind(number);
    return found == m_sessions.cend() ? none : found->session;
}

int TranscriptLog::numberOf(const QByteArray &sessionId) const
{
    return m_numbers.value(sessionId);
}

bool TranscriptLog::concernsError(const TranscriptLine &line) const
{
    if (line.exchange == 0)
        return session(line.session).facts.outcome == smtp::SessionOutcome::Broken;
    const TranscriptExchange *of = exchange(line.exchange);
    return of ? of->code >= 400 : line.code >= 400;
}

bool TranscriptLog::isError(qint64 serial) const
{
    const TranscriptLine &at = line(serial);
    if (at.exchange != 0) {
        const TranscriptExchange *of = exchange(at.exchange);
        return at.code >= 400 && (!of || of->reply == serial);
    }
    const TranscriptSession &in = session(at.session);
    const bool wasRefused = in.facts.outcome == smtp::SessionOutcome::Refused && !in.hasErrors;
    return in.lastEvent == serial && (wasRefused || in.facts.outcome == smtp::SessionOutcome::Broken);
}

} // namespace glasspost::ui
