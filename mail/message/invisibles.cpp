#include "mail/message/invisibles.h"

namespace glasspost::mail {

namespace {

bool isJoiner(QChar c)
{
    return c == QChar(0x200C) || c == QChar(0x200D);
}

bool isLetterPastAscii(const QString &text, qsizetype at)
{
    return at >= 0 && at < text.size() && text.at(at).unicode() > 0x7f && !isInvisible(text.at(at));
}

} // namespace

bool isInvisible(QChar c)
{
    return c.category() == QChar::Other_Format || c == QChar(0x034F) || c == QChar(0x115F)
        || c == QChar(0x3164) || c == QChar(0xFFA0);
}

QString withoutInvisibleEnds(const QString &text)
{
    const auto counts = [&text](qsizetype at) { return !text.at(at).isSpace() && !isInvisible(text.at(at)); };
    qsizetype begin = 0;
    qsizetype end = text.size();
    while (begin < end && !counts(begin))
        ++begin;
    while (end > begin && !counts(end - 1))
        --end;
    return text.mid(begin, end - begin);
}

bool hidesCharacters(const QString &address)
{
    for (qsizetype at = 0; at < address.size(); ++at) {
        const bool joins = isJoiner(address.at(at)) && isLetterPastAscii(address, at - 1)
            && isLetterPastAscii(address, at + 1);
        if (isInvisible(address.at(at)) && !joins)
            return true;
    }
    return false;
}

QString withInvisiblesShown(const QString &text)
{
    QString shown;
    for (const QChar c : text) {
        if (isInvisible(c))
            shown += QStringLiteral("[U+%1]").arg(c.unicode(), 4, 16, QLatin1Char('0')).toUpper();
        else
            shown += c;
    }
    return shown;
}

} // namespace glasspost::mail
