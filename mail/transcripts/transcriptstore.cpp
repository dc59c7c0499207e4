#include "mail/transcripts/transcriptstore.h"

#include "mail/base/mutex.h"
#include "mail/base/posix.h"
#include "mail/transcripts/livesession.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QHash>
#include <QSet>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <fcntl.h>
#include <functional>
#include <thread>

namespace glasspost::mail {

namespace {

using Entries = QList<std::pair<QByteArray, smtp::TranscriptEntry>>;

constexpr auto publishInterval = std::chrono::milliseconds(34);
constexpr auto writeInterval = std::chrono::milliseconds(250);
constexpr qsizetype longestBatch = 2000;
// Octets noted and not yet written: past the first message contents are left out, past the second entries.
constexpr qint64 dropContentsAt = 48 * 1024 * 1024;
constexpr qint64 dropEntriesAt = 96 * 1024 * 1024;

constexpr qint64 eventRoom = 64 * 1024; // what happened is written past a session's limit, too

} // namespace

/// What was noted waits under the mutex; the thread alone touches files and the memory of live sessions.
struct TranscriptStore::Private
{
    Private(const QString &folder, const TranscriptLimits &given) : limits(given), files(folder, given) { }

    TranscriptStore *owner = nullptr;
    const TranscriptLimits limits;
    int keptDays = 0;

    Mutex mutex;
    std::condition_variable wakes;
    std::deque<std::function<void()>> questions GUARDED_BY(mutex);
    QHash<QByteArray, LiveSession> live GUARDED_BY(mutex);
    /// Of sessions that opened, changed or closed since the last batch.
    QList<smtp::SessionFacts> told GUARDED_BY(mutex);
    Entries batch GUARDED_BY(mutex);
    /// Entries that have taken the place of others in the batch's second half.
    qsizetype overflow GUARDED_BY(mutex) = 0;
    qint64 noted GUARDED_BY(mutex) = 0;
    bool isUnwritten GUARDED_BY(mutex) = true;
    /// A batch is on its way, and none follows before it was dealt with.
    bool isTold GUARDED_BY(mutex) = false;
    bool isStopping GUARDED_BY(mutex) = false;

    TranscriptFiles files;
    QString today;
    qint64 sinceRemoval = 0; ///< lines written since old files were looked for
    bool isTroubled = false;
    std::thread thread;

