#include "mail/store/store.h"

#include "mail/base/posix.h"
#include "mail/base/worker.h"
#include "mail/index/indexer.h"
#include "mail/journal/datafolder.h"
#include "mail/maildir/maildirname.h"
#include "mail/message/messagereader.h"
#include "mail/store/savedparts.h"
#include "mail/store/storereader.h"

#include <QDir>
#include <QFile>
#include <QThread>

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <stop_token>

namespace glasspost::mail {

Result<QList<MessageId>> MailboxTransaction::add(const MessageOctets &octets, const QList<FolderId> &folders,
    MessageFlags flags, const QByteArray &sessionId, const QByteArray &queueId,
    const QHash<FolderId, MessageFlags> &flagsIn)
{
    FileTransaction files;
    QList<IndexJob> added;
    QList<MessageId> ids;
    for (const FolderId &folder : folders) {
        const auto maildir = folderPath(folder);
        if (!maildir)
            return tl::unexpected(Error{ErrorCode::NotPermitted, folder.user, folder.folder});
        const QByteArray unique = newUniqueName(octets.size(), octets.wireSize(), queueId);
        const MessageFlags here = flags | flagsIn.value(folder);
        const QByteArray file = here ? "cur/" + unique + infoFor(here) : "new/" + unique;
        ids.append({folder, unique});
        added.append({ids.last(), file, octets.wireSize(), octets.inMemory(), sessionId, queueId});
        const QString path = QString::fromUtf8(*maildir + '/' + file);
        if (files.isEmpty())
            files.append({FileStep::Kind::Create, path, {}, octets.inMemory(), {}, octets.file()});
        else
            files.append({FileStep::Kind::Link, files.first().path, path, {}, {}});
    }
    steps += files;
    jobs += added;
    return ids;
}

void MailboxTransaction::remove(const QList<MessageId> &messages)
{
    for (const MessageId &old : messages) {
        // The step finds it by its unique name.
        const QByteArray path = folderPath(old.folder).value_or(QByteArray()) + "/cur/" + old.unique;
        steps.append({FileStep::Kind::Remove, QString::fromUtf8(path), {}, {}, {}});
    }
    removed += messages;
}

struct Store::Private
{
    QString dataFolder;
    FileDescriptor data;
    Journal *journal = nullptr;
    std::atomic<quint64> generation = 0;
    QThread indexThread;
    QThread readThread;
    Indexer *indexer = nullptr; ///< lives on indexThread
    StoreReader *reader = nullptr; ///< lives on readThread
    std::stop_source ending;

    /// What is not there yet may be on its way through the journal: the reader is asked for it once more when
    /// all before it stands in the files.
    template <typename Work> auto ask(Work work)
    {
        using Asked = TaskFor<Work, StoreReader &>;
        return runOn(reader, [this, work = std::move(work)]() -> Asked {
            auto first = work(*reader);
            if (first || first.error().code != ErrorCode::NotFound)
                return first;
            return askAgain(work);
        });
    }

    template <typename Work> TaskFor<Work, StoreReader &> askAgain(Work work)
    {
        using Answer = std::invoke_result_t<Work, StoreReader &>;
        const PromiseFor<Work, StoreReader &> promise;
        journal->commit({}).applied.then(reader, [this, promise, work](const Result<void> &applied) {
            Answer second = work(*reader);
            const bool isMissing = !second && second.error().code == ErrorCode::NotFound;
            promise.answer(isMissing && !applied ? tl::unexpected(applied.error()) : std::move(second));
        });
        return promise.task();
    }

    /// Work that takes as long as the message is large keeps nobody waiting for the reader.
    template <typename Work> auto workOn(const MessageId &id, Work work)
    {
        return ask([id](StoreReader &from) {
            return from.open(id);
        }).andThen(reader, [stop = ending.get_token(), work](const OctetsReader &message) {
            return runLongWork([message = message.stoppedBy(stop), work] { return work(message); });
        });
    }

