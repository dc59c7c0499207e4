#include "mail/transfer/mboxreader.h"

#include "mail/message/headerfields.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

/// Octets of a line that decide whether it is a divider, and all that is kept of one that is no message's.
constexpr qsizetype dividerOctets = 256;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isEmptyLine(QByteArrayView line)
{
    return line == "\n" || line == "\r\n";
}

/// mboxrd: one '>' fewer before "From ", however many stand there.
QByteArrayView withoutQuote(QByteArrayView line)
{
    qsizetype quotes = 0;
    while (quotes < line.size() && line[quotes] == '>')
        ++quotes;
    return quotes > 0 && line.sliced(quotes).startsWith("From ") ? line.sliced(1) : line;
}

MessageFlags flagsOfLetters(const QByteArray &letters)
{
    // As mutt, Dovecot and c-client write them.
    MessageFlags flags;
    for (const char letter : letters) {
        switch (letter) {
        case 'R':
            flags |= MessageFlag::Seen;
            break;
        case 'A':
            flags |= MessageFlag::Replied;
            break;
        case 'F':
            flags |= MessageFlag::Flagged;
            break;
        case 'T':
            flags |= MessageFlag::Draft;
            break;
        case 'D':
            flags |= MessageFlag::Trashed;
            break;
        default: // 'O', "old", and what others invent
            break;
        }
    }
    return flags;
}

/// Takes the fields of the file off the header and gives what they said.
CarriedMessage withoutStatus(const QByteArray &message)
{
    CarriedMessage carried;
    qsizetype kept = 0;
    qsizetype begin = 0;
    const qsizetype body = visitHeader(message, [&](const RawField &field) {
        begin = field.name.data() - message.constData();
        if (!field.isNamed("Status") && !field.isNamed("X-Status"))
            return true;
        carried.flags |= flagsOfLetters(field.unfolded());
        carried.octets.append(message.constData() + kept, begin - kept);
        const qsizetype valueEnd = field.value.data() + field.value.size() - message.constData();
        const qsizetype lineEnd = message.indexOf('\n', valueEnd);
        kept = lineEnd < 0 ? message.size() : lineEnd + 1;
        return true;
    });
    Q_UNUSED(body)
    carried.octets.append(message.constData() + kept, message.size() - kept);
    return carried;
}

} // namespace

bool isMboxDivider(QByteArrayView line)
{
    if (!line.startsWith("From "))
        return false;
    bool hasTime = false;
    bool hasYear = false;
    qsizetype digits = 0;
    line = line.first(std::min(line.size(), dividerOctets));
    for (qsizetype i = 5; i < line.size(); ++i) {
        hasTime = hasTime
            || (line[i] == ':' && isDigit(line[i - 1]) && i + 1 < line.size() && isDigit(line[i + 1]));
        digits = isDigit(line[i]) ? digits + 1 : 0;
        hasYear = hasYear || digits == 4;
    }
    return hasTime && hasYear;
}

QList<CarriedMessage> MboxReader::feed(QByteArrayView octets)
{
    while (!octets.isEmpty()) {
        const qsizetype lineEnd = octets.indexOf('\n');
        const QByteArrayView piece = lineEnd < 0 ? octets : octets.first(lineEnd + 1);
        octets = octets.sliced(piece.size());
        if (lineEnd >= 0 && m_line.isEmpty()) {
            takeLine(piece);
            continue;
        }
        const bool isKept = m_line.size() <= dividerOctets || belongsInside(m_line);
        if (isKept)
            m_line += piece;
        // A line without an end must not fill the memory once its message is left out; a '>' of it may go.
        if (belongsInside(m_line) && m_message.size() + m_line.size() > m_longest + 1)
            m_place = Place::TooLong;
        if (lineEnd < 0)
            continue;
        if (!isKept)
            m_line += '\n';
        takeLine(std::exchange(m_line, {}));
    }
    return std::exchange(m_complete, {});
}

QList<CarriedMessage> MboxReader::finish()
{
    if (!m_line.isEmpty())
        takeLine(std::exchange(m_line, {}));
    end();
    return std::exchange(m_complete, {});
}

/// Whether a line that has come in part is the message's already, whatever follows.
bool MboxReader::belongsInside(QByteArrayView line) const
{
    const bool isDecided = !m_afterEmptyLine || line.size() > dividerOctets;
    return m_place == Place::Inside && isDecided && !(m_afterEmptyLine && isMboxDivider(line));
}

void MboxReader::takeLine(QByteArrayView line)
{
    if (m_afterEmptyLine && isMboxDivider(line)) {
        end();
        begin();
        return;
    }
    m_afterEmptyLine = isEmptyLine(line);
    switch (m_place) {
    case Place::Before:
        m_foreignStart = m_foreignStart || !m_afterEmptyLine;
        break;
    case Place::Inside:
        m_message += withoutQuote(line);
        if (m_message.size() > m_longest) {
            m_place = Place::TooLong;
            m_message.clear();
        }
        break;
    case Place::TooLong:
        break;
    }
}

void MboxReader::begin()
{
    m_place = Place::Inside;
    m_message.clear();
    m_afterEmptyLine = false;
}

void MboxReader::end()
{
    if (m_place == Place::TooLong)
        ++m_leftOut;
    // The empty line before the next divider is the file's. A header alone keeps the one that ends it.
    const bool hasBody = m_message.endsWith("\n\n") || m_message.endsWith("\n\r\n");
    if (hasBody && m_message.size() > 2)
        m_message.chop(m_message.endsWith("\r\n") ? 2 : 1);
    if (m_place == Place::Inside && !m_message.isEmpty())
        m_complete.append(withoutStatus(m_message));
    m_message.clear();
    m_place = Place::Before;
}

} // namespace glasspost::mail
