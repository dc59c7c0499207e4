#include "ui/message/textlines.h"

namespace glasspost::ui {

namespace {

constexpr qsizetype longestLaidOut = 500;
constexpr qsizetype mostMarksLaidOut = 64;

} // namespace

qsizetype laidOutLength(QStringView text)
{
    qsizetype marks = 0;
    for (qsizetype i = 0; i < qMin(longestLaidOut, text.size()); ++i) {
        if (text[i] == u'\n')
            return i;
        marks = text[i].isMark() ? marks + 1 : 0;
        if (marks > mostMarksLaidOut)
            return i;
    }
    const qsizetype length = qMin(longestLaidOut, text.size());
    return length < text.size() && text[length - 1].isHighSurrogate() ? length - 1 : length;
}

} // namespace glasspost::ui
