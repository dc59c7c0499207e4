#include "mail/accept/ruleerrands.h"

#include "mail/base/posix.h"

#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QMap>

#include <fcntl.h>
#include <utility>

namespace glasspost::mail {

namespace {

struct LeftErrands
{
    QMap<QString, RuleErrand> errands; ///< by their paths below the data folder
    QList<Error> unreadable;
};

LeftErrands leftErrands(const QString &dataFolder)
{
    LeftErrands left;
    const QDir data(dataFolder);
    QDirIterator each(data.filePath(QStringLiteral("rules/pending")), {QStringLiteral("*.json")}, QDir::Files,
        QDirIterator::Subdirectories);
    while (each.hasNext()) {
        const QString path = each.next();
        const auto json = readFileAt(AT_FDCWD, QFile::encodeName(path));
        const auto errand = json ? ruleErrand(*json) : std::nullopt;
        if (errand)
            left.errands.insert(data.relativeFilePath(path), *errand);
        else if (json)
            left.unreadable.append({ErrorCode::Damaged, path,
                QStringLiteral(
                    "it is damaged or of another version of Glasspost; what rules owe is not done")});
        else if (json.error().code != ErrorCode::NotFound) // done meanwhile
            left.unreadable.append(json.error());
    }
    return left;
}

void leaveTags(RuleErrand &left, const MessageId &id, const QStringList &tags)
{
    for (RuleErrand::Copy &copy : left.copies) {
        if (copy.id == id)
            copy.tags = tags;
    }
}

} // namespace

RuleErrands::RuleErrands(const Parts &parts, const ProgramLimits &limits) : m_parts(parts), m_runs(limits) { }

void RuleErrands::resume()
{
    m_worker.run([folder = m_parts.dataFolder] { return leftErrands(folder); })
        .then(this, [this](const Result<LeftErrands> &found) {
            const LeftErrands left = found.value_or(LeftErrands());
            for (const Error &error : left.unreadable)
                Q_EMIT troubled(error);
            for (const auto &[path, errand] : left.errands.asKeyValueRange())
                takeUp(errand, path);
        });
}

void RuleErrands::note(QList<RuleLogLine> log, const QList<MessageId> &copies)
{
    for (RuleLogLine &line : log) {
        QList<QByteArray> own; // in the mailbox whose rule it was
        for (const MessageId &copy : copies) {
            if (copy.folder.user == line.mailbox)
                own.append(copy.unique);
        }
        if (own.isEmpty() && !copies.isEmpty())
            own.append(copies.constFirst().unique);
        line.message = own.value(0);
        line.copies = own.mid(1);
    }
    noteLines(log);
}

/// That a condition cannot be told is not a failure: the rule does not apply.
void RuleErrands::noteLines(const QList<RuleLogLine> &lines)
{
    m_parts.log.note(lines);
    for (const RuleLogLine &line : lines) {
        if (line.problem != RuleProblem::None && line.problem != RuleProblem::NotKnown)
            m_failures.take(line);
    }
}

Task<void> RuleErrands::take(const RuleErrand &errand)
{
    tellNotices(errand);
    return errand.isOwed() ? takeUp(errand, errandPath(errand)) : Task<void>(Result<void>());
}

Task<void> RuleErrands::takeByHand(const RuleErrand &errand)
{
    tellNotices(errand);
    return errand.isOwed() ? takeUp(errand, {}) : Task<void>(Result<void>());
}

void RuleErrands::tellNotices(const RuleErrand &errand)
{
    for (const QString &text : errand.notices)
        m_notices.take({errand.mailbox, text, errand.subject, errand.sender});
}

Task<void> RuleErrands::takeUp(const RuleErrand &errand, const QString &path)
{
    const auto owed = std::make_shared<Owed>(Owed{errand, path, int(errand.programs.size()), {}, errand});
    owed->left.programs.clear();
    for (RuleErrand::Copy &copy : owed->left.copies)
        copy.tags.clear();
    for (const RuleErrand::Copy &copy : errand.copies) {
        if (copy.tags.isEmpty())
            continue;
        ++owed->parts;
        m_tags[copy.tags].append({owed, copy.id});
    }
    for (const RuleProgram &program : errand.programs)
        m_programs.enqueue({owed, program});
    giveTags();
    runPrograms();
    return owed->done.task();
}

/// All that wait for the same tags at once: each change writes the whole file of a mailbox's tags.
void RuleErrands::giveTags()
{
    if (m_isTagging || m_tags.isEmpty())
        return;
    m_isTagging = true;
    const QStringList tags = *m_tags.keyBegin();
    const auto copies = m_tags.take(tags);
    QList<MessageId> ids;
    for (const auto &[owed, id] : copies)
        ids.append(id);
    m_parts.store.setTags(ids, tags, {})
        .then(this, [this, copies, tags](const Result<QList<MessageId>> &given) {
            m_isTagging = false;
            for (const auto &[owed, id] : copies) {
                if (!given && fail(*owed, {}, QStringLiteral("add-flags"), given.error()))
                    leaveTags(owed->left, id, tags);
                partDone(owed);
            }
            giveTags();
        });
}

/// One message is read at a time, so that what waits takes no memory.
void RuleErrands::runPrograms()
{
    if (m_isReading || m_programs.isEmpty() || m_runs.isFull())
        return;
    m_isReading = true;
    const Program next = m_programs.dequeue();
    m_parts.store.octets(next.owed->errand.copies.constFirst().id)
        .then(this, [this, next](const Result<MessageOctets> &octets) {
            m_isReading = false;
            if (octets) {
                run(next, *octets);
            } else {
                if (fail(*next.owed, next.program.rule, QStringLiteral("program"), octets.error()))
                    next.owed->left.programs.append(next.program);
                partDone(next.owed);
            }
            runPrograms();
        });
}

void RuleErrands::run(const Program &next, const MessageOctets &octets)
{
    const QByteArray id = next.owed->errand.copies.constFirst().id.unique;
    m_runs.run(next.program.command, id, octets).then(this, [this, next](const Result<ProgramEnd> &end) {
        RuleLogLine line = lineFor(*next.owed, next.program.rule, QStringLiteral("program-end"));
        line.detail = next.program.command.join(u' ');
        if (end) {
            line.output = end->text;
            line.problem = end->hasFailed ? RuleProblem::Failed : RuleProblem::None;
        }
        noteLines({line});
        partDone(next.owed);
        runPrograms();
    });
}

RuleLogLine RuleErrands::lineFor(const Owed &owed, const QString &rule, const QString &action)
{
    RuleLogLine line;
    line.at = QDateTime::currentMSecsSinceEpoch();
    line.rule = rule;
    line.action = action;
    line.mailbox = owed.errand.mailbox;
    line.message = owed.errand.copies.constFirst().id.unique;
    line.subject = owed.errand.subject;
    line.sender = owed.errand.sender;
    return line;
}

/// Whether it is tried again at the next start, as what the disk refuses is. A message that is gone has had
/// its time.
bool RuleErrands::fail(const Owed &owed, const QString &rule, const QString &action, const Error &error)
{
    RuleLogLine line = lineFor(owed, rule, action);
    line.problem = RuleProblem::Failed;
    line.output = error.systemText;
    noteLines({line});
    if (error.code == ErrorCode::NotFound)
        return false;
    Q_EMIT troubled(error);
    return true;
}

/// What is done is taken off the file, or a program would run again at each start while tags cannot be given.
void RuleErrands::partDone(const OwedPointer &owed)
{
    if (--owed->parts > 0)
        return;
    owed->done.answer({});
    if (owed->path.isEmpty() || owed->left == owed->errand)
        return;
    if (owed->left.isOwed())
        m_parts.journal.commit({{FileStep::Kind::Replace, owed->path, {}, toJson(owed->left), {}}});
    else
        m_parts.journal.commit({{FileStep::Kind::Remove, owed->path, {}, {}, {}}});
}

} // namespace glasspost::mail