    /// The thread answers with what question() returns.
    template <typename Question> TaskFor<Question> ask(Question question)
    {
        const PromiseFor<Question> promise;
        const MutexLock lock(mutex);
        questions.push_back([promise, question] { promise.answerWith(question); });
        wakes.notify_one();
        return promise.task();
    }
    void run();
    void write();
    QList<TranscriptBlock> takeUnwritten();
    void putBack(const QList<TranscriptBlock> &blocks);
    Result<int> append(const QList<TranscriptBlock> &blocks);
    bool takeQuestions(std::deque<std::function<void()>> &asked);
    bool makeRoom(LiveSession &session, smtp::TranscriptEntry &entry, qint64 size) REQUIRES(mutex);
    void tell() REQUIRES(mutex);
    void note(const smtp::SessionFacts &facts, bool isFirst, bool isClosed) REQUIRES(mutex);
};

void TranscriptStore::Private::note(const smtp::SessionFacts &facts, bool isFirst, bool isClosed)
{
    const bool wasIdle = told.isEmpty() && batch.isEmpty();
    auto session = live.find(facts.id);
    if (session == live.end()) {
        session = live.insert(facts.id, {});
        session->block.isFirst = isFirst;
    }
    session->block.facts = facts;
    session->isClosed = isClosed;
    session->isDirty = true;
    if (told.size() >= 2 * longestBatch) // each has all facts, so the latest ones do
        told.remove(0, longestBatch);
    told.append(facts);
    isUnwritten = true;
    if (wasIdle)
        wakes.notify_one();
}

void TranscriptStore::Private::run()
{
    auto writeAt = std::chrono::steady_clock::now() + writeInterval;
    lowerThreadPriority();
    for (bool goesOn = true; goesOn;) {
        std::deque<std::function<void()>> asked;
        goesOn = takeQuestions(asked);
        if (!asked.empty() || std::chrono::steady_clock::now() >= writeAt) {
            write();
            writeAt = std::chrono::steady_clock::now() + writeInterval;
        }
        for (const std::function<void()> &answer : asked)
            answer();
        const MutexLock lock(mutex);
        tell();
    }
    write();
}

/// Waits for news, a little longer for more of it, or for a question. False at the end.
bool TranscriptStore::Private::takeQuestions(std::deque<std::function<void()>> &asked)
{
    MutexLock lock(mutex);
    const auto isAsked = [this]() REQUIRES(mutex) { return isStopping || !questions.empty(); };
    lock.wait(wakes,
        [&]() REQUIRES(mutex) { return isAsked() || !told.isEmpty() || !batch.isEmpty() || isUnwritten; });
    lock.waitUntil(wakes, std::chrono::steady_clock::now() + publishInterval, isAsked);
    asked.swap(questions);
    return !isStopping;
}

/// Takes what is new out of memory, with the lock held for that alone, and appends it to the files.
void TranscriptStore::Private::write()
{
    const QList<TranscriptBlock> blocks = takeUnwritten();
    const QString day = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyy-MM-dd"));
    constexpr qint64 often = 100'000; // lines, of a hundred octets or more
    for (const TranscriptBlock &block : blocks)
        sinceRemoval += 1 + block.entries.size();
    if (std::exchange(today, day) != day || sinceRemoval > often) {
        files.removeOld(keptDays);
        sinceRemoval = 0;
    }
    const Result<int> written = append(blocks);
    const bool isWhole = written && *written == 0;
    if (!isWhole && !std::exchange(isTroubled, true))
        Q_EMIT owner->troubled(written ? Error{ErrorCode::NoSpace, QStringLiteral("sessions"),
                                   QStringLiteral("the day's transcripts have reached their limit")}
                                       : written.error());
    isTroubled = !isWhole;
}

Result<int> TranscriptStore::Private::append(const QList<TranscriptBlock> &blocks)
{
    if (blocks.isEmpty())
        return 0;
    Result<int> written = files.isDiskLow()
        ? Result<int>(tl::unexpected(Error{ErrorCode::NoSpace, QStringLiteral("sessions"),
            QString::fromLatin1(leftOutWords[size_t(LeftOut::Disk)])}))
        : files.append(blocks);
    if (!written)
        putBack(blocks);
    return written;
}

QList<TranscriptBlock> TranscriptStore::Private::takeUnwritten()
{
    QList<TranscriptBlock> blocks;
    const MutexLock lock(mutex);
    for (auto session = live.begin(); session != live.end();) {
        sayWhatIsLeftOut(*session);
        if (session->isDirty || !session->block.entries.isEmpty()) {
            blocks.append(session->block);
            session->block.entries.clear();
            session->block.isFirst = false;
            session->isDirty = false;
        }
        session = session->isClosed ? live.erase(session) : std::next(session);
    }
    noted = 0;
    isUnwritten = false;
    std::sort(blocks.begin(), blocks.end(), [](const TranscriptBlock &a, const TranscriptBlock &b) {
        return a.facts.startedAt < b.facts.startedAt;
    });
    return blocks;
}

/// What could not be written is not kept, since it may go on for days: it is counted.
void TranscriptStore::Private::putBack(const QList<TranscriptBlock> &blocks)
{
    const MutexLock lock(mutex);
    for (const TranscriptBlock &block : blocks) {
        const auto session = live.find(block.facts.id);
        if (session == live.end())
            continue;
        session->block.isFirst |= block.isFirst;
        session->leftOut[size_t(LeftOut::Disk)] += block.entries.size();
    }
}

/// Whether the session's limit lets the entry in, if need be without its content.
bool TranscriptStore::Private::makeRoom(LiveSession &session, smtp::TranscriptEntry &entry, qint64 size)
{
    if (entry.isData && (noted > dropContentsAt || session.contents + size > limits.contents)) {
        entry.bytes.clear(); // dataSize goes on telling how much there was
        size = sizeInLine(entry);
    }
    const qint64 room = limits.session + (entry.speaker == smtp::Speaker::Event ? eventRoom : 0);
    if (session.size + size > room) {
        ++session.leftOut[size_t(LeftOut::Session)];
        return false;
    }
    session.size += size;
    session.contents += entry.isData ? size : 0;
    return true;
}

/// The window gets a batch on its own thread.
void TranscriptStore::Private::tell()
{
    if (isTold || (told.isEmpty() && batch.isEmpty()))
        return;
    isTold = true;
    QList<smtp::SessionFacts> sessions;
    QSet<QByteArray> seen;
    for (auto session = told.crbegin(); session != told.crend(); ++session) {
        if (!seen.contains(session->id))
            sessions.prepend(*session);
        seen.insert(session->id);
    }
    told.clear();
    // The second half has gone round: what came first in it stands where the next would have gone.
    if (overflow > 0)
        std::rotate(batch.begin() + longestBatch / 2,
            batch.begin() + longestBatch / 2 + overflow % (longestBatch / 2), batch.end());
    overflow = 0;
    Entries entries;
    entries.swap(batch);
    batch.reserve(entries.size()); // the next is likely as long
    QMetaObject::invokeMethod(
        owner,
        [this, sessions, entries] {
            Q_EMIT owner->batched(sessions, entries);
            const MutexLock lock(mutex);
            isTold = false;
        },
        Qt::QueuedConnection);
}

TranscriptStore::TranscriptStore() = default;

TranscriptStore::~TranscriptStore()
{
    if (!d || !d->thread.joinable())
        return;
    {
        const MutexLock lock(d->mutex);
        d->isStopping = true;
    }
    d->wakes.notify_one();
    d->thread.join();
}

Result<std::unique_ptr<TranscriptStore>> TranscriptStore::open(
    const QString &dataFolder, int keptDays, const TranscriptLimits &limits)
{
    const QString folder = QDir(dataFolder).absoluteFilePath(QStringLiteral("sessions"));
    if (const int failed = makeFolders(AT_FDCWD, QFile::encodeName(folder)); failed != 0)
        return systemFailure(failed, folder);
    qRegisterMetaType<smtp::SessionFacts>();
    std::unique_ptr<TranscriptStore> store(new TranscriptStore);
    store->d = std::make_unique<Private>(folder, limits);
    store->d->owner = store.get();
    store->d->keptDays = keptDays;
    store->d->thread = std::thread([d = store->d.get()] { d->run(); });
    return store;
}

void TranscriptStore::opened(const smtp::SessionFacts &session)
{
    const MutexLock lock(d->mutex);
    d->note(session, true, false);
}

void TranscriptStore::recorded(const QByteArray &sessionId, smtp::TranscriptEntry entry)
{
    const qint64 size = sizeInLine(entry);
    const MutexLock lock(d->mutex);
    const auto session = d->live.find(sessionId);
    if (session == d->live.end())
        return;
    d->isUnwritten = true;
    if (d->noted > dropEntriesAt) {
        ++session->leftOut[size_t(LeftOut::Memory)];
        return;
    }
    if (!d->makeRoom(*session, entry, size))
        return;
    const bool wasIdle = d->told.isEmpty() && d->batch.isEmpty();
    // The window shows the beginning of a flood and its end; the file has all of it.
    if (d->batch.size() < longestBatch)
        d->batch.append({sessionId, entry});
    else
        d->batch[longestBatch / 2 + d->overflow++ % (longestBatch / 2)] = {sessionId, entry};
    d->noted += weight(entry);
    session->block.entries.append(std::move(entry));
    if (wasIdle)
        d->wakes.notify_one();
}

void TranscriptStore::changed(const smtp::SessionFacts &session)
{
    const MutexLock lock(d->mutex);
    d->note(session, false, false);
}

void TranscriptStore::closed(const smtp::SessionFacts &session)
{
    const MutexLock lock(d->mutex);
    d->note(session, false, true);
}

Task<QList<smtp::SessionFacts>> TranscriptStore::sessions(int offset, int limit)
{
    return d->ask([d = d.get(), offset, limit] {
        QList<smtp::SessionFacts> facts = d->files.sessions(std::max(0, offset), std::max(0, limit));
        const MutexLock lock(d->mutex);
        for (smtp::SessionFacts &session : facts) {
            if (const auto live = d->live.constFind(session.id); live != d->live.constEnd())
                session = live->block.facts;
            else if (session.outcome == smtp::SessionOutcome::Open)
                session.outcome = smtp::SessionOutcome::Broken;
        }
        return facts;
    });
}

Task<Transcript> TranscriptStore::transcript(const QByteArray &sessionId, qsizetype most)
{
    return d->ask([d = d.get(), sessionId, most]() -> Result<Transcript> {
        TranscriptBlock block = d->files.session(sessionId, most);
        const MutexLock lock(d->mutex);
        if (const auto live = d->live.constFind(sessionId); live != d->live.constEnd()) {
            block.facts = live->block.facts;
            block.entries += live->block.entries;
        } else if (block.facts.outcome == smtp::SessionOutcome::Open) {
            block.facts.outcome = smtp::SessionOutcome::Broken;
        }
        if (block.facts.id.isEmpty())
            return tl::unexpected(Error{ErrorCode::NotFound, QString::fromLatin1(sessionId), {}});
        if (block.entries.size() > most)
            block.entries.remove(0, block.entries.size() - most);
        return Transcript{block.facts, block.entries};
    });
}

Task<smtp::SessionFacts> TranscriptStore::facts(const QByteArray &sessionId)
{
    return d->ask([d = d.get(), sessionId]() -> Result<smtp::SessionFacts> {
        {
            const MutexLock lock(d->mutex);
            if (const auto live = d->live.constFind(sessionId); live != d->live.constEnd())
                return live->block.facts;
        }
        smtp::SessionFacts facts = d->files.facts(sessionId);
        if (facts.id.isEmpty())
            return tl::unexpected(Error{ErrorCode::NotFound, QString::fromLatin1(sessionId), {}});
        if (facts.outcome == smtp::SessionOutcome::Open)
            facts.outcome = smtp::SessionOutcome::Broken;
        return facts;
    });
}

} // namespace glasspost::mail
