#include "mail/store/store.h"

#include "mail/base/deliverer.h"
#include "mail/base/posix.h"
#include "mail/index/indexer.h"
#include "mail/store/storereader.h"

#include <QDir>
#include <QFile>
#include <QThread>

#include <atomic>
#include <cerrno>
#include <fcntl.h>

namespace glasspost::mail {

struct Store::Private
{
    QString dataFolder;
    FileDescriptor data;
    Journal *journal = nullptr;
    Deliverer deliverer;
    std::atomic<quint64> generation = 0;
    QThread indexThread;
    QThread readThread;
    Indexer *indexer = nullptr; ///< lives on indexThread
    StoreReader *reader = nullptr; ///< lives on readThread

    /// Runs work on the reader's thread and takes its result to the context. What is not there yet may be on
    /// its way through the journal: asked for once more when all before it stands in the files.
    template <typename T>
    void ask(QObject *context, Completion<T> done, std::function<Result<T>(StoreReader &)> work)
    {
        const Deliverer::Ticket ticket = deliverer.ticket(context);
        const auto answer = [ticket, done = std::move(done)](Result<T> result) {
            ticket.deliver([done, result = std::move(result)]() mutable { done(std::move(result)); });
        };
        QMetaObject::invokeMethod(
            reader,
            [this, answer, work = std::move(work)] {
                Result<T> first = work(*reader);
                if (first || first.error().code != ErrorCode::NotFound)
                    return answer(std::move(first));
                journal->commit({}, reader, {}, reader, [this, answer, work](const Result<void> &applied) {
                    Result<T> second = work(*reader);
                    const bool isMissing = !second && second.error().code == ErrorCode::NotFound;
                    answer(isMissing && !applied ? tl::unexpected(applied.error()) : std::move(second));
                });
            },
            Qt::QueuedConnection);
    }

