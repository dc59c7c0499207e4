#pragma once

#include "mail/rules/rulelog.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace glasspost::mail {

/// What rules want done with a message once it is kept, beside the transaction that keeps it.
struct RuleErrand
{
    struct Copy
    {
        MessageId id; ///< without a unique name while it has none
        QStringList tags;

        friend bool operator==(const Copy &, const Copy &) = default;
    };
    QList<Copy> copies;
    QList<RuleProgram> programs;
    QStringList notices; ///< for whoever is there to see them: not kept
    QString mailbox;
    QString subject;
    QString sender;

    /// Whether it must be done though the machine crashes meanwhile.
    [[nodiscard]] bool isOwed() const;
    friend bool operator==(const RuleErrand &, const RuleErrand &) = default;
};

/// Its file while it is owed, rules/pending/MAILBOX/UNIQUE.json: see docs/FORMATS.md. Several mailboxes may
/// have the same copy for their first.
QString errandPath(const RuleErrand &errand); ///< below the data folder
QByteArray toJson(const RuleErrand &errand);
/// Nothing of octets that are none.
std::optional<RuleErrand> ruleErrand(const QByteArray &json);

/// What rules add to a plan.
struct RuleOutcome
{
    QList<RuleErrand> errands;
    QList<RuleLogLine> log;
    bool isDiscarded = false; ///< nobody keeps it and nobody gets it, since rules say so
};

} // namespace glasspost::mail
