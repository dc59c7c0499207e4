#pragma once

#include "mail/maildir/madefrom.h"
#include "mail/rules/rule.h"
#include "mail/rules/rulemessage.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace glasspost::mail {

/// Why something that a rule asks for is not done. The message is kept then.
enum class RuleProblem {
    None,
    NotKnown, ///< a condition cannot be told of this message, so the rule does not apply
    NoSuchFolder, ///< no folder can have that name
    Loop, ///< forwarded by this mailbox before
    TooManyHops,
    TooManyForwards,
    Failed ///< by the disk or the index, a program, or an address that is none
};

/// One thing that a rule does, or cannot do.
struct RuleDeed
{
    QString rule; ///< its name
    std::optional<RuleAction> action; ///< none: its condition cannot be told
    RuleProblem problem = RuleProblem::None;

    friend bool operator==(const RuleDeed &, const RuleDeed &) = default;
};

/// Where a message is kept.
struct RulePlacement
{
    FolderId folder;
    MessageFlags flags;
    QStringList tags;

    friend bool operator==(const RulePlacement &, const RulePlacement &) = default;
};

/// To whom a message goes on, by which rule. Forward, or Release to one whom it was sent to.
struct RuleForward
{
    QString address;
    QString rule;
    RuleAction::Kind action = RuleAction::Kind::Forward;

    friend bool operator==(const RuleForward &, const RuleForward &) = default;
};

/// A program that is to be run with a message, and the rule that asks for it.
struct RuleProgram
{
    QString rule;
    QStringList command; ///< the program and its arguments; no shell

    friend bool operator==(const RuleProgram &, const RuleProgram &) = default;
};

/// What becomes of a message that comes into one mailbox.
struct RuleVerdict
{
    QList<RulePlacement> placements; ///< empty: it is not kept there
    QList<RuleForward> forwards; ///< each address once
    QList<RuleProgram> programs; ///< it is kept whenever there is one
    QStringList notices; ///< what the window says; empty: the subject
    QList<RuleDeed> deeds; ///< in their order, for the log

    friend bool operator==(const RuleVerdict &, const RuleVerdict &) = default;
};

struct RuleTerms
{
    QByteArray hostName; ///< ours, in the field that tells a loop
    int hopLimit = 50; ///< Received fields of what is forwarded
};
constexpr qsizetype mostForwards = 5; ///< of one message in one mailbox, to addresses that rules name

/// Decides from values alone. Rules that do nothing leave one placement in the Inbox.
RuleVerdict judge(
    const QList<Rule> &rules, RuleReading &reading, const QString &mailbox, const RuleTerms &terms);

/// The folder that a rule of the mailbox names: "Lists/qt" (or with a dot) in the mailbox itself, "/bob" the
/// Inbox of another and "/bob/Lists" a folder there, "INBOX" its own Inbox. Nothing when none can be.
std::optional<FolderId> folderOfRule(const QString &mailbox, const QString &text);

/// Whether any enabled rule asks whether the sender is known, or forwards or releases.
bool asksForKnownSenders(const QList<Rule> &rules);
bool mayForward(const QList<Rule> &rules);
/// What such a rule made the new message from; octets: the original's front. Where that is kept is left to
/// the caller.
MadeFrom madeBy(const RuleForward &forward, const QByteArray &octets);

} // namespace glasspost::mail
