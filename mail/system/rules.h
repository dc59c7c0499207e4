#pragma once

#include "mail/accept/ruleerrands.h"
#include "mail/base/task.h"
#include "mail/rules/rulelog.h"

#include <QObject>

#include <optional>

namespace glasspost::mail {

struct RuleSet
{
    QList<Rule> rules;
    std::optional<Error> fault; ///< why the file could not be read: no rule is in force

    friend bool operator==(const RuleSet &, const RuleSet &) = default;
};

enum class RuleRunMode {
    DryRun, ///< only says what would be done
    Apply
};

/// What rules do with one message that is there already.
struct RuleRunResult
{
    MessageId id; ///< where it was
    QString subject;
    QString sender;
    QList<RuleDeed> deeds;
};

/// The rules of the data folder. Any thread may call; every method returns at once. Signals are emitted on
/// the thread that made the mail system.
class Rules : public QObject
{
    Q_OBJECT
public:
    virtual Task<RuleSet> rules() = 0;
    /// In force for what comes from then on; answers when they are saved. Damaged, and nothing changes, when
    /// one of them could not be read again: an address that is none.
    virtual Task<void> set(const QList<Rule> &rules) = 0;
    /// The newest so many lines of the log, the newest first.
    virtual Task<QList<RuleLogLine>> log(int count) = 0;
    /// Runs rules, these or those in force, over messages that are there, as if each came now: a message that
    /// is kept stays where it is, one that is discarded goes to Trash. Those for which no rule does anything
    /// are left out of the answer, and those that are gone. The answer is an error when anything could not be
    /// done: with the other messages it is done all the same. For a few hundred at a time.
    virtual Task<QList<RuleRunResult>> run(
        const QList<MessageId> &ids, RuleRunMode mode, const std::optional<QList<Rule>> &rules = std::nullopt)
        = 0;

Q_SIGNALS:
    void changed(const glasspost::mail::RuleSet &now);
    void noticed(const glasspost::mail::RuleNotice &notice);
    /// Something that a rule asks for could not be done, or a program failed; the message was kept.
    void failed(const glasspost::mail::RuleLogLine &line);
};

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::RuleSet)
