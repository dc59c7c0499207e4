#include "smtp/syntax/enhancedstatuscode.h"

namespace glasspost::smtp {

namespace {

/// 1*3digit without a leading zero (RFC 3463 2); -1 when it is something else.
int smallNumber(QByteArrayView digits)
{
    if (digits.isEmpty() || digits.size() > 3 || (digits.size() > 1 && digits.front() == '0'))
        return -1;
    int value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

} // namespace

QByteArray EnhancedStatusCode::toBytes() const
{
    if (isNull())
        return {};
    QByteArray text;
    text.reserve(12);
    for (const int number : {statusClass, subject, detail}) {
        if (!text.isEmpty())
            text.append('.');
        if (number >= 10)
            text.append(QByteArray::number(number));
        else
            text.append(char('0' + number)); // nearly always: no need for a QByteArray of each
    }
    return text;
}

std::optional<EnhancedStatusCode> EnhancedStatusCode::parse(QByteArrayView text)
{
    const qsizetype first = text.indexOf('.');
    const qsizetype second = first < 0 ? -1 : text.indexOf('.', first + 1);
    if (second < 0)
        return {};
    const EnhancedStatusCode code{.statusClass = smallNumber(text.first(first)),
        .subject = smallNumber(text.sliced(first + 1, second - first - 1)),
        .detail = smallNumber(text.sliced(second + 1))};
    const bool knownClass = code.statusClass == 2 || code.statusClass == 4 || code.statusClass == 5;
    if (!knownClass || code.subject < 0 || code.detail < 0)
        return {};
    return code;
}

} // namespace glasspost::smtp
