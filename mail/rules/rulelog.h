#pragma once

#include "mail/base/task.h"
#include "mail/base/worker.h"
#include "mail/rules/verdict.h"

#include <QObject>
#include <QTimer>

namespace glasspost::mail {

/// What one rule did with one message, or could not do.
struct RuleLogLine
{
    enum class Occasion { Arrival, ByHand };
    qint64 at = 0; ///< milliseconds since the Unix epoch
    Occasion occasion = Occasion::Arrival;
    QString rule; ///< its name
    QString action; ///< its word in the log: "file"; empty: the rule did not apply
    QString detail; ///< the folder, the address, the tags, the program
    RuleProblem problem = RuleProblem::None;
    QString output; ///< of a program, and how it ended
    QString mailbox;
    QByteArray message; ///< the unique name, where it is kept
    QList<QByteArray> copies = {}; ///< of its others in that mailbox
    QString subject;
    QString sender; ///< of the message, in From

    friend bool operator==(const RuleLogLine &, const RuleLogLine &) = default;
};

/// What was done, as far as the line tells; nothing where it tells of none, or of a program's end.
std::optional<RuleAction> actionOf(const RuleLogLine &line);
/// The line of a deed; what is known of the message has to be added.
RuleLogLine lineOf(const RuleDeed &deed);
QByteArray toJson(const RuleLogLine &line);
std::optional<RuleLogLine> ruleLogLine(const QByteArray &json);
/// "loop"; empty for none.
QByteArray wordOf(RuleProblem problem);

/// The log of the rules, rules/DAY.jsonl of the data folder. What is noted is written and synced four times a
/// second, on a thread of its own: a crash may take the last of it. Lives on the mail thread.
class RuleLog : public QObject
{
    Q_OBJECT
public:
    /// Days older than so many are deleted; 0: none, while there is room.
    explicit RuleLog(const QString &dataFolder, int keptDays = 0);
    /// Writes what is noted.
    ~RuleLog() override;

    void note(const QList<RuleLogLine> &lines);
    /// The newest so many, the newest first. Everything that was noted before is among them.
    Task<QList<RuleLogLine>> newest(int count);
    /// Of the message with that unique name, the oldest first; 1,000 at most.
    Task<QList<RuleLogLine>> ofMessage(const QByteArray &unique);

Q_SIGNALS:
    void troubled(const glasspost::mail::Error &error);

private:
    void write();

    QString m_folder;
    int m_keptDays;
    QList<RuleLogLine> m_lines; ///< to be written
    QTimer m_due;
    bool m_isTroubled = false;
    Worker m_worker{QStringLiteral("rule log")};
};

} // namespace glasspost::mail
