#include "mail/transfer/mboxdivider.h"

#include <QList>

#include <algorithm>
#include <array>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestDivider = 512; // octets

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNumber(const QByteArray &word, qsizetype fewest, qsizetype most)
{
    return word.size() >= fewest && word.size() <= most && std::all_of(word.begin(), word.end(), isDigit);
}

template <size_t N> bool isOneOf(const QByteArray &word, const std::array<const char *, N> &names)
{
    return std::any_of(
        names.begin(), names.end(), [&word](const char *name) { return qstricmp(word, name) == 0; });
}

bool isWeekday(const QByteArray &word)
{
    static constexpr std::array names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    return isOneOf(word.endsWith(',') ? word.chopped(1) : word, names);
}

bool isMonth(const QByteArray &word)
{
    static constexpr std::array names{
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    return isOneOf(word, names);
}

/// 21:36 or 21:36:36.
bool isTime(const QByteArray &word)
{
    const QList<QByteArray> parts = word.split(':');
    return (parts.size() == 2 || parts.size() == 3)
        && std::all_of(
            parts.begin(), parts.end(), [](const QByteArray &part) { return isNumber(part, 1, 2); });
}

/// +0100, "GMT", "MET DST", "(CET)".
bool isZone(QByteArray word)
{
    if (word.startsWith('(') && word.endsWith(')'))
        word = word.mid(1, word.size() - 2);
    if (word.startsWith('+') || word.startsWith('-'))
        return isNumber(word.mid(1).replace(":", ""), 2, 4);
    return word.size() >= 2 && word.size() <= 5
        && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// 2026-11-24T21:36:36Z, or its day alone.
bool isIsoDay(const QByteArray &word)
{
    return word.size() >= 10 && isNumber(word.left(4), 4, 4) && word.at(4) == '-'
        && isNumber(word.mid(5, 2), 2, 2) && word.at(7) == '-' && isNumber(word.mid(8, 2), 2, 2);
}

struct DateWords
{
    int months = 0;
    int times = 0;
    int numbers = 0; ///< day and year

    /// False when the word is of no date.
    bool take(const QByteArray &word)
    {
        if (isIsoDay(word)) {
            ++months;
            numbers += 2;
            times += word.size() > 10 && word.at(10) == 'T' ? 1 : 0;
        } else if (isMonth(word)) {
            ++months;
        } else if (isTime(word)) {
            ++times;
        } else if (isNumber(word, 1, 2)
            || (isNumber(word, 4, 4) && (word.startsWith("19") || word.startsWith("20")))) {
            ++numbers;
        } else {
            return isWeekday(word) || isZone(word);
        }
        return true;
    }
    [[nodiscard]] bool isWhole() const { return months == 1 && times == 1 && numbers == 2; }
};

/// Whether the words are a date, or part of one, and nothing else.
enum class DateFit { None, Part, Whole };
DateFit fitOf(const QList<QByteArray> &words, qsizetype from)
{
    DateWords date;
    for (qsizetype i = from; i < words.size(); ++i) {
        // UUCP: the host that it came from stands behind the date.
        const bool isRemote
            = words.at(i) == "remote" && words.value(i + 1) == "from" && i + 3 >= words.size();
        if (isRemote)
            break;
        if (!date.take(words.at(i)))
            return DateFit::None;
    }
    return date.isWhole() ? DateFit::Whole : DateFit::Part;
}

/// Length of the name before the colon; 0 when no field stands there. Blanks before the colon are RFC
/// 5322 4.5's.
qsizetype nameLength(QByteArrayView line)
{
    qsizetype length = 0;
    while (length < line.size() && line[length] > 32 && line[length] < 127 && line[length] != ':')
        ++length;
    qsizetype colon = length;
    while (colon < line.size() && (line[colon] == ' ' || line[colon] == '\t'))
        ++colon;
    return colon < line.size() && line[colon] == ':' ? length : 0;
}

} // namespace

DividerShape dividerShape(QByteArrayView line)
{
    if (!line.startsWith("From ") || line.size() > longestDivider)
        return DividerShape::None;
    QList<QByteArray> words = line.sliced(5).toByteArray().simplified().split(' ');
    words.removeAll({});
    // The date begins behind the sender, which may be missing, or of some words.
    constexpr qsizetype longestSender = 4; // words
    for (qsizetype from = 0; from < words.size() && from <= longestSender; ++from)
        if (fitOf(words, from) == DateFit::Whole)
            return DividerShape::Dated;
    const bool hasSender = words.value(0).contains('@') || words.value(0) == "-";
    const bool isBare = words.size() <= 1 || (hasSender && fitOf(words, 1) == DateFit::Part);
    return isBare ? DividerShape::Bare : DividerShape::Sentence;
}

bool looksLikeField(QByteArrayView line)
{
    if (line.startsWith(">From ") || dividerShape(line) == DividerShape::Dated)
        return true;
    const qsizetype length = nameLength(line);
    const QByteArray name = line.first(length).toByteArray().toLower();
    return length > 0 && name != "http" && name != "https" && name != "ftp" && name != "mailto";
}

bool looksLikeFirstField(QByteArrayView line)
{
    static constexpr std::array names{"return-path", "received", "delivered-to", "delivery-date",
        "envelope-to", "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id",
        "mime-version", "status", "errors-to", "precedence", "references", "in-reply-to", "dkim-signature",
        "arc-seal", "list-id", "authentication-results", "newsgroups", "path", "lines", "organization",
        "user-agent", "importance"};
    const QByteArray name = line.first(nameLength(line)).toByteArray().toLower();
    return isOneOf(name, names) || name.startsWith("x-") || name.startsWith("content-")
        || name.startsWith("resent-");
}

} // namespace glasspost::mail