    template <typename T> std::function<void(Result<T>)> to(QObject *context, Completion<T> done)
    {
        return [ticket = deliverer.ticket(context), done = std::move(done)](Result<T> result) {
            if (done)
                ticket.deliver([done, result = std::move(result)] { done(result); });
        };
    }
};

Store::Store() : d(std::make_unique<Private>()) { }

Store::~Store()
{
    // Each goes in its own event loop, whose thread ends with it: a database is closed where it was opened.
    // The reader first, which speaks to the indexer.
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
    d.indexer = new Indexer({database, d.data.get(), &journal, &d.generation,
        [self](const StoreChange &change) { Q_EMIT self->changed(change); },
        [self](const Error &error) { Q_EMIT self->troubled(error); }});
    d.reader = new StoreReader(
        database, d.data.get(), &d.generation, [indexer = d.indexer](quint64 generation, const Error &why) {
            QMetaObject::invokeMethod(
                indexer, [indexer, generation, why] { indexer->foundDamaged(generation, why); },
                Qt::QueuedConnection);
        });
    d.indexer->moveToThread(&d.indexThread);
    d.reader->moveToThread(&d.readThread);
    // The index takes a third of the work that a message makes, and can wait for the 250s.
    connect(&d.indexThread, &QThread::started, d.indexer, [indexer = d.indexer] {
        workInTheBackground();
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

void Store::commit(Filing filing, QObject *context, Completion<void> durable, Completion<void> filed)
{
    const auto tellFiled = d->to<void>(context, std::move(filed));
    Indexer *indexer = d->indexer;
    d->journal->commit(std::move(filing.steps), context, std::move(durable), indexer,
        [indexer, jobs = std::move(filing.jobs), removed = std::move(filing.removed), tellFiled](
            const Result<void> &applied) {
            tellFiled(applied);
            if (!applied)
                return;
            for (const MessageId &id : removed)
                indexer->changes().drop(id);
            for (const IndexJob &job : jobs)
                indexer->add(job);
        });
}

QString Store::fileOf(const IndexJob &job) const
{
    return d->dataFolder + QLatin1Char('/') + pathOf(job);
}

QString Store::spoolFolder() const
{
    return d->dataFolder + QStringLiteral("/spool");
}

void Store::createUser(const QString &user, QObject *context, Completion<void> done)
{
    const auto answer = d->to<void>(context, std::move(done));
    Indexer *indexer = d->indexer;
    QMetaObject::invokeMethod(
        indexer,
        [indexer, user, answer] {
            for (const char *name : {"", "Sent", "Drafts", "Junk", "Trash"})
                indexer->addFolder({user, QLatin1String(name)}, [](const Result<void> &) {});
            indexer->addFolder({user, QStringLiteral("Archive")}, answer);
        },
        Qt::QueuedConnection);
}

void Store::createFolder(const FolderId &folder, QObject *context, Completion<void> done)
{
    const auto answer = d->to<void>(context, std::move(done));
    Indexer *indexer = d->indexer;
    QMetaObject::invokeMethod(
        indexer, [indexer, folder, answer] { indexer->addFolder(folder, answer); }, Qt::QueuedConnection);
}

void Store::removeFolder(const FolderId &folder, QObject *context, Completion<void> done)
{
    const auto answer = d->to<void>(context, std::move(done));
    Indexer *indexer = d->indexer;
    QMetaObject::invokeMethod(
        indexer, [indexer, folder, answer] { indexer->removeFolder(folder, answer); }, Qt::QueuedConnection);
}

void Store::folders(QObject *context, Completion<QList<FolderInfo>> done)
{
    const auto answer = d->to<QList<FolderInfo>>(context, std::move(done));
    Indexer *indexer = d->indexer;
    QMetaObject::invokeMethod(
        indexer, [indexer, answer] { answer(indexer->folders()); }, Qt::QueuedConnection);
}

void Store::settle(QObject *context, Completion<quint64> done)
{
    const auto answer = d->to<quint64>(context, std::move(done));
    Indexer *indexer = d->indexer;
    QMetaObject::invokeMethod(
        indexer, [indexer, answer] { indexer->settle(answer); }, Qt::QueuedConnection);
}

void Store::rows(const RowQuery &query, QObject *context, Completion<RowPage> done)
{
    d->ask<RowPage>(context, std::move(done), [query](StoreReader &reader) { return reader.rows(query); });
}

void Store::order(const RowQuery &query, QObject *context, Completion<RowOrder> done)
{
    d->ask<RowOrder>(context, std::move(done), [query](StoreReader &reader) { return reader.order(query); });
}

void Store::identify(const RowOrder &rows, QObject *context, Completion<QList<MessageId>> done)
{
    d->ask<QList<MessageId>>(
        context, std::move(done), [rows](StoreReader &reader) { return reader.identify(rows); });
}

void Store::read(const MessageId &id, qint64 limit, QObject *context, Completion<QByteArray> done)
{
    d->ask<QByteArray>(
        context, std::move(done), [id, limit](StoreReader &reader) { return reader.read(id, limit); });
}

void Store::octets(const MessageId &id, QObject *context, Completion<MessageOctets> done)
{
    d->ask<MessageOctets>(context, std::move(done),
        [id, folder = spoolFolder()](StoreReader &reader) { return reader.octets(id, folder); });
}

void Store::view(const MessageId &id, QObject *context, Completion<MessageView> done)
{
    d->ask<MessageView>(context, std::move(done), [id](StoreReader &reader) { return reader.view(id); });
}

void Store::savePart(
    const MessageId &id, int partIndex, const QString &path, QObject *context, Completion<void> done)
{
    d->ask<void>(context, std::move(done),
        [id, partIndex, path](StoreReader &reader) { return reader.savePart(id, partIndex, path); });
}

void Store::saveParts(const MessageId &id, const QList<NamedPart> &parts, const QString &folder,
    QObject *context, Completion<QStringList> done)
{
    d->ask<QStringList>(context, std::move(done),
        [id, parts, folder](StoreReader &reader) { return reader.saveParts(id, parts, folder); });
}

void Store::copyPart(const MessageId &id, const NamedPart &part, const QString &folder, QObject *context,
    Completion<QString> done)
{
    d->ask<QString>(context, std::move(done),
        [id, part, folder](StoreReader &reader) { return reader.copyPart(id, part, folder); });
}

void Store::flags(const MessageId &id, QObject *context, Completion<MessageFlags> done)
{
    d->ask<MessageFlags>(context, std::move(done), [id](StoreReader &reader) { return reader.flags(id); });
}

void Store::saveSource(const MessageId &id, const QString &path, QObject *context, Completion<void> done)
{
    d->ask<void>(
        context, std::move(done), [id, path](StoreReader &reader) { return reader.saveSource(id, path); });
}

void Store::setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear, QObject *context,
    Completion<QList<MessageId>> done)
{
    const auto answer = d->to<QList<MessageId>>(context, std::move(done));
    Indexer *indexer = d->indexer;
    QMetaObject::invokeMethod(
        indexer, [indexer, ids, set, clear, answer] { indexer->changes().setFlags(ids, set, clear, answer); },
        Qt::QueuedConnection);
}

void Store::move(
    const QList<MessageId> &ids, const QString &toFolder, QObject *context, Completion<QList<MessageId>> done)
{
    const auto answer = d->to<QList<MessageId>>(context, std::move(done));
    Indexer *indexer = d->indexer;
    QMetaObject::invokeMethod(
        indexer, [indexer, ids, toFolder, answer] { indexer->changes().move(ids, toFolder, answer); },
        Qt::QueuedConnection);
}

void Store::remove(const QList<MessageId> &ids, QObject *context, Completion<void> done)
{
    const auto answer = d->to<void>(context, std::move(done));
    Indexer *indexer = d->indexer;
    QMetaObject::invokeMethod(
        indexer, [indexer, ids, answer] { indexer->changes().remove(ids, answer); }, Qt::QueuedConnection);
}

} // namespace glasspost::mail
