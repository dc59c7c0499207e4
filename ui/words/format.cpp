#include "ui/words/format.h"

#include <QCoreApplication>
#include <QLocale>

namespace glasspost::ui {

namespace {

struct FormatWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Format)
};

constexpr qint64 minute = 60;
constexpr qint64 hour = 60 * minute;
constexpr qint64 day = 24 * hour;

} // namespace

QString relativeTime(qint64 seconds, const QDateTime &now)
{
    const QDateTime then = QDateTime::fromSecsSinceEpoch(seconds).toTimeSpec(now.timeSpec());
    const qint64 ago = then.secsTo(now);
    const QLocale locale;
    if (then.date() == now.date() && ago > -minute) {
        if (ago < minute)
            return FormatWords::tr("just now");
        if (ago < hour)
            return FormatWords::tr("%1 min ago").arg(locale.toString(ago / minute));
        return FormatWords::tr("%1 h ago").arg(locale.toString(ago / hour));
    }
    if (then.date() == now.date().addDays(-1))
        return FormatWords::tr("yesterday");
    return locale.toString(then.date(),
        then.date().year() == now.date().year() ? FormatWords::tr("d MMM", "day and month")
                                                : FormatWords::tr("d MMM yyyy", "day, month and year"));
}

QString exactTime(qint64 seconds)
{
    return QLocale().toString(QDateTime::fromSecsSinceEpoch(seconds), QLocale::LongFormat);
}

QString untilText(qint64 milliseconds, const QDateTime &now)
{
    const qint64 left = (milliseconds - now.toMSecsSinceEpoch() + 999) / 1000;
    const QLocale locale;
    if (left <= 0)
        return FormatWords::tr("now");
    if (left < minute)
        return FormatWords::tr("in %1 s").arg(locale.toString(left));
    if (left < hour)
        return FormatWords::tr("in %1 min").arg(locale.toString((left + 30) / minute));
    if (left < 2 * day)
        return FormatWords::tr("in %1 h").arg(locale.toString((left + hour / 2) / hour));
    return FormatWords::tr("in %Ln day(s)", nullptr, int((left + day / 2) / day));
}

QString durationText(qint64 microseconds)
{
    const QLocale locale;
    const qint64 milliseconds = microseconds / 1000;
    if (milliseconds < 1000)
        return FormatWords::tr("%1 ms").arg(locale.toString(milliseconds));
    if (milliseconds < 60 * 1000)
        return FormatWords::tr("%1 s").arg(locale.toString(double(milliseconds) / 1000, 'f', 1));
    const qint64 seconds = milliseconds / 1000;
    if (seconds < hour)
        return FormatWords::tr("%1 min %2 s")
            .arg(locale.toString(seconds / 60), locale.toString(seconds % 60));
    return FormatWords::tr("%1 h %2 min")
        .arg(locale.toString(seconds / hour), locale.toString(seconds % hour / 60));
}

QString sizeText(qint64 octets)
{
    if (octets == 1)
        return FormatWords::tr("1 byte");
    return QLocale().formattedDataSize(octets, 1, QLocale::DataSizeSIFormat);
}

QString countText(qint64 count)
{
    return QLocale().toString(count);
}

} // namespace glasspost::ui
