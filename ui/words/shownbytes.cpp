#include "ui/words/shownbytes.h"

#include <QChar>
#include <QSet>

namespace glasspost::ui {

namespace {

bool isContinuation(uchar octet)
{
    return (octet & 0xC0) == 0x80;
}

// Length of the well-formed UTF-8 sequence at the start (RFC 3629: shortest form, no surrogates), 0 when
// none.
int sequenceLength(QByteArrayView rest)
{
    const auto at = [&](int i) { return i < rest.size() ? static_cast<uchar>(rest[i]) : uchar(0); };
    const uchar first = at(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return isContinuation(at(1)) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const uchar low = first == 0xE0 ? 0xA0 : 0x80;
        const uchar high = first == 0xED ? 0x9F : 0xBF;
        return at(1) >= low && at(1) <= high && isContinuation(at(2)) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const uchar low = first == 0xF0 ? 0x90 : 0x80;
        const uchar high = first == 0xF4 ? 0x8F : 0xBF;
        return at(1) >= low && at(1) <= high && isContinuation(at(2)) && isContinuation(at(3)) ? 4 : 0;
    }
    return 0;
}

char32_t decode(QByteArrayView sequence)
{
    static constexpr uchar masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t point = static_cast<uchar>(sequence[0]) & masks[sequence.size()];
    for (qsizetype i = 1; i < sequence.size(); ++i)
        point = (point << 6) | (static_cast<uchar>(sequence[i]) & 0x3F);
    return point;
}

QString hex(char32_t value, int digits)
{
    return QString::number(value, 16).toUpper().rightJustified(digits, QLatin1Char('0'));
}

QString escapeOf(char32_t point)
{
    if (point == '\t')
        return QStringLiteral("\\t");
    if (point < 0x80)
        return QStringLiteral("\\x") + hex(point, 2);
    if (point < 0x10000)
        return QStringLiteral("\\u") + hex(point, 4);
    return QStringLiteral("\\U") + hex(point, 8);
}

} // namespace

bool isHarmless(char32_t point)
{
    // Joiners are needed to write Persian and Indic scripts and emoji, and reorder nothing.
    if (point == 0x200C || point == 0x200D)
        return true;
    static const QSet<QChar::Category> harmful{QChar::Other_Control, QChar::Other_Format,
        QChar::Other_Surrogate, QChar::Other_PrivateUse, QChar::Other_NotAssigned, QChar::Separator_Line,
        QChar::Separator_Paragraph};
    return point < 0x80 ? point >= 0x20 && point != 0x7F : !harmful.contains(QChar::category(point));
}

ShownBytes shownBytes(QByteArrayView octets)
{
    ShownBytes shown;
    shown.text.reserve(octets.size());
    const auto escape = [&](const QString &text) {
        shown.escapes.append({static_cast<int>(shown.text.size()), static_cast<int>(text.size())});
        shown.text += text;
    };
    while (!octets.isEmpty()) {
        const int length = sequenceLength(octets);
        if (length == 0) {
            escape(QStringLiteral("\\x") + hex(static_cast<uchar>(octets[0]), 2));
            octets = octets.sliced(1);
            continue;
        }
        const char32_t point = decode(octets.first(length));
        if (!isHarmless(point))
            escape(escapeOf(point));
        else
            shown.text += QChar::fromUcs4(point);
        octets = octets.sliced(length);
    }
    return shown;
}

} // namespace glasspost::ui
