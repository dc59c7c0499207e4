#include "app/messages/onetimecodes.h"

#include <QRegularExpression>

namespace glasspost::app {

namespace {

constexpr qsizetype mostCodes = 20;
constexpr qsizetype mostCodeText = 64 * 1024; // characters
constexpr qsizetype longestSearchedLine = 1000;

/// Words that a code is announced with; compounds of theirs count ("passcode", "Bestätigungscode").
bool announces(const QString &line)
{
    static const QRegularExpression words(
        QStringLiteral("code|c[oó]digo|codice|\\bkod\\b|код|コード|代码|验证码|驗證碼|인증"
                       "|\\botp\\b|\\bpin\\b|\\btan\\b|\\b2fa\\b|one.?time|einmal(pass|kenn)|verification "
                       "number"),
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption);
    static const QRegularExpression others(
        QStringLiteral("\\b(zip|postal|post|promo(tion)?|discount|coupon|voucher|country|area|error|status|"
                       "source|dress|sort|bar|qr)[ -]?codes?\\b"),
        QRegularExpression::CaseInsensitiveOption);
    QString rest = line;
    rest.remove(others);
    return words.match(rest).hasMatch();
}

/// Digits alone (4 to 8, or 3 and 3 or 4 and 4 of them), capitals and digits mixed, or two groups of these.
const QRegularExpression &codePattern()
{
    static const QRegularExpression pattern(
        QStringLiteral("(?<![\\w.,:/@#$€£+%=&?-])(?<!\\d )"
                       "(?:(\\d{3}[ -]\\d{3}|\\d{4}[ -]\\d{4})|(\\d{4,8})"
                       "|((?:[A-Z]{1,3}-)?(?=[A-Z]*\\d)[A-Z0-9]{5,10}|(?=[A-Z-]*\\d)[A-Z0-9]{4}-[A-Z0-9]{4}))"
                       "(?![\\w@/%€£]|[-:,.]\\w| ?(?:EUR|USD|€))"));
    return pattern;
}

bool looksLikeYear(const QString &digits)
{
    return digits.size() == 4 && (digits.startsWith(u"19") || digits.startsWith(u"20"));
}

class CodeList
{
public:
    enum class Lines { Alone, Any };
    void addOf(const QString &line, Lines which)
    {
        for (auto found = codePattern().globalMatch(line); found.hasNext() && codes.size() < mostCodes;) {
            const QRegularExpressionMatch match = found.next();
            const bool isAlone = match.captured().size() == line.size();
            QString code = match.captured();
            if (match.hasCaptured(1))
                code.remove(u' ').remove(u'-');
            if ((isAlone || (which == Lines::Any && !looksLikeYear(code))) && !codes.contains(code))
                codes.append(code);
        }
    }

    QStringList codes;
};

} // namespace

QStringList oneTimeCodes(const QString &subject, const QString &text)
{
    CodeList list;
    const bool isInSubject = announces(subject);
    if (isInSubject)
        list.addOf(subject.left(longestSearchedLine).simplified(), CodeList::Lines::Any);
    QStringList lines;
    for (const QString &line : text.left(mostCodeText).split(u'\n')) {
        if (const QString words = line.left(longestSearchedLine).simplified(); !words.isEmpty())
            lines += words;
    }
    QList<bool> announced;
    for (const QString &line : std::as_const(lines))
        announced += announces(line);
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const bool isNear = announced.at(i) || announced.value(i - 1) || announced.value(i - 2)
            || announced.value(i + 1) || isInSubject;
        if (isNear)
            list.addOf(lines.at(i), announced.at(i) ? CodeList::Lines::Any : CodeList::Lines::Alone);
    }
    return list.codes;
}

} // namespace glasspost::app
