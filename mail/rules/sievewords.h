#pragma once

#include "mail/rules/rule.h"

#include <QLatin1String>

namespace glasspost::mail {

/// The words of Sieve that reading and writing share.
template <typename Value> struct SieveWord
{
    QLatin1String word;
    Value value;
};

inline constexpr SieveWord<RuleTest::Match> sieveMatches[]
    = {{QLatin1String("is"), RuleTest::Match::Is}, {QLatin1String("contains"), RuleTest::Match::Contains},
        {QLatin1String("matches"), RuleTest::Match::Matches}};
inline constexpr SieveWord<RuleTest::Part> sieveParts[]
    = {{QLatin1String("all"), RuleTest::Part::All}, {QLatin1String("localpart"), RuleTest::Part::LocalPart},
        {QLatin1String("domain"), RuleTest::Part::Domain}};
inline constexpr SieveWord<RuleTest::Comparator> sieveComparators[]
    = {{QLatin1String("i;ascii-casemap"), RuleTest::Comparator::AsciiCasemap},
        {QLatin1String("i;unicode-casemap"), RuleTest::Comparator::UnicodeCasemap},
        {QLatin1String("i;octet"), RuleTest::Comparator::Octet}};
inline constexpr SieveWord<RuleAction::Kind> sieveFlagCommands[]
    = {{QLatin1String("addflag"), RuleAction::Kind::AddFlags},
        {QLatin1String("setflag"), RuleAction::Kind::SetFlags},
        {QLatin1String("removeflag"), RuleAction::Kind::RemoveFlags}};

/// The method of enotify by which the window tells it.
inline constexpr char windowNotification[] = "glasspost:window";

template <typename Value, size_t size>
const SieveWord<Value> *sieveWord(const SieveWord<Value> (&words)[size], QStringView word)
{
    for (const SieveWord<Value> &one : words) {
        if (word == one.word)
            return &one;
    }
    return nullptr;
}

template <typename Value, size_t size>
QLatin1String sieveWord(const SieveWord<Value> (&words)[size], Value value)
{
    for (const SieveWord<Value> &one : words) {
        if (one.value == value)
            return one.word;
    }
    return {};
}

} // namespace glasspost::mail
