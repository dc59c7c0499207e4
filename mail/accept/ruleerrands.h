#pragma once

#include "mail/base/paced.h"
#include "mail/rules/errand.h"
#include "mail/rules/programrun.h"
#include "mail/store/store.h"

#include <QHash>
#include <QObject>
#include <QQueue>

namespace glasspost::mail {

/// What the window is told of a message, as a rule wants it.
struct RuleNotice
{
    QString mailbox;
    QString text; ///< of the rule; may be empty
    QString subject;
    QString sender;
};

/// Does what rules want done with messages that are kept: gives tags, runs programs, tells the window, and
/// keeps the log. What is owed lies in rules/pending/ until it is done, and is taken up again at the next
/// start; a program may be run twice by that. Lives on the mail thread; store, journal and log outlive it.
class RuleErrands : public QObject
{
    Q_OBJECT
public:
    struct Parts
    {
        QString dataFolder;
        Store &store;
        Journal &journal;
        RuleLog &log;
    };
    explicit RuleErrands(const Parts &parts, const ProgramLimits &limits = {});

    /// Takes up what a former start has left. A file that cannot be read stays, and is told by troubled().
    void resume();
    /// The message is filed. Answered when all is done, well or not.
    Task<void> take(const RuleErrand &errand);
    /// The same for rules that are run by hand: what cannot be done is not owed.
    Task<void> takeByHand(const RuleErrand &errand);
    /// What rules did with the message that is kept there.
    void note(QList<RuleLogLine> log, const QList<MessageId> &copies);

Q_SIGNALS:
    // At most ten times a second: of more that come at once the latest.
    void noticed(const glasspost::mail::RuleNotice &notice);
    void failed(const glasspost::mail::RuleLogLine &line); ///< noted in the log as well
    void troubled(const glasspost::mail::Error &error);

private:
    struct Owed
    {
        RuleErrand errand;
        QString path; ///< of its file, below the data folder; empty: it has none
        int parts = 0; ///< that are not tried
        Promise<void> done;
        RuleErrand left; ///< what the disk refuses: it stays in the file for the next start
    };
    using OwedPointer = std::shared_ptr<Owed>;
    struct Program
    {
        OwedPointer owed;
        RuleProgram program;
    };

    void tellNotices(const RuleErrand &errand);
    Task<void> takeUp(const RuleErrand &errand, const QString &path);
    void giveTags();
    void runPrograms();
    void run(const Program &next, const MessageOctets &octets);
    bool fail(const Owed &owed, const QString &rule, const QString &action, const Error &error);
    void partDone(const OwedPointer &owed);
    void noteLines(const QList<RuleLogLine> &lines);
    [[nodiscard]] static RuleLogLine lineFor(const Owed &owed, const QString &rule, const QString &action);

    const Parts m_parts;
    Paced<RuleNotice> m_notices{[this](const RuleNotice &notice) { Q_EMIT noticed(notice); }};
    Paced<RuleLogLine> m_failures{[this](const RuleLogLine &line) { Q_EMIT failed(line); }};
    ProgramRuns m_runs;
    QHash<QStringList, QList<std::pair<OwedPointer, MessageId>>> m_tags; ///< to be given, by the tags
    QQueue<Program> m_programs;
    bool m_isTagging = false;
    bool m_isReading = false;
    Worker m_worker{QStringLiteral("rule errands")};
};

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::RuleNotice)
