#include "mail/index/indexedtext.h"

#include <QChar>

#include <algorithm>
#include <array>

namespace glasspost::mail {

namespace {

constexpr QChar zeroWidthSpace(0x200B);
constexpr char16_t firstOfConcern = 0xA6; // the first symbol that is no ASCII
constexpr char16_t firstWide = 0x2E80; // East Asian characters and surrogates

bool standsAlone(char32_t character)
{
    constexpr std::array scripts = {QChar::Script_Han, QChar::Script_Hiragana, QChar::Script_Katakana,
        QChar::Script_Bopomofo, QChar::Script_Hangul, QChar::Script_Yi, QChar::Script_Thai, QChar::Script_Lao,
        QChar::Script_Khmer, QChar::Script_Myanmar, QChar::Script_Tibetan, QChar::Script_Javanese,
        QChar::Script_Balinese};
    constexpr std::array<char32_t, 4> shared = {0x3005, 0x3006, 0x3007, 0x30FC}; // of Han, Hiragana, Katakana
    return QChar::category(character) == QChar::Symbol_Other
        || std::find(scripts.cbegin(), scripts.cend(), QChar::script(character)) != scripts.cend()
        || std::find(shared.cbegin(), shared.cend(), character) != shared.cend();
}

} // namespace

QString indexedText(const QString &text)
{
    const auto isOfConcern = [](QChar c) { return c.unicode() >= firstOfConcern; };
    if (std::none_of(text.cbegin(), text.cend(), isOfConcern))
        return text;
    const bool hasWide
        = std::any_of(text.cbegin(), text.cend(), [](QChar c) { return c.unicode() >= firstWide; });
    const QString source = hasWide ? text.normalized(QString::NormalizationForm_KC) : text;
    QString indexed;
    indexed.reserve(source.size() * (hasWide ? 2 : 1));
    for (qsizetype at = 0; at < source.size(); ++at) {
        const bool isPair
            = source[at].isHighSurrogate() && at + 1 < source.size() && source[at + 1].isLowSurrogate();
        const char32_t character
            = isPair ? QChar::surrogateToUcs4(source[at], source[at + 1]) : char32_t(source[at].unicode());
        const bool isAlone = character >= firstOfConcern && standsAlone(character);
        if (isAlone && !indexed.isEmpty() && indexed.back() != zeroWidthSpace)
            indexed += zeroWidthSpace;
        indexed += source[at];
        if (isPair)
            indexed += source[++at];
        if (isAlone)
            indexed += zeroWidthSpace;
    }
    return indexed;
}

QString readableText(QString indexed)
{
    return indexed.remove(zeroWidthSpace);
}

} // namespace glasspost::mail
