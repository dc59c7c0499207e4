#include "mail/system/arrivalmoment.h"

#include <QByteArray>

#include <chrono>

namespace glasspost::mail {

namespace {

constexpr qint64 second = 1'000'000; // microseconds
constexpr qsizetype mostDigits = 15;

/// The digits at the front, taken off; nothing where there are none or too many.
std::optional<qint64> takeNumber(QByteArrayView &text)
{
    qsizetype end = 0;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9')
        ++end;
    if (end == 0 || end > mostDigits)
        return {};
    const qint64 number = text.first(end).toByteArray().toLongLong();
    text = text.sliced(end);
    return number;
}

std::optional<qint64> takeNumber(QByteArrayView &text, char mark)
{
    if (!text.startsWith(mark))
        return {};
    text = text.sliced(1);
    return takeNumber(text);
}

} // namespace

ArrivalMoment ArrivalMoment::now()
{
    using namespace std::chrono;
    return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count(), 0};
}

std::optional<ArrivalMoment> arrivalMoment(QByteArrayView uniqueName)
{
    constexpr qint64 lastYear9999 = 253'402'300'799; // seconds
    const auto seconds = takeNumber(uniqueName);
    if (!seconds || *seconds > lastYear9999 || !uniqueName.startsWith('.'))
        return {};
    uniqueName = uniqueName.sliced(1);
    const auto micros = takeNumber(uniqueName, 'M');
    if (!micros || *micros >= second)
        return ArrivalMoment{*seconds * second + second - 1, 0};
    takeNumber(uniqueName, 'P');
    return ArrivalMoment{*seconds * second + *micros, quint64(takeNumber(uniqueName, 'Q').value_or(0))};
}

} // namespace glasspost::mail
