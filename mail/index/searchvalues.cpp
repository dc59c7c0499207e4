#include "mail/index/searchvalues.h"

#include <QRegularExpression>

#include <algorithm>

namespace glasspost::mail {

namespace {

std::optional<SearchDays> day(const QDate &date)
{
    if (!date.isValid() || date.year() < 1 || date.year() > 9998)
        return {};
    return SearchDays{date, date.addDays(1)};
}

/// "7d" and the like, which is a day.
std::optional<SearchDays> readAge(const QString &text, const QDate &today)
{
    static const QRegularExpression form(
        QStringLiteral("^([0-9]{1,4})([dwmy])$"), QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return {};
    const int count = match.capturedView(1).toInt();
    switch (match.captured(2).toLower().at(0).unicode()) {
    case u'd':
        return day(today.addDays(-count));
    case u'w':
        return day(today.addDays(-7 * count));
    case u'm':
        return day(today.addMonths(-count));
    default:
        return day(today.addYears(-count));
    }
}

std::optional<SearchDays> readCalendar(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("^([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?$"));
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return {};
    const int year = match.capturedView(1).toInt(), month = match.capturedView(2).toInt();
    if (match.hasCaptured(3))
        return day(QDate(year, month, match.capturedView(3).toInt()));
    const QDate first(year, match.hasCaptured(2) ? month : 1, 1);
    if (!day(first))
        return {};
    return SearchDays{first, match.hasCaptured(2) ? first.addMonths(1) : first.addYears(1)};
}

std::optional<SearchDays> readOne(const QString &text, const QDate &today)
{
    if (text.compare(QLatin1String("today"), Qt::CaseInsensitive) == 0)
        return day(today);
    if (text.compare(QLatin1String("yesterday"), Qt::CaseInsensitive) == 0)
        return day(today.addDays(-1));
    const auto age = readAge(text, today);
    return age ? age : readCalendar(text);
}

} // namespace

std::optional<SearchDays> readDays(const QString &text, const QDate &today)
{
    const qsizetype dots = text.indexOf(QLatin1String(".."));
    if (dots < 0)
        return readOne(text, today);
    const QString from = text.left(dots), to = text.sliced(dots + 2);
    const auto first = readOne(from, today), last = readOne(to, today);
    if ((!first && !from.isEmpty()) || (!last && !to.isEmpty()) || (!first && !last))
        return {};
    return SearchDays{first ? first->first : QDate(), last ? last->end : QDate()};
}

std::optional<qint64> readSize(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("^([0-9]{1,12}(?:\\.[0-9]{1,6})?) ?([kmg]?)b?$"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return {};
    const QString unit = match.captured(2).toLower();
    const double factor = unit.isEmpty() ? 1 : unit == u"k" ? 1e3 : unit == u"m" ? 1e6 : 1e9;
    return qRound64(std::min(match.capturedView(1).toDouble() * factor, 9e18));
}

} // namespace glasspost::mail