    template <typename Work> auto change(Work work)
    {
        return runOn(indexer, [indexer = indexer, work = std::move(work)] { return work(*indexer); });
    }
};

Store::Store() : d(std::make_unique<Private>()) { }

Store::~Store()
{
    d->ending.request_stop();
    // Each goes in its own event loop, whose thread ends with it: a database is closed where it was opened.
    // The reader first, which speaks to the indexer. What it reads to be shown nobody will see.
    d->readThread.requestInterruption();
    if (d->reader)
        d->reader->deleteLater();
    d->readThread.wait();
    if (d->indexer)
        d->indexer->deleteLater();
    d->indexThread.wait();
}

Result<std::unique_ptr<Store>> Store::open(const QString &dataFolder, Journal &journal)
{
    std::unique_ptr<Store> store(new Store);
    Private &d = *store->d;
    d.dataFolder = QDir(dataFolder).absolutePath();
    d.journal = &journal;
    d.data = FileDescriptor(
        ::open(QFile::encodeName(d.dataFolder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!d.data.isOpen())
        return systemFailure(errno, dataFolder);
    for (const char *part : {"mail", "spool"}) {
        if (const int failed = makeFolders(d.data.get(), part); failed != 0)
            return systemFailure(failed, dataFolder);
    }
    const QString database = d.dataFolder + QStringLiteral("/index.sqlite");
    Store *self = store.get();
    d.indexer = new Indexer({database, d.data.get(), &d.generation}, journal);
    connect(d.indexer, &Indexer::changed, self, &Store::changed, Qt::DirectConnection);
    connect(d.indexer, &Indexer::troubled, self, &Store::troubled, Qt::DirectConnection);
    d.reader = new StoreReader(
        database, d.data.get(), &d.generation, [indexer = d.indexer](quint64 generation, const Error &why) {
            runOn(indexer, [indexer, generation, why] { indexer->foundDamaged(generation, why); });
        });
    d.indexer->moveToThread(&d.indexThread);
    d.reader->moveToThread(&d.readThread);
    // The index takes a third of the work that a message makes, and can wait for the 250s.
    connect(&d.indexThread, &QThread::started, d.indexer, [indexer = d.indexer] {
        lowerThreadPriority();
        indexer->start();
    });
    connect(d.indexer, &QObject::destroyed, &d.indexThread, &QThread::quit, Qt::DirectConnection);
    connect(d.reader, &QObject::destroyed, &d.readThread, &QThread::quit, Qt::DirectConnection);
    d.indexThread.setObjectName(QStringLiteral("index"));
    d.readThread.setObjectName(QStringLiteral("reader"));
    d.indexThread.start();
    d.readThread.start();
    return store;
}

Committed Store::commit(MailboxTransaction transaction)
{
    const Committed committed = d->journal->commit(std::move(transaction.steps));
    Indexer *indexer = d->indexer;
    return {committed.durable,
        committed.applied.andThen(
            indexer, [indexer, jobs = std::move(transaction.jobs), removed = std::move(transaction.removed)] {
                for (const MessageId &id : removed)
                    indexer->editor().drop(id);
                for (const IndexJob &job : jobs)
                    indexer->add(job);
            })};
}

QString Store::fileOf(const FileStep &step) const
{
    return d->dataFolder + QLatin1Char('/') + step.path;
}

QString Store::spoolFolder() const
{
    return spoolFolderOf(d->dataFolder);
}

Task<void> Store::createUser(const QString &user)
{
    return d->change([user](Indexer &indexer) {
        for (const char *name : {"", "Sent", "Drafts", "Junk", "Trash"})
            indexer.addFolder({user, QLatin1String(name)});
        return indexer.addFolder({user, QStringLiteral("Archive")});
    });
}

Task<void> Store::createFolder(const FolderId &folder)
{
    return d->change([folder](Indexer &indexer) { return indexer.addFolder(folder); });
}

Task<void> Store::removeFolder(const FolderId &folder)
{
    return d->change([folder](Indexer &indexer) { return indexer.removeFolder(folder); });
}

Task<QList<FolderInfo>> Store::folders()
{
    return d->change([](Indexer &indexer) { return indexer.folders(); });
}

Task<quint64> Store::settle()
{
    return d->change([](Indexer &indexer) { return indexer.settle(); });
}

Task<RowPage> Store::rows(const RowQuery &query, const std::stop_token &stop)
{
    return d->ask([query, stop](StoreReader &reader) { return reader.rows(query, stop); });
}

Task<RowPage> Store::arrivals(const ArrivalQuery &query)
{
    return d->ask([query](StoreReader &reader) { return reader.arrivals(query); });
}

Task<QList<MessageId>> Store::surplus(const SurplusQuery &query)
{
    return d->ask([query](StoreReader &reader) { return reader.surplus(query); });
}

Task<QList<MessageRow>> Store::named(const QByteArray &unique)
{
    return d->ask([unique](StoreReader &reader) { return reader.named(unique); });
}

Task<RowOrder> Store::order(const RowQuery &query, const std::stop_token &stop)
{
    return d->ask([query, stop](StoreReader &reader) { return reader.order(query, stop); });
}

Task<QList<MessageId>> Store::identify(const RowOrder &rows)
{
    // Where it is acted on: the reader may be reading the order of a million rows.
    return d->change([rows](Indexer &indexer) { return indexer.identify(rows); });
}

Task<QByteArray> Store::read(const MessageId &id, qint64 limit)
{
    return d->ask([id, limit](StoreReader &reader) { return reader.read(id, limit); });
}

Task<MessageOctets> Store::octets(const MessageId &id)
{
    return d->ask([id, folder = spoolFolder()](StoreReader &reader) { return reader.octets(id, folder); });
}

Task<MessageView> Store::view(const MessageId &id)
{
    return d->ask([id](StoreReader &reader) { return reader.view(id); });
}

Task<MessageView> Store::attachedMessage(const MessageId &id, int partIndex)
{
    return d->workOn(id, [=](const OctetsReader &message) {
        Result<MessageView> view = readAttachedMessage(message, partIndex);
        if (view)
            view->id = id;
        return view;
    });
}

Task<QByteArray> Store::part(const MessageId &id, int partIndex, qint64 limit)
{
    return d->workOn(id, [=](const OctetsReader &message) { return readPart(message, partIndex, limit); });
}

Task<PartDetails> Store::partDetails(const MessageId &id, int partIndex)
{
    return d->workOn(id, [=](const OctetsReader &message) { return readPartDetails(message, partIndex); });
}

Task<void> Store::savePart(const MessageId &id, int partIndex, const QString &path)
{
    return d->workOn(
        id, [=](const OctetsReader &message) { return mail::savePart(message, partIndex, path); });
}

Task<QStringList> Store::saveParts(const MessageId &id, const QList<NamedPart> &parts, const QString &folder)
{
    return d->workOn(
        id, [=](const OctetsReader &message) { return mail::saveParts(message, parts, folder); });
}

Task<QString> Store::copyPart(const MessageId &id, const NamedPart &part, const QString &folder)
{
    return d->workOn(id, [=](const OctetsReader &message) { return mail::copyPart(message, part, folder); });
}

Task<MessageFlags> Store::flags(const MessageId &id)
{
    return d->ask([id](StoreReader &reader) { return reader.flags(id); });
}

Task<void> Store::saveSource(const MessageId &id, const QString &path)
{
    return d->workOn(id, [path](const OctetsReader &message) { return mail::saveSource(message, path); });
}

Task<QList<MessageId>> Store::setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear)
{
    return d->change([=](Indexer &indexer) { return indexer.editor().setFlags(ids, set, clear); });
}

Task<QList<MessageId>> Store::setTags(
    const QList<MessageId> &ids, const QStringList &add, const QStringList &remove)
{
    return d->change([=](Indexer &indexer) { return indexer.editor().setTags(ids, add, remove); });
}

Task<QStringList> Store::tags()
{
    return d->change([](Indexer &indexer) { return indexer.tags(); });
}

Task<QList<TagCount>> Store::tagCounts(const FolderId &folder)
{
    return d->change([folder](Indexer &indexer) { return indexer.tagCounts(folder); });
}

Task<QList<MessageId>> Store::move(const QList<MessageId> &ids, const QString &toFolder)
{
    return d->change([=](Indexer &indexer) { return indexer.editor().move(ids, toFolder); });
}

Task<void> Store::remove(const QList<MessageId> &ids)
{
    return d->change([ids](Indexer &indexer) { return indexer.editor().remove(ids); });
}

} // namespace glasspost::mail
