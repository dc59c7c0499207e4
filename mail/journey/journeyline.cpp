#include "mail/journey/journeyline.h"

#include "mail/base/crc32c.h"
#include "mail/base/jsontext.h"
#include "mail/journey/eventjson.h"
#include "mail/journey/tracejson.h"
#include "mail/queue/reportjson.h"
#include "mail/queue/statefile.h"
#include "mail/transcripts/transcriptjson.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>

namespace glasspost::mail {

namespace {

constexpr QByteArrayView journeyHead = "{\"journey\":\"";
constexpr QByteArrayView sessionHead = "{\"session\":\"";
constexpr QByteArrayView numberMember = "\",\"n\":";
constexpr QByteArrayView messageMember = "\"message\":\"";
constexpr QByteArrayView originalMember = "\",\"original\":\"";
constexpr QByteArrayView sealMember = ",\"crc\":\"";
constexpr qsizetype markSize = 8; // hexadecimal digits
constexpr int hexBase = 16;
constexpr qsizetype idTimeSize = 11; // characters: smtp::newSessionId()
constexpr int idBase = 32;
constexpr qint64 idMicroseconds = 1000; // of a millisecond

QByteArray hexMark(quint32 number)
{
    return QByteArray::number(number, hexBase).rightJustified(markSize, '0');
}

QByteArrayView lineOctets(const std::string &text, size_t from = 0)
{
    return {text.data() + from, qsizetype(text.size() - from)};
}

/// Ends the line that begins there: the seal covers it alone.
void seal(std::string &lines, size_t from)
{
    const QByteArray mark = hexMark(crc32c(lineOctets(lines, from)));
    lines.append(sealMember.data(), size_t(sealMember.size())).append(mark.constData(), size_t(mark.size()));
    lines += "\"}\n";
}

/// Of a text that may be empty.
quint32 markOf(const QByteArray &text)
{
    return text.isEmpty() ? 0 : messageMark(text);
}

quint32 readMark(QByteArrayView digits)
{
    return digits.first(std::min(markSize, digits.size())).toByteArray().toUInt(nullptr, hexBase);
}

/// After the line's time: the marks by which an entry is found.
void readMarks(JourneyLineHead &head, QByteArrayView members)
{
    if (!members.startsWith(messageMember))
        return;
    const QByteArrayView message = members.sliced(messageMember.size());
    const qsizetype end = message.indexOf('"');
    if (end < 0)
        return;
    head.messageMark = readMark(message.first(end));
    if (!message.sliced(end).startsWith(originalMember))
        return;
    const QByteArrayView original = message.sliced(end + originalMember.size());
    if (original.size() > 2 * markSize && original[2 * markSize] == '"')
        head.originalMarks = {readMark(original), readMark(original.sliced(markSize))};
}

/// One line, added to others.
class LineWriter
{
public:
    LineWriter(std::string &lines, QByteArrayView owner, const QByteArray &id)
        : m_lines(lines), m_from(lines.size()), m_json(std::move(lines))
    {
        m_json.openObject();
        m_json.text(owner, id);
    }
    LineWriter(std::string &lines, const QByteArray &id, int number, qint64 at)
        : LineWriter(lines, "journey", id)
    {
        m_json.number("n", number);
        m_json.number("at", at);
    }
    [[nodiscard]] JsonText &json() { return m_json; }
    void end()
    {
        m_lines = m_json.take();
        seal(m_lines, m_from);
    }

private:
    std::string &m_lines; ///< moved to and fro, since a line is added to megabytes of them
    size_t m_from;
    JsonText m_json;
};

/// The queue writes down which sessions were opened with the next event alone: those that are known stay.
void takeEntry(Journey &journey, const QueueEntry &entry)
{
    QList<QByteArray> sessions = journey.entry.attemptSessionIds;
    for (const QByteArray &id : entry.attemptSessionIds) {
        if (!sessions.contains(id))
            sessions.append(id);
    }
    journey.entry = entry;
    journey.entry.attemptSessionIds = sessions;
}

} // namespace

qint64 timeOfId(const QByteArray &id)
{
    return id.left(idTimeSize).toLongLong(nullptr, idBase) / idMicroseconds;
}

quint32 messageMark(const QByteArray &messageId)
{
    return std::max<quint32>(1, crc32c(messageId));
}

void appendEntryLine(std::string &lines, const QueueEntry &entry, int number, qint64 at)
{
    LineWriter line(lines, entry.id, number, at);
    line.json().text("message",
        entry.messageIdField.isEmpty() ? QByteArray() : hexMark(messageMark(entry.messageIdField)));
    if (const auto &made = entry.madeFrom)
        line.json().text(
            "original", hexMark(markOf(made->message.unique)) + hexMark(markOf(made->messageId)));
    writeState(line.json(), "entry", entry);
    line.end();
}

void appendEventLine(std::string &lines, const QByteArray &id, int number, const JourneyEvent &event)
{
    LineWriter line(lines, id, number, event.at);
    writeEvent(line.json(), event.what);
    line.end();
}

void appendRemovalLine(std::string &lines, const QByteArray &id, int number, qint64 at)
{
    LineWriter line(lines, id, number, at);
    line.json().flag("removed", true);
    line.end();
}

void appendSessionLine(std::string &lines, const smtp::SessionFacts &facts)
{
    const size_t from = lines.size();
    appendJsonLine(lines, {facts, {}, true});
    lines.resize(lines.size() - 2); // the bracket and the line's end
    seal(lines, from);
}

void appendTraceLine(std::string &lines, const smtp::SessionTrace &piece)
{
    LineWriter line(lines, "session", piece.sessionId);
    writeTrace(line.json(), piece);
    line.end();
}

std::optional<JourneyLineHead> headOfJourneyLine(QByteArrayView line)
{
    const bool isSession = line.startsWith(sessionHead);
    if (!isSession && !line.startsWith(journeyHead))
        return std::nullopt;
    const qsizetype start = journeyHead.size(); // both are as long
    const qsizetype end = line.indexOf('"', start);
    if (end <= start)
        return std::nullopt;
    JourneyLineHead head;
    head.id = line.sliced(start, end - start).toByteArray();
    if (isSession)
        return head;
    const QByteArrayView rest = line.sliced(end);
    if (!rest.startsWith(numberMember))
        return std::nullopt;
    const QByteArrayView digits = rest.sliced(numberMember.size());
    const qsizetype comma = digits.indexOf(',');
    bool isNumber = false;
    head.number = digits.first(std::max<qsizetype>(0, comma)).toByteArray().toInt(&isNumber);
    if (!isNumber || head.number < 0)
        return std::nullopt;
    const qsizetype member = digits.indexOf(',', comma + 1); // after "at"
    readMarks(head, member < 0 ? QByteArrayView() : digits.sliced(member + 1));
    return head;
}

// A quotation mark within a text has an escape: what looks like a head is one.
qsizetype endOfJourneyLine(QByteArrayView line)
{
    const qsizetype journey = line.indexOf(journeyHead, 1);
    const qsizetype session = line.indexOf(sessionHead, 1);
    if (journey < 0 || session < 0)
        return std::max(journey, session) < 0 ? line.size() : std::max(journey, session);
    return std::min(journey, session);
}

bool isSealed(QByteArrayView line)
{
    const qsizetype tail = sealMember.size() + markSize + 2; // and "}
    if (line.size() <= tail)
        return false;
    const QByteArrayView body = line.chopped(tail);
    const QByteArrayView seal = line.last(tail);
    return seal.startsWith(sealMember) && seal.endsWith("\"}")
        && seal.sliced(sealMember.size(), markSize) == QByteArrayView(hexMark(crc32c(body)));
}

void fold(Journey &journey, const QByteArray &line)
{
    const QJsonObject object = isSealed(line) ? QJsonDocument::fromJson(line).object() : QJsonObject();
    const qint64 at = stateInteger(object[u"at"]);
    if (object[u"entry"].isObject()) {
        const auto entry
            = readState(QJsonDocument(object[u"entry"].toObject()).toJson(QJsonDocument::Compact));
        if (entry)
            takeEntry(journey, *entry);
        else
            journey.isDamaged = true;
        return;
    }
    if (object[u"removed"].toBool()) {
        journey.removedAt = at;
        return;
    }
    const auto event = readEvent(object, journey.entry);
    if (!event) {
        journey.isDamaged = true;
        return;
    }
    journey.events.append({at, *event});
    if (!journey.entry.id.isEmpty())
        journey.entry = apply(std::move(journey.entry), *event);
}

void foldSession(Journey &journey, const QByteArray &line)
{
    const QJsonObject object = isSealed(line) ? QJsonDocument::fromJson(line).object() : QJsonObject();
    const QByteArray id = object[u"session"].toString().toLatin1();
    if (object[u"facts"].isObject()) {
        if (const auto block = fromJsonLine(line))
            journey.sessions.append(block->facts);
        else
            journey.isDamaged = true;
        return;
    }
    const auto piece = traceFromJson(object[u"trace"].toObject(), id);
    const auto known = std::find_if(journey.traces.begin(), journey.traces.end(),
        [&id](const smtp::SessionTrace &one) { return one.sessionId == id; });
    const int expected = known == journey.traces.end() ? 0 : known->piece + 1;
    journey.isDamaged |= !piece || piece->piece != expected;
    if (!piece)
        return;
    if (known == journey.traces.end())
        journey.traces.append(*piece);
    else
        *known = smtp::joined(*known, *piece);
}

} // namespace glasspost::mail
