#include "mail/message/mime.h"

#include <QDate>
#include <QList>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestDate = 200; // octets that are looked at

/// RFC 5322 3.2.2: comments, which may be nested, count as a blank.
QByteArray withoutComments(const QByteArray &text)
{
    if (!text.contains('('))
        return text;
    QByteArray result;
    int depth = 0;
    for (const char c : text) {
        if (c == '(')
            ++depth;
        if (depth == 0)
            result += c;
        else if (c == ')' && --depth == 0)
            result += ' ';
    }
    return result;
}

/// A run of letters or of digits, and the sign or colon before it.
struct DateWord
{
    QByteArrayView text; ///< in small letters
    char before = ' ';

    [[nodiscard]] bool isNumber() const { return text.front() >= '0' && text.front() <= '9'; }
    [[nodiscard]] int number() const { return text.size() > 9 ? -1 : text.toInt(); }
};

/// The words lie within the text, which is in small letters.
QList<DateWord> dateWords(QByteArrayView text)
{
    QList<DateWord> words;
    words.reserve(12); // "Mon, 2 Jan 2006 15:04:05 -0700" has nine
    char before = ' ';
    bool goesOn = false;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool isDigit = c >= '0' && c <= '9';
        const bool isLetter = c >= 'a' && c <= 'z';
        if (!isDigit && !isLetter) {
            before = c == ' ' || c == '\t' ? before : c;
            goesOn = false;
            continue;
        }
        if (!goesOn || words.constLast().isNumber() != isDigit)
            words.append({text.sliced(at, 0), std::exchange(before, ' ')});
        QByteArrayView &word = words.last().text;
        word = QByteArrayView(word.data(), word.size() + 1);
        goesOn = true;
    }
    return words;
}

/// The month that a word names by its first three letters, 1 to 12; 0 when none does.
int monthOf(QByteArrayView word)
{
    static constexpr QByteArrayView months("janfebmaraprmayjunjulaugsepoctnovdec");
    const qsizetype at = word.size() < 3 ? -1 : months.indexOf(word.first(3));
    return at >= 0 && at % 3 == 0 ? int(at / 3) + 1 : 0;
}

/// RFC 5322 4.3 in minutes. Every other name counts as -0000, single letters too.
int zoneOf(QByteArrayView name)
{
    static constexpr struct
    {
        const char *name;
        int hours;
    } zones[] = {{"edt", -4}, {"est", -5}, {"cdt", -5}, {"cst", -6}, {"mdt", -6}, {"mst", -7}, {"pdt", -7},
        {"pst", -8}};
    const auto zone = std::find_if(
        std::begin(zones), std::end(zones), [&name](const auto &known) { return name == known.name; });
    return zone == std::end(zones) ? 0 : zone->hours * 60;
}

/// RFC 5322 4.3.
int fullYear(const DateWord &word)
{
    const int year = word.number();
    return word.text.size() == 2 ? year + (year < 50 ? 2000 : 1900)
        : word.text.size() == 3  ? year + 1900
                                 : year;
}

/// Reads the words in whatever order they are: RFC 5322's, ctime's, ISO 8601's.
class DateReader
{
public:
    explicit DateReader(const QByteArray &text) : m_text(text.toLower()), m_words(dateWords(m_text)) { }

    std::optional<qint64> read()
    {
        for (m_at = 0; m_at < m_words.size(); ++m_at)
            take(m_words.at(m_at));
        const QDate date(m_year, m_month, m_day);
        const bool isTime = m_hour >= 0 && m_hour < 24 && m_minute >= 0 && m_minute < 60 && m_second >= 0
            && m_second <= 60; // 60: a leap second
        if (!date.isValid() || !isTime)
            return std::nullopt;
        const qint64 days = QDate(1970, 1, 1).daysTo(date);
        return ((days * 24 + m_hour) * 60 + m_minute - m_zone) * 60 + m_second;
    }

private:
    void take(const DateWord &word)
    {
        if (!word.isNumber())
            takeName(word.text);
        else if (m_hasTime && (word.before == '+' || word.before == '-'))
            takeZone(word);
        else if (!m_hasTime && nextIsBehind(':'))
            takeTime(word);
        else if (word.text.size() >= 4 && m_month == 0 && nextIsBehind('-'))
            takeIsoDate(word);
        else if (m_day == 0)
            m_day = word.number();
        else if (m_year == 0)
            m_year = fullYear(word);
    }

    [[nodiscard]] bool nextIsBehind(char c) const
    {
        return m_at + 1 < m_words.size() && m_words.at(m_at + 1).before == c
            && m_words.at(m_at + 1).isNumber();
    }

    void takeName(QByteArrayView name)
    {
        const bool isHalf = m_hasTime && (name == "am" || name == "pm");
        if (isHalf)
            m_hour = m_hour % 12 + (name == "pm" ? 12 : 0);
        else if (const int month = monthOf(name); month > 0 && m_month == 0)
            m_month = month;
        else if (m_hasTime && !m_hasZone)
            setZone(zoneOf(name));
    }

    void takeTime(const DateWord &hour)
    {
        m_hasTime = true;
        m_hour = hour.number();
        m_minute = m_words.at(++m_at).number();
        if (nextIsBehind(':'))
            m_second = m_words.at(++m_at).number();
        if (nextIsBehind('.'))
            ++m_at; // a fraction
    }

    /// "+0100", "+01:00", "+01".
    void takeZone(const DateWord &word)
    {
        const int number = word.number();
        int minutes = word.text.size() > 2 ? number / 100 * 60 + number % 100 : number * 60;
        if (word.text.size() <= 2 && nextIsBehind(':'))
            minutes += m_words.at(++m_at).number();
        setZone(word.before == '-' ? -minutes : minutes);
    }

    void setZone(int minutes)
    {
        m_zone = minutes;
        m_hasZone = true;
    }

    void takeIsoDate(const DateWord &year)
    {
        m_year = year.number();
        m_month = m_words.at(++m_at).number();
        if (nextIsBehind('-'))
            m_day = m_words.at(++m_at).number();
    }

    const QByteArray m_text;
    const QList<DateWord> m_words;
    qsizetype m_at = 0;
    int m_year = 0, m_month = 0, m_day = 0;
    int m_hour = 0, m_minute = 0, m_second = 0;
    int m_zone = 0; ///< minutes east of UTC
    bool m_hasTime = false;
    bool m_hasZone = false;
};

} // namespace

qint64 decodedDate(const QByteArray &value)
{
    return DateReader(withoutComments(value.left(longestDate))).read().value_or(0);
}

} // namespace glasspost::mail
