#include "ui/sessions/sessionseries.h"

#include "ui/words/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>

namespace glasspost::ui {

namespace {

struct SeriesWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::SessionSeries)
};

constexpr qint64 perSecond = 1'000'000;
constexpr qint64 perMinute = 60 * perSecond;
constexpr qint64 perHour = 60 * perMinute;
constexpr qint64 perDay = 24 * perHour;
constexpr std::array steps{
    perSecond, 10 * perSecond, perMinute, 10 * perMinute, perHour, 6 * perHour, perDay, 7 * perDay};

qint64 stepFor(qint64 span)
{
    for (const qint64 step : steps) {
        if (span / step + 2 <= mostBuckets)
            return step;
    }
    return (span / mostBuckets / steps.back() + 1) * steps.back();
}

QString stepText(qint64 step)
{
    if (step >= perDay)
        return step == perDay ? SeriesWords::tr("1 day") : SeriesWords::tr("%1 days").arg(step / perDay);
    if (step >= perHour)
        return SeriesWords::tr("%1 h").arg(step / perHour);
    return step >= perMinute ? SeriesWords::tr("%1 min").arg(step / perMinute)
                             : SeriesWords::tr("%1 s").arg(step / perSecond);
}

void count(SessionBucket &bucket, const smtp::SessionFacts &facts)
{
    const int recipients = facts.refusedRecipients + facts.deferredRecipients;
    const bool wasRefused = facts.outcome == smtp::SessionOutcome::Refused;
    ++bucket.sessions;
    bucket.messages += facts.messages;
    bucket.octets += facts.octets;
    bucket.refusals += std::max(recipients, wasRefused ? 1 : 0);
}

qint64 medianOf(QList<qint64> &durations)
{
    if (durations.isEmpty())
        return -1;
    const auto middle = durations.begin() + durations.size() / 2;
    std::nth_element(durations.begin(), middle, durations.end());
    return *middle;
}

} // namespace

SessionSeries sessionSeries(const std::deque<smtp::SessionFacts> &sessions, qint64 now)
{
    SessionSeries series;
    qint64 oldest = now;
    bool hasAny = false;
    for (const smtp::SessionFacts &facts : sessions) {
        if (facts.startedAt > 0) {
            oldest = std::min(oldest, facts.startedAt);
            hasAny = true;
        }
    }
    if (!hasAny)
        return series;
    series.step = stepFor(now - oldest);
    const qint64 first = oldest / series.step * series.step;
    const qint64 last = std::min<qint64>((now - first) / series.step, mostBuckets - 1);
    series.buckets.resize(last + 1);
    for (qint64 i = 0; i <= last; ++i)
        series.buckets[i].from = first + i * series.step;
    QList<QList<qint64>> durations(series.buckets.size());
    for (const smtp::SessionFacts &facts : sessions) {
        if (facts.startedAt <= 0)
            continue;
        const qint64 place = std::clamp<qint64>((facts.startedAt - first) / series.step, 0, last);
        count(series.buckets[place], facts);
        if (facts.endedAt >= facts.startedAt)
            durations[place].append(facts.endedAt - facts.startedAt);
    }
    for (qint64 i = 0; i <= last; ++i)
        series.buckets[i].latency = medianOf(durations[i]);
    return series;
}

QString seriesTitle(SeriesValue value)
{
    switch (value) {
    case SeriesValue::Sessions:
        return SeriesWords::tr("Sessions");
    case SeriesValue::Messages:
        return SeriesWords::tr("Messages");
    case SeriesValue::Refusals:
        return SeriesWords::tr("Refusals");
    case SeriesValue::Octets:
        return SeriesWords::tr("Size");
    case SeriesValue::Latency:
        return SeriesWords::tr("Median duration");
    }
    return {};
}

qint64 seriesValue(const SessionBucket &bucket, SeriesValue value)
{
    switch (value) {
    case SeriesValue::Sessions:
        return bucket.sessions;
    case SeriesValue::Messages:
        return bucket.messages;
    case SeriesValue::Refusals:
        return bucket.refusals;
    case SeriesValue::Octets:
        return bucket.octets;
    case SeriesValue::Latency:
        return std::max<qint64>(0, bucket.latency);
    }
    return 0;
}

QString seriesValueText(qint64 amount, SeriesValue value)
{
    if (value == SeriesValue::Octets)
        return sizeText(amount);
    return value == SeriesValue::Latency ? durationText(amount) : countText(amount);
}

QString bucketText(const SessionSeries &series, int bucket)
{
    if (bucket < 0 || bucket >= series.buckets.size())
        return {};
    const SessionBucket &shown = series.buckets[bucket];
    const QDateTime from = QDateTime::fromMSecsSinceEpoch(shown.from / 1000);
    const bool isLong = series.step >= perDay;
    QStringList parts;
    for (int i = 0; i < seriesValues; ++i) {
        const auto value = SeriesValue(i);
        if (value == SeriesValue::Latency && shown.latency < 0)
            continue; // no session ended
        parts << SeriesWords::tr("%1: %2", "name and value")
                     .arg(seriesTitle(value), seriesValueText(seriesValue(shown, value), value));
    }
    const QString begin = isLong ? QLocale().toString(from.date(), QLocale::ShortFormat)
                                 : QLocale().toString(from, QLocale::ShortFormat);
    return SeriesWords::tr("From %1, for %2: %3")
        .arg(begin, stepText(series.step), parts.join(QStringLiteral(", ")));
}

} // namespace glasspost::ui
