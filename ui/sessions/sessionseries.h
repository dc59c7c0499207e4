#pragma once

#include "smtp/session/transcript.h"

#include <QList>
#include <QString>

#include <deque>

namespace glasspost::ui {

/// What happened in one stretch of time, of the sessions that began in it.
struct SessionBucket
{
    qint64 from = 0; ///< microseconds since the Unix epoch
    int sessions = 0;
    int messages = 0; ///< accepted
    int refusals = 0; ///< recipients refused or deferred, or sessions refused before there were any
    qint64 octets = 0; ///< of the messages
    qint64 latency = -1; ///< median duration of the sessions that ended, microseconds; -1 for none

    friend bool operator==(const SessionBucket &, const SessionBucket &) = default;
};

/// Sessions over time: a bucket for each step from the oldest session to now, 60 at most.
struct SessionSeries
{
    qint64 step = 0; ///< microseconds
    QList<SessionBucket> buckets;
};

constexpr int mostBuckets = 60;

/// The steps are round ones, from a second to weeks. Sessions without a time are left out, and those from the
/// future are in the last bucket.
SessionSeries sessionSeries(const std::deque<smtp::SessionFacts> &sessions, qint64 now);

/// A sentence: "12 Nov 2026 10:02, 1 minute: 3 sessions, 2 messages, ..."
QString bucketText(const SessionSeries &series, int bucket);

/// The five values that are drawn, in this order.
enum class SeriesValue { Sessions, Messages, Refusals, Octets, Latency };
constexpr int seriesValues = 5;
QString seriesTitle(SeriesValue value);
/// 0 where there is none.
qint64 seriesValue(const SessionBucket &bucket, SeriesValue value);
QString seriesValueText(qint64 amount, SeriesValue value);

} // namespace glasspost::ui
