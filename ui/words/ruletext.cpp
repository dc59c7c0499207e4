#include "ui/words/ruletext.h"

#include <QCoreApplication>

namespace glasspost::ui {

namespace {

struct RuleText
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::RuleText)
};

QString ruleActionText(const mail::RuleAction &action)
{
    using Do = mail::RuleAction::Kind;
    const QString words = action.words.join(u' ');
    switch (action.kind) {
    case Do::Keep:
        return RuleText::tr("keep in the Inbox");
    case Do::File:
        return (action.isCopy ? RuleText::tr("copy to %1") : RuleText::tr("move to %1")).arg(action.text);
    case Do::Forward:
        return (action.isCopy ? RuleText::tr("forward a copy to %1") : RuleText::tr("forward to %1"))
            .arg(action.text);
    case Do::Release:
        return RuleText::tr("release to recipients like %1").arg(words);
    case Do::Discard:
        return RuleText::tr("discard");
    case Do::AddFlags:
        return RuleText::tr("add %1", "flags and tags").arg(words);
    case Do::SetFlags:
        return RuleText::tr("set %1", "flags and tags").arg(words);
    case Do::RemoveFlags:
        return RuleText::tr("remove %1", "flags and tags").arg(words);
    case Do::Program:
        return RuleText::tr("run %1").arg(words);
    case Do::Notify:
        return RuleText::tr("show a notice");
    case Do::Stop:
        return RuleText::tr("stop");
    }
    return {};
}

} // namespace

QString ruleProblemText(mail::RuleProblem problem)
{
    using Problem = mail::RuleProblem;
    switch (problem) {
    case Problem::None:
        return {};
    case Problem::NotKnown:
        return RuleText::tr("not applied: its condition cannot be determined for this message");
    case Problem::NoSuchFolder:
        return RuleText::tr("no folder can have that name");
    case Problem::Loop:
        return RuleText::tr("it was forwarded from here before");
    case Problem::TooManyHops:
        return RuleText::tr("it has passed too many servers");
    case Problem::TooManyForwards:
        return RuleText::tr("it is forwarded to too many addresses");
    case Problem::Failed:
        return RuleText::tr("it failed");
    }
    return {};
}

QString ruleDeedText(const mail::RuleDeed &deed)
{
    const QString problem = ruleProblemText(deed.problem);
    if (!deed.action)
        return RuleText::tr("%1: %2", "name of a rule, what is wrong").arg(deed.rule, problem);
    const QString action = ruleActionText(*deed.action);
    return problem.isEmpty() ? RuleText::tr("%1: %2", "name of a rule, what it does").arg(deed.rule, action)
                             : RuleText::tr("%1: %2 (%3)", "name of a rule, what it does, what is wrong")
                                   .arg(deed.rule, action, problem);
}

QString ruleLineText(const mail::RuleLogLine &line)
{
    const auto action = mail::actionOf(line);
    return action || line.problem != mail::RuleProblem::None ? ruleDeedText({line.rule, action, line.problem})
                                                             : QString();
}

QString ruleFailureText(const mail::RuleLogLine &line)
{
    const QString said = line.output.section(u'\n', 0, 0).simplified();
    const QString why = said.isEmpty() ? ruleProblemText(line.problem) : said;
    const QString subject = line.subject.isEmpty() ? RuleText::tr("(no subject)") : line.subject;
    return line.rule.isEmpty()
        ? RuleText::tr("A rule failed for “%1”, which was kept: %2").arg(subject, why)
        : RuleText::tr("The rule “%1” failed for “%2”, which was kept: %3").arg(line.rule, subject, why);
}

} // namespace glasspost::ui
