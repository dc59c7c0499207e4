#include "mail/pop3/pop3command.h"

#include "smtp/syntax/octets.h"

#include <algorithm>
#include <array>

namespace glasspost::mail {

namespace {

constexpr std::array pop3Keywords{"USER", "PASS", "AUTH", "STLS", "CAPA", "STAT", "LIST", "RETR", "DELE",
    "NOOP", "RSET", "TOP", "UIDL", "QUIT"};
static_assert(pop3Keywords.size() == static_cast<std::size_t>(Pop3Verb::Unknown));

Pop3Verb pop3VerbOf(QByteArrayView word)
{
    const auto *found = std::find_if(pop3Keywords.begin(), pop3Keywords.end(),
        [word](const char *keyword) { return smtp::equalIgnoringCase(word, keyword); });
    return static_cast<Pop3Verb>(found - pop3Keywords.begin());
}

/// More digits than any number here has are none.
std::optional<qint64> pop3NumberOf(QByteArrayView text)
{
    constexpr qsizetype mostDigits = 18; // what 64 bits surely hold
    const bool isNumber = !text.isEmpty() && text.size() <= mostDigits
        && std::all_of(text.begin(), text.end(), smtp::isDigit);
    return isNumber ? std::optional(text.toByteArray().toLongLong()) : std::nullopt;
}

} // namespace

Pop3Command parsePop3Command(QByteArrayView line)
{
    const qsizetype blank = line.indexOf(' ');
    if (blank < 0)
        return {pop3VerbOf(line), {}};
    return {pop3VerbOf(line.first(blank)), line.sliced(blank + 1).toByteArray()};
}

std::optional<Pop3Numbers> parsePop3Numbers(QByteArrayView argument)
{
    while (argument.endsWith(' '))
        argument.chop(1);
    const qsizetype blank = argument.indexOf(' ');
    const auto first = pop3NumberOf(blank < 0 ? argument : argument.first(blank));
    if (!first)
        return std::nullopt;
    if (blank < 0)
        return Pop3Numbers{*first, std::nullopt};
    const auto second = pop3NumberOf(argument.sliced(blank + 1));
    return second ? std::optional(Pop3Numbers{*first, second}) : std::nullopt;
}

} // namespace glasspost::mail
