#include "mail/settings/capturerule.h"

#include <algorithm>
#include <iterator>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestFieldName = 76; // a line of RFC 5322 2.1.1 with its colon and a blank
const QString headerPrefix = QStringLiteral("header:");

struct RuleWord
{
    CaptureRule::By by;
    const char *word;
};
constexpr RuleWord ruleWords[] = {{CaptureRule::By::Binding, "binding"}, {CaptureRule::By::SignIn, "sign-in"},
    {CaptureRule::By::Domain, "domain"}, {CaptureRule::By::Tag, "tag"}, {CaptureRule::By::Client, "client"}};

} // namespace

std::optional<CaptureRule> captureRuleFrom(const QString &words)
{
    if (words.startsWith(headerPrefix)) {
        const CaptureRule rule{CaptureRule::By::Header, words.mid(headerPrefix.size())};
        return isFieldName(rule.field) ? std::optional(rule) : std::nullopt;
    }
    for (const RuleWord &known : ruleWords) {
        if (words == QLatin1String(known.word))
            return CaptureRule{known.by, {}};
    }
    return std::nullopt;
}

QString wordsOf(const CaptureRule &rule)
{
    if (rule.by == CaptureRule::By::Header)
        return headerPrefix + rule.field;
    const auto *known = std::find_if(std::begin(ruleWords), std::end(ruleWords),
        [&rule](const RuleWord &one) { return one.by == rule.by; });
    return QLatin1String(known->word);
}

bool isFieldName(const QString &name)
{
    return !name.isEmpty() && name.size() <= longestFieldName
        && std::all_of(name.begin(), name.end(),
            [](QChar c) { return c.unicode() > ' ' && c.unicode() < 0x7F && c != u':'; });
}

} // namespace glasspost::mail
