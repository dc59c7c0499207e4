#include "mail/store/store.h"

#include "mail/base/deliverer.h"
#include "mail/base/lineends.h"
#include "mail/base/posix.h"
#include "mail/index/indexer.h"
#include "mail/maildir/maildirname.h"
#include "mail/store/storereader.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QThread>

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <optional>

namespace glasspost::mail {

struct Store::Private
{
    QString dataFolder;
    FileDescriptor data;
    Journal *journal = nullptr;
    Deliverer deliverer;
    std::atomic<quint64> generation = 0;
    std::atomic<quint64> spools = 0;
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

namespace {

/// One intake made into steps and what follows from them.
struct Plan
{
    QList<MessageId> ids;
    QList<IndexJob> jobs;
    QList<MessageId> replaced;
    Filed filed;
};

Result<Plan> planIntake(const QString &dataFolder, Intake &intake, FileTransaction &steps)
{
    Plan plan;
    const bool spooled = !intake.spoolFile.isEmpty();
    const bool shared = intake.content.isSpooled();
    const QByteArray content
        = spooled || shared ? QByteArray() : withLf(intake.traceFields) + withLf(intake.content.inMemory());
    qint64 fileSize = content.size();
    plan.filed.size = wireSize(content);
    if (spooled || shared) {
        fileSize = spooled ? QFileInfo(intake.spoolFile).size() : intake.content.size();
        plan.filed.size = spooled ? intake.spoolSize : intake.content.wireSize();
    }
    QString first;
    for (const FolderId &folder : std::as_const(intake.folders)) {
        const auto maildir = folderPath(folder);
        if (!maildir)
            return tl::unexpected(Error{ErrorCode::NotPermitted, folder.user, folder.folder});
        const QByteArray unique = newUniqueName(fileSize, plan.filed.size, intake.queueId);
        const QByteArray file = intake.flags ? "cur/" + unique + infoFor(intake.flags) : "new/" + unique;
        const QString path = QString::fromUtf8(*maildir + '/' + file);
        if (first.isEmpty()) {
            first = path;
            steps.append(
                {FileStep::Kind::Create, path, {}, content, intake.spoolFile, intake.content.file()});
        } else {
            steps.append({FileStep::Kind::Link, first, path, {}, {}});
        }
        plan.ids.append({folder, unique});
        plan.jobs.append({plan.ids.last(), file, plan.filed.size, content, intake.sessionId, intake.queueId});
    }
    for (const MessageId &old : std::as_const(intake.replaces)) {
        // Its flags are not known here: the step finds it by its unique name.
        const QByteArray path = folderPath(old.folder).value_or(QByteArray()) + "/cur/" + old.unique;
        steps.append({FileStep::Kind::Remove, QString::fromUtf8(path), {}, {}, {}});
    }
    plan.replaced = intake.replaces;
    plan.filed.ids = plan.ids;
    plan.filed.file = dataFolder + QLatin1Char('/') + first;
    steps.append(intake.alongside);
    return plan;
}

} // namespace

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

void Store::keep(
    Intake intake, QObject *context, Completion<QList<MessageId>> durable, Completion<Filed> filed)
{
    Completion<QList<QList<MessageId>>> allDurable;
    Completion<QList<Filed>> allFiled;
    if (durable)
        allDurable = [durable = std::move(durable)](const Result<QList<QList<MessageId>>> &result) {
            durable(result ? Result<QList<MessageId>>(result->value(0)) : tl::unexpected(result.error()));
        };
    if (filed)
        allFiled = [filed = std::move(filed)](const Result<QList<Filed>> &result) {
            filed(result ? Result<Filed>(result->value(0)) : tl::unexpected(result.error()));
        };
    keepAll({std::move(intake)}, context, std::move(allDurable), std::move(allFiled));
}

void Store::keepAll(QList<Intake> intakes, QObject *context, Completion<QList<QList<MessageId>>> durable,
    Completion<QList<Filed>> filed)
{
    FileTransaction steps;
    QList<QList<MessageId>> ids;
    QList<Filed> files;
    QList<IndexJob> jobs;
    QList<MessageId> replaced;
    for (Intake &intake : intakes) {
        auto plan = planIntake(d->dataFolder, intake, steps);
        if (!plan) {
            d->to<QList<QList<MessageId>>>(context, std::move(durable))(tl::unexpected(plan.error()));
            return;
        }
        ids.append(plan->ids);
        files.append(plan->filed);
        jobs += plan->jobs;
        replaced += plan->replaced;
    }
    const auto tellFiled = d->to<QList<Filed>>(context, std::move(filed));
    Indexer *indexer = d->indexer;
    d->journal->commit(
        std::move(steps), context,
        [ids, durable = std::move(durable)](const Result<void> &result) {
            if (durable)
                durable(result ? Result<QList<QList<MessageId>>>(ids) : tl::unexpected(result.error()));
        },
        indexer,
        [indexer, jobs, replaced, files, tellFiled](const Result<void> &applied) {
            tellFiled(applied ? Result<QList<Filed>>(files) : tl::unexpected(applied.error()));
            if (!applied)
                return;
            for (const MessageId &id : replaced)
                indexer->changes().drop(id);
            for (const IndexJob &job : jobs)
                indexer->add(job);
        });
}

QString Store::spoolFolder() const
{
    return d->dataFolder + QStringLiteral("/spool");
}

QString Store::newSpoolFile() const
{
    for (;;) {
        const QString path = d->dataFolder + QStringLiteral("/spool/in-%1").arg(++d->spools);
        const FileDescriptor file(::open(
            QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (file.isOpen() || errno != EEXIST)
            return path;
    }
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
