#include "ui/message/whyslow.h"

#include "ui/words/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <optional>

namespace glasspost::ui {

namespace {

constexpr qint64 slowAfter = 60 * oneSecond;

struct SlowWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::WhySlow)
};

/// When the last recipient's server took it, in microseconds since the Unix epoch; 0 when that is not known.
qint64 takenAt(const mail::QueueEntry &entry)
{
    qint64 last = 0;
    for (const mail::QueueRecipient &one : entry.recipients) {
        const auto report = one.lastReport();
        last = std::max(last, report ? report->at : 0);
    }
    return last;
}

/// One that was held when it came is released before anybody holds it.
bool cameHeld(const mail::Journey &journey)
{
    for (const mail::JourneyEvent &event : journey.events) {
        if (std::holds_alternative<mail::Held>(event.what))
            return false;
        if (std::holds_alternative<mail::Released>(event.what))
            return true;
    }
    return false;
}

/// How long a person held it meanwhile, in microseconds, as the times are.
qint64 heldWithin(const mail::Journey &journey, qint64 from, qint64 to)
{
    qint64 held = 0;
    std::optional<qint64> since = cameHeld(journey) ? std::optional(from) : std::nullopt;
    for (const mail::JourneyEvent &event : journey.events) {
        const qint64 at = std::clamp(event.at * oneMillisecond, from, std::max(from, to));
        if (std::holds_alternative<mail::Held>(event.what)) {
            since = since.value_or(at);
        } else if (since && std::holds_alternative<mail::Released>(event.what)) {
            held += at - *since;
            since.reset();
        }
    }
    return held;
}

QString longestStage(const QList<WaterfallRow> &rows)
{
    const WaterfallRow *longest = nullptr;
    for (const WaterfallRow &row : rows) {
        if (row.kind == WaterfallRow::Kind::Stage
            && (longest == nullptr || row.to - row.from > longest->to - longest->from))
            longest = &row;
    }
    if (longest == nullptr)
        return {};
    return u' '
        + SlowWords::tr("The longest stage was “%1” in attempt %2: %3.")
              .arg(longest->label, QString::number(longest->attempt),
                  durationText(longest->to - longest->from));
}

} // namespace

QString whySlow(const mail::Journey &journey, const QList<WaterfallRow> &rows)
{
    const mail::QueueEntry &entry = journey.entry;
    const qint64 due = std::max(entry.queuedAt, entry.notBefore) * oneMillisecond;
    const qint64 held = heldWithin(journey, due, takenAt(entry));
    const qint64 took = takenAt(entry) - due - held;
    if (!entry.isDone() || took < slowAfter)
        return {};
    QString words = held > 0
        ? SlowWords::tr("It was delivered %1 after it was due, not counting the %2 for which it was held.")
              .arg(durationText(took), durationText(held))
        : SlowWords::tr("It was delivered %1 after it was due.").arg(durationText(took));
    if (const int attempts = rows.isEmpty() ? 0 : rows.last().attempt; attempts > 1)
        words += u' ' + SlowWords::tr("It took %1 attempts.").arg(attempts);
    return words + longestStage(rows);
}

} // namespace glasspost::ui
