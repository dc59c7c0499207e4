#include "mail/journal/journalreplay.h"

#include "mail/journal/innerpath.h"
#include "mail/journal/journalsegment.h"
#include "mail/journal/stepexecutor.h"
#include "mail/maildir/maildirlisting.h"

#include <QDateTime>

#include <cerrno>

namespace glasspost::mail {

namespace {

Result<QList<ReadSegment>> readSegments(int journalFolder, quint64 upTo)
{
    QList<ReadSegment> segments;
    for (const quint64 number : listSegments(journalFolder)) {
        if (number > upTo)
            break;
        auto segment = readSegment(journalFolder, number);
        if (!segment)
            return tl::unexpected(segment.error());
        if (*segment)
            segments.append(std::move(**segment));
    }
    return segments;
}

/// Records past the durable end, which the following segment tells, were answered with a failure: they must
/// not come back. Fewer than that, or a bad one among good ones, means that what had been synced reads
/// otherwise now. False: damaged.
bool cutToDurable(ReadSegment &segment, const ReadSegment *following)
{
    if (!following || following->before != segment.number)
        return segment.damagedAt < 0;
    while (!segment.ends.isEmpty() && segment.ends.last() > following->endBefore) {
        segment.ends.removeLast();
        segment.transactions.removeLast();
    }
    const bool isWhole = segment.damagedAt < 0 || segment.damagedAt >= following->endBefore;
    return isWhole && segment.end >= following->endBefore;
}

/// A folder that came from elsewhere may hold a journal that names other people's files, its checksums right.
bool isRefused(int dataFolder, const FileTransaction &transaction, JournalReplay &counts)
{
    for (const FileStep &step : transaction) {
        if (const auto outside = outsidePath(dataFolder, step)) {
            counts.refused.append(QString::fromUtf8(*outside));
            return true;
        }
    }
    return false;
}

/// False: a transaction was refused.
Result<bool> applyAll(StepExecutor &steps, int dataFolder, const ReadSegment &segment, JournalReplay &counts)
{
    bool isWhole = true;
    for (const FileTransaction &transaction : segment.transactions) {
        if (isRefused(dataFolder, transaction, counts)) {
            isWhole = false;
            continue;
        }
        ++counts.transactions;
        for (const FileStep &step : transaction) {
            const auto changed = steps.apply(step);
            if (!changed)
                return tl::unexpected(changed.error());
            counts.stepsRedone += *changed ? 1 : 0;
        }
    }
    return isWhole;
}

/// A name that no earlier damage has: the numbers of segments begin anew after an orderly end.
QByteArray asideName(const QByteArray &name, const QByteArray &suffix)
{
    return name + '.' + QByteArray::number(QDateTime::currentMSecsSinceEpoch()) + suffix;
}

/// The records that cannot be read may name files in spool/: those are kept for whoever mends it by hand.
Result<void> setSpoolAside(FileSystemCalls &calls, int dataFolder)
{
    const QByteArray aside = "spool/damaged";
    if (const int failed = makeFolders(dataFolder, aside); failed != 0)
        return systemFailure(failed, QString::fromLatin1(aside));
    for (const QByteArray &name : listFolder(dataFolder, "spool")) {
        const QByteArray from = "spool/" + name;
        const QByteArray to = aside + '/' + asideName(name, {});
        if (from != aside && calls.renameAt(dataFolder, from.constData(), dataFolder, to.constData()) != 0)
            return systemFailure(errno, QString::fromUtf8(from));
    }
    return {};
}

Result<void> setAside(FileSystemCalls &calls, int journalFolder, quint64 number)
{
    const QByteArray name = segmentName(number);
    const QByteArray aside = asideName(name, ".damaged");
    if (calls.renameAt(journalFolder, name.constData(), journalFolder, aside.constData()) != 0)
        return systemFailure(errno, QStringLiteral("journal/") + QString::fromLatin1(name));
    return {};
}

} // namespace

Result<ReplayOutcome> replaySegments(FileSystemCalls &calls, int dataFolder, int journalFolder)
{
    ReplayOutcome outcome;
    const QList<quint64> numbers = listSegments(journalFolder);
    if (numbers.isEmpty())
        return outcome;
    outcome.nextNumber = numbers.last() + 1;
    auto segments = readSegments(journalFolder, numbers.last());
    if (!segments)
        return tl::unexpected(segments.error());
    StepExecutor steps(calls, dataFolder);
    steps.setMode(StepExecutor::Mode::Replay);
    QList<quint64> damaged;
    for (qsizetype i = 0; i < segments->size(); ++i) {
        ReadSegment &segment = (*segments)[i];
        const bool isWhole = cutToDurable(segment, i + 1 < segments->size() ? &(*segments)[i + 1] : nullptr);
        const auto isDone = applyAll(steps, dataFolder, segment, outcome.counts);
        if (!isDone)
            return tl::unexpected(isDone.error());
        if (!isWhole || !*isDone)
            damaged.append(segment.number);
    }
    outcome.counts.damagedSegments = int(damaged.size());
    if (!damaged.isEmpty()) {
        if (const auto done = setSpoolAside(calls, dataFolder); !done)
            return tl::unexpected(done.error());
    }
    if (calls.syncfs(dataFolder) != 0)
        return systemFailure(errno, QStringLiteral("syncfs"));
    for (const quint64 number : damaged) {
        if (const auto done = setAside(calls, journalFolder, number); !done)
            return tl::unexpected(done.error());
    }
    if (const auto done = dropSegments(calls, journalFolder, numbers.last()); !done)
        return tl::unexpected(done.error());
    return outcome;
}

Result<void> rewriteSegments(FileSystemCalls &calls, int dataFolder, int journalFolder, quint64 upTo)
{
    auto segments = readSegments(journalFolder, upTo);
    if (!segments)
        return tl::unexpected(segments.error());
    StepExecutor steps(calls, dataFolder);
    steps.setMode(StepExecutor::Mode::Rewrite);
    JournalReplay counts;
    for (qsizetype i = 0; i < segments->size(); ++i) {
        cutToDurable((*segments)[i], i + 1 < segments->size() ? &(*segments)[i + 1] : nullptr);
        if (const auto done = applyAll(steps, dataFolder, (*segments)[i], counts); !done)
            return tl::unexpected(done.error());
    }
    return {};
}

Result<void> dropSegments(FileSystemCalls &calls, int journalFolder, quint64 upTo)
{
    for (const quint64 number : listSegments(journalFolder)) {
        const QByteArray name = segmentName(number);
        if (number <= upTo && calls.unlinkAt(journalFolder, name.constData()) != 0 && errno != ENOENT)
            return systemFailure(errno, QStringLiteral("journal/") + QString::fromLatin1(name));
    }
    if (calls.fsync(journalFolder) != 0)
        return systemFailure(errno, QStringLiteral("journal"));
    return {};
}

} // namespace glasspost::mail
