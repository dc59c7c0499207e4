// rules: what is done with mail as it comes in.
#include "app/commandline/parsers.h"

namespace glasspost::app {

namespace {

struct RulesWord
{
    const char *word;
    RulesInvocation::Action action;
};
constexpr RulesWord rulesWords[]
    = {{"list", RulesInvocation::Action::List}, {"import", RulesInvocation::Action::Import},
        {"export", RulesInvocation::Action::Export}, {"dry-run", RulesInvocation::Action::DryRun},
        {"apply", RulesInvocation::Action::Apply}, {"log", RulesInvocation::Action::Log}};

Parsed<RulesInvocation::Action> rulesAction(const QString &word)
{
    QStringList known;
    for (const RulesWord &one : rulesWords) {
        if (word == QLatin1String(one.word))
            return one.action;
        known += QLatin1String(one.word);
    }
    return refused(QStringLiteral("rules takes one of %1 first, not \"%2\"")
                       .arg(known.join(QStringLiteral(", ")), word));
}

} // namespace

Parsed<Command> parseRules(const Words &words)
{
    using Action = RulesInvocation::Action;
    RulesInvocation rules;
    const auto action = rulesAction(words.operands.value(0));
    if (!action)
        return refused(action.error());
    rules.action = *action;
    rules.format = words.has(QStringLiteral("json")) ? OutputFormat::Json : OutputFormat::Text;
    const QStringList operands = words.operands.mid(1);
    const bool runs = rules.action == Action::DryRun || rules.action == Action::Apply;
    if (runs) {
        rules.query = operands.isEmpty() ? QStringLiteral("in:inbox") : operands.join(u' ');
        rules.file = words.value(QStringLiteral("rules"));
    } else if (rules.action == Action::Import) {
        if (operands.size() != 1 || operands.constFirst().isEmpty())
            return refused(QStringLiteral("rules import takes one FILE, or - for standard input"));
        rules.file = operands.constFirst();
    } else if (!operands.isEmpty()) {
        return refused(QStringLiteral("rules %1 takes no more words, not \"%2\"")
                           .arg(words.operands.constFirst(), operands.constFirst()));
    }
    if (words.has(QStringLiteral("rules")) && (!runs || rules.file.isEmpty()))
        return refused(QStringLiteral("--rules names a file with Sieve, for dry-run and apply"));
    if (words.has(QStringLiteral("limit"))) {
        const auto limit
            = parseNumber(QStringLiteral("--limit"), words.value(QStringLiteral("limit")), 1, 1'000'000);
        if (!limit || rules.action != Action::Log)
            return refused(limit ? QStringLiteral("--limit is for rules log") : limit.error());
        rules.limit = int(*limit);
    }
    return rules;
}

} // namespace glasspost::app
