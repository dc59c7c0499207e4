#include "smtp/syntax/deliveryparameters.h"

#include "smtp/syntax/octets.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>

namespace glasspost::smtp {

namespace {

std::optional<qint64> parseNineDigits(QByteArrayView text)
{
    constexpr qsizetype mostDigits = 9;
    if (text.isEmpty() || text.size() > mostDigits || !std::all_of(text.begin(), text.end(), isDigit))
        return {};
    return text.toByteArray().toLongLong();
}

/// 0 in the pattern is a digit, any other octet itself.
bool hasShape(QByteArrayView text, QByteArrayView shape)
{
    return text.size() == shape.size()
        && std::equal(text.begin(), text.end(), shape.begin(),
            [](char c, char wanted) { return wanted == '0' ? isDigit(c) : c == wanted; });
}

/// time-offset = "Z" / ("+" / "-") hour ":" minute, in seconds.
std::optional<int> parseOffset(QByteArrayView text)
{
    if (text == "Z" || text == "z")
        return 0;
    if (!hasShape(text, "+00:00") && !hasShape(text, "-00:00"))
        return {};
    const int hours = text.sliced(1, 2).toByteArray().toInt();
    const int minutes = text.sliced(4, 2).toByteArray().toInt();
    if (hours > 14 || minutes > 59)
        return {};
    const int seconds = hours * 3600 + minutes * 60;
    return text.front() == '-' ? -seconds : seconds;
}

} // namespace

std::optional<DeliverBy> parseDeliverBy(QByteArrayView text)
{
    const qsizetype semicolon = text.indexOf(';');
    if (semicolon <= 0)
        return {};
    QByteArrayView digits = text.first(semicolon);
    const bool isNegative = digits.front() == '-';
    if (isNegative || digits.front() == '+')
        digits = digits.sliced(1);
    const std::optional<qint64> seconds = parseNineDigits(digits);
    const QByteArrayView mode = text.sliced(semicolon + 1);
    const bool isReturn = equalIgnoringCase(mode.first(std::min<qsizetype>(1, mode.size())), "R");
    const bool traces = mode.size() == 2 && toLower(mode.back()) == 't';
    const bool isMode = isReturn || startsWithIgnoringCase(mode, "N");
    if (!seconds || !isMode || (mode.size() != 1 && !traces))
        return {};
    const DeliverBy by{isNegative ? -*seconds : *seconds,
        isReturn ? DeliverBy::Mode::Return : DeliverBy::Mode::Notify, traces};
    if (by.mode == DeliverBy::Mode::Return
        && by.seconds <= 0) // RFC 2852 4: it could only be returned at once
        return {};
    return by;
}

std::optional<qint64> parseHoldFor(QByteArrayView text)
{
    const std::optional<qint64> seconds = parseNineDigits(text);
    return seconds && *seconds > 0 ? seconds : std::nullopt;
}

std::optional<qint64> parseHoldUntil(QByteArrayView text)
{
    constexpr qsizetype dateAndTime = 19; // "2026-11-24T22:00:00"
    if (text.size() <= dateAndTime || toLower(text[10]) != 't')
        return {};
    QByteArray head = text.first(dateAndTime).toByteArray();
    head[10] = 'T';
    QByteArrayView rest = text.sliced(dateAndTime);
    if (rest.front() == '.') { // time-secfrac: finer than we hold
        const auto *end = std::find_if_not(rest.begin() + 1, rest.end(), isDigit);
        if (end == rest.begin() + 1)
            return {};
        rest = rest.sliced(end - rest.begin());
    }
    const std::optional<int> offset = parseOffset(rest);
    if (!offset || !hasShape(head, "0000-00-00T00:00:00"))
        return {};
    const QDateTime when = QDateTime::fromString(QString::fromLatin1(head), Qt::ISODate);
    if (!when.isValid())
        return {};
    const qint64 seconds = QDateTime(when.date(), when.time(), QTimeZone::utc()).toSecsSinceEpoch() - *offset;
    return seconds > 0 ? std::optional(seconds) : std::nullopt;
}

std::optional<int> parsePriority(QByteArrayView text)
{
    const bool isNegative = text.startsWith('-');
    const QByteArrayView digits = isNegative ? text.sliced(1) : text;
    if (digits.size() != 1 || !isDigit(digits.front()) || (isNegative && digits.front() == '0'))
        return {};
    const int value = digits.front() - '0';
    return isNegative ? -value : value;
}

} // namespace glasspost::smtp
