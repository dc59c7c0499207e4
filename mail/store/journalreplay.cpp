#include "mail/store/journalreplay.h"

#include "mail/store/journalsegment.h"

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
/// not come back. Fewer than that means that what had been synced reads otherwise now.
bool cutToDurable(ReadSegment &segment, const ReadSegment *following)
{
    if (!following || following->before != segment.number)
        return true;
    while (!segment.ends.isEmpty() && segment.ends.last() > following->endBefore) {
        segment.ends.removeLast();
        segment.transactions.removeLast();
    }
    return segment.end >= following->endBefore;
}

Result<void> applyAll(FileSteps &steps, const ReadSegment &segment, Journal::Replay &counts)
{
    for (const FileTransaction &transaction : segment.transactions) {
        ++counts.transactions;
        for (const FileStep &step : transaction) {
            const auto changed = steps.apply(step);
            if (!changed)
                return tl::unexpected(changed.error());
            counts.stepsRedone += *changed ? 1 : 0;
        }
    }
    return {};
}

Result<void> setAside(FileSystemCalls &calls, int journalFolder, quint64 number)
{
    const QByteArray name = segmentName(number);
    const QByteArray aside = name + ".damaged";
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
    FileSteps steps(calls, dataFolder);
    steps.setMode(FileSteps::Mode::Replay);
    QList<quint64> damaged;
    for (qsizetype i = 0; i < segments->size(); ++i) {
        ReadSegment &segment = (*segments)[i];
        if (!cutToDurable(segment, i + 1 < segments->size() ? &(*segments)[i + 1] : nullptr))
            damaged.append(segment.number);
        if (const auto done = applyAll(steps, segment, outcome.counts); !done)
            return tl::unexpected(done.error());
    }
    if (calls.syncfs(dataFolder) != 0)
        return systemFailure(errno, QStringLiteral("syncfs"));
    outcome.counts.damagedSegments = int(damaged.size());
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
    FileSteps steps(calls, dataFolder);
    steps.setMode(FileSteps::Mode::Rewrite);
    Journal::Replay counts;
    for (qsizetype i = 0; i < segments->size(); ++i) {
        cutToDurable((*segments)[i], i + 1 < segments->size() ? &(*segments)[i + 1] : nullptr);
        if (const auto done = applyAll(steps, (*segments)[i], counts); !done)
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
