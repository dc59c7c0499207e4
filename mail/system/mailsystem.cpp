#include "mail/system/mailsystem.h"

#include "mail/base/worker.h"
#include "mail/system/batches.h"
#include "mail/system/mailcore.h"
#include "smtp/syntax/path.h"

#include <QMutex>
#include <QThread>

#include <atomic>

namespace glasspost::mail {

namespace {

Error notStarted(const QString &folder)
{
    return {ErrorCode::NotFound, folder, QStringLiteral("not started")};
}

} // namespace

struct MailSystem::Private
{
    MailSystem *q = nullptr;
    QString dataFolder;
    QThread thread; // the mail thread
    MailCore *core = nullptr; // lives there
    Batches *batches = nullptr; // lives there
    std::atomic<bool> isOpen = false;
    QMutex mutex;
    Settings settings; // under the mutex
    Reachability reachability = Reachability::Unknown; // under the mutex

    /// Runs work(MailCore &) on the mail thread; what it returns, now or later, is the answer.
    template <typename Work> TaskFor<Work, MailCore &> ask(Work work)
    {
        return runOn(core, [this, work = std::move(work)]() mutable -> TaskFor<Work, MailCore &> {
            const PromiseFor<Work, MailCore &> promise;
            if (isOpen)
                promise.answerWith([&] { return work(*core); });
            else
                promise.answer(tl::unexpected(notStarted(dataFolder)));
            return promise.task();
        });
    }

    /// The same with a part that any thread may call, and that has threads of its own.
    template <typename Work> TaskFor<Work, MailCore &> direct(Work work)
    {
        if (!isOpen)
            return tl::unexpected(notStarted(dataFolder));
        return work(*core);
    }

    void open(const StartOptions &options)
    {
        const Result<void> result = core->open(options);
        if (!result) {
            QMetaObject::invokeMethod(
                q, [this, error = result.error()] { Q_EMIT q->startFailed(error); }, Qt::QueuedConnection);
            return;
        }
        keep(core->settings());
        connectParts();
        isOpen = true;
        core->setReachability(q->reachability()); // said before the start
        QMetaObject::invokeMethod(
            q, [this] { Q_EMIT q->started(); }, Qt::QueuedConnection);
    }

    void keep(const Settings &now)
    {
        const QMutexLocker lock(&mutex);
        settings = now;
    }

    void connectParts()
    {
        connect(&core->store(), &Store::changed, q, &MailSystem::storeChanged);
        connect(&core->transcripts(), &TranscriptStore::batched, q,
            [this](const auto &sessions, const auto &entries) {
                Q_EMIT q->transcriptsRecorded({sessions, entries});
            });
        connect(&core->queue(), &Queue::changed, batches, &Batches::entriesChanged);
        connect(&core->queue(), &Queue::removed, batches, &Batches::entriesRemoved);
    }

    void connectCore()
    {
        connect(core, &MailCore::settingsChanged, core, [this](const Settings &now) { keep(now); });
        connect(core, &MailCore::settingsChanged, q, &MailSystem::settingsChanged);
        connect(core, &MailCore::passwordNeeded, q, &MailSystem::passwordNeeded);
        connect(core, &MailCore::certificateQuestionsChanged, q, &MailSystem::certificateQuestionsChanged);
        connect(core, &MailCore::troubled, q, &MailSystem::troubled);
        connect(core, &MailCore::received, batches, &Batches::received);
        connect(core, &MailCore::listenerChanged, batches, &Batches::listenerChanged);
        connect(batches, &Batches::queueChanged, q, &MailSystem::queueChanged);
        connect(batches, &Batches::queueRemoved, q, &MailSystem::queueRemoved);
        connect(batches, &Batches::receptions, q, &MailSystem::received);
        connect(batches, &Batches::listener, q, &MailSystem::listenerChanged);
    }
};

MailSystem::MailSystem(QString dataFolder, QObject *parent) : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->dataFolder = std::move(dataFolder);
    d->core = new MailCore(d->dataFolder);
    d->batches = new Batches(d->core);
    d->connectCore();
    d->core->moveToThread(&d->thread);
    d->thread.setObjectName(QStringLiteral("mail"));
    endOpenSslWith(d->thread);
    connect(d->core, &MailCore::closed, d->core, &QObject::deleteLater);
    connect(d->core, &QObject::destroyed, &d->thread, &QThread::quit, Qt::DirectConnection);
    d->thread.start();
}

// Answers and signals for this object that are still on their way are dropped with it.
MailSystem::~MailSystem()
{
    runOn(d->core, [this] {
        d->isOpen = false; // what was asked before is done
        d->core->close();
    });
    d->thread.wait();
}

QString MailSystem::dataFolder() const
{
    return d->dataFolder;
}

void MailSystem::start(const StartOptions &options)
{
    runOn(d->core, [this, options] { d->open(options); });
}

void MailSystem::startListening(const ListenerSettings &settings)
{
    d->ask([settings](MailCore &core) { core.startListening(settings); });
}

void MailSystem::stopListening()
{
    d->ask([](MailCore &core) { core.stopListening(); });
}

Settings MailSystem::settings() const
{
    const QMutexLocker lock(&d->mutex);
    return d->settings;
}

Task<void> MailSystem::setSettings(const Settings &settings)
{
    return d->ask([settings](MailCore &core) { return core.setSettings(settings); });
}

Task<CertificateFacts> MailSystem::listenerCertificate()
{
    return d->ask([](MailCore &core) { return core.listenerCertificate(); });
}

Task<QList<FolderInfo>> MailSystem::folders()
{
    return d->direct([=](MailCore &core) { return core.store().folders(); });
}

Task<RowPage> MailSystem::rows(const RowQuery &query)
{
    return d->direct([=](MailCore &core) { return core.store().rows(query); });
}

Task<RowOrder> MailSystem::rowOrder(const RowQuery &query)
{
    return d->direct([=](MailCore &core) { return core.store().order(query); });
}

Task<QList<MessageId>> MailSystem::identify(const RowOrder &rows)
{
    return d->direct([=](MailCore &core) { return core.store().identify(rows); });
}

Task<quint64> MailSystem::settleIndex()
{
    return d->direct([=](MailCore &core) { return core.store().settle(); });
}

Task<MessageView> MailSystem::message(const MessageId &id)
{
    return d->direct([=](MailCore &core) { return core.store().view(id); });
}

Task<void> MailSystem::savePart(const MessageId &id, int partIndex, const QString &path)
{
    return d->direct([=](MailCore &core) { return core.store().savePart(id, partIndex, path); });
}

Task<QStringList> MailSystem::saveParts(
    const MessageId &id, const QList<NamedPart> &parts, const QString &folder)
{
    return d->direct([=](MailCore &core) { return core.store().saveParts(id, parts, folder); });
}

Task<QString> MailSystem::copyPart(const MessageId &id, const NamedPart &part)
{
    return d->direct([=, folder = openedFolder(d->dataFolder)](
                         MailCore &core) { return core.store().copyPart(id, part, folder); });
}

Task<void> MailSystem::saveSource(const MessageId &id, const QString &path)
{
    return d->direct([=](MailCore &core) { return core.store().saveSource(id, path); });
}

Task<QByteArray> MailSystem::source(const MessageId &id)
{
    return d->direct([=](MailCore &core) { return core.store().read(id, -1); });
}

Task<MessageOctets> MailSystem::octets(const MessageId &id)
{
    return d->direct([=](MailCore &core) { return core.store().octets(id); });
}

Task<QList<MessageId>> MailSystem::setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear)
{
    return d->direct([=](MailCore &core) { return core.store().setFlags(ids, set, clear); });
}

Task<QList<MessageId>> MailSystem::move(const QList<MessageId> &ids, const QString &toFolder)
{
    return d->direct([=](MailCore &core) { return core.store().move(ids, toFolder); });
}

Task<void> MailSystem::remove(const QList<MessageId> &ids)
{
    return d->direct([=](MailCore &core) { return core.store().remove(ids); });
}

Task<void> MailSystem::createFolder(const FolderId &folder)
{
    return d->direct([=](MailCore &core) { return core.store().createFolder(folder); });
}

Task<void> MailSystem::removeFolder(const FolderId &folder)
{
    return d->direct([=](MailCore &core) { return core.store().removeFolder(folder); });
}

Task<int> MailSystem::keepMessages(const FolderId &folder, const QList<CarriedMessage> &messages)
{
    QList<IncomingMessage> incoming;
    for (const CarriedMessage &carried : messages) {
        IncomingMessage message;
        message.origin = IncomingMessage::Origin::Import;
        message.content = carried.octets;
        message.folder = folder;
        message.flags = carried.flags;
        incoming.append(message);
    }
    return d->ask([incoming](MailCore &core) {
        const int count = int(incoming.size());
        return core.acceptor().acceptAll(incoming).andThen(&core, [count] { return count; });
    });
}

QList<DraftProblem> MailSystem::check(const Draft &draft) const
{
    const Router router(settings());
    return checkDraft(draft, [&router](const QString &name) {
        const Destination where = router.destination({name.toUtf8(), {}});
        return where.kind == Destination::Kind::Local || where.kind == Destination::Kind::Forwarded;
    });
}

Task<SubmitReceipt> MailSystem::submit(const Draft &draft, qint64 notBefore)
{
    return d->ask([draft, notBefore](MailCore &core) {
        return core.submission().submit(draft, {notBefore, std::nullopt});
    });
}

Task<SubmitReceipt> MailSystem::submit(const Draft &draft, const OutgoingRoute &route)
{
    return d->ask([draft, route](MailCore &core) { return core.submission().submit(draft, {0, route}); });
}

Task<SubmitReceipt> MailSystem::submitMessage(const smtp::Envelope &envelope, const MessageOctets &message)
{
    return d->ask([envelope, message](MailCore &core) {
        return core.submission().submitMessage(envelope, message, std::nullopt);
    });
}

Task<SubmitReceipt> MailSystem::submitMessage(
    const smtp::Envelope &envelope, const MessageOctets &message, const OutgoingRoute &route)
{
    return d->ask([envelope, message, route](
                      MailCore &core) { return core.submission().submitMessage(envelope, message, route); });
}

Task<SavedDraft> MailSystem::saveDraft(const Draft &draft)
{
    return d->ask([draft](MailCore &core) { return core.submission().saveDraft(draft); });
}

Task<Draft> MailSystem::loadDraft(const MessageId &id)
{
    return d->ask([id](MailCore &core) { return core.submission().loadDraft(id); });
}

Task<QList<DraftAttachment>> MailSystem::unpackAttachments(const MessageId &from, const QByteArray &draftId)
{
    return d->ask(
        [from, draftId](MailCore &core) { return core.submission().unpackAttachments(from, draftId); });
}

void MailSystem::discardDraft(const QByteArray &draftId)
{
    d->ask([draftId](MailCore &core) { core.submission().discardDraft(draftId); });
}

void MailSystem::restoreDraft(const QByteArray &draftId)
{
    d->ask([draftId](MailCore &core) { core.submission().restoreDraft(draftId); });
}

void MailSystem::unmarkOrigin(const QByteArray &draftId)
{
    d->ask([draftId](MailCore &core) { core.submission().unmarkOrigin(draftId); });
}

void MailSystem::keepComposer(const Draft &draft)
{
    d->ask([draft](MailCore &core) { core.submission().keepComposer(draft); });
}

void MailSystem::dropComposer(const QByteArray &draftId)
{
    d->ask([draftId](MailCore &core) { core.submission().dropComposer(draftId); });
}

Task<QList<KeptComposer>> MailSystem::keptComposers()
{
    return d->ask([](MailCore &core) { return core.submission().keptComposers(); });
}

Task<MdnRequest> MailSystem::mdnRequest(const MessageId &id)
{
    return d->ask([id](MailCore &core) { return core.receipts().request(id); });
}

Task<void> MailSystem::answerMdn(const MessageId &id, MdnDecision decision)
{
    return d->ask([id, decision](MailCore &core) { return core.receipts().answer(id, decision); });
}

OutgoingRoute MailSystem::routeFor(const QString &) const
{
    return settings().route;
}

bool MailSystem::isLocal(const QString &recipientAddress) const
{
    const auto mailbox = smtp::parseMailbox(recipientAddress.toUtf8());
    const smtp::Mailbox path = mailbox ? *mailbox : smtp::Mailbox{recipientAddress.toUtf8(), {}};
    return Router(settings()).destination(path).kind != Destination::Kind::Remote;
}

Task<QList<QueueEntry>> MailSystem::queue()
{
    return d->ask([](MailCore &core) { return core.queue().entries(); });
}

Task<QueueEntry> MailSystem::queueEntry(const QByteArray &id)
{
    return d->ask([id](MailCore &core) -> Result<QueueEntry> {
        const QueueEntry entry = core.queue().entry(id);
        if (entry.id.isEmpty())
            return tl::unexpected(Error{ErrorCode::NotFound, QString::fromLatin1(id), {}});
        return entry;
    });
}

Task<MessageView> MailSystem::queuedMessage(const QByteArray &id)
{
    return d->ask([id](MailCore &core) { return core.queuedMessage(id); });
}

Task<int> MailSystem::actOnQueue(const QueueRequest &request, const QList<QByteArray> &ids)
{
    return d->ask([request, ids](MailCore &core) { return core.queue().act(request, ids).done; });
}

void MailSystem::setRoutePassword(const QString &host, const QString &user, const QByteArray &password)
{
    d->ask([host, user, password](MailCore &core) { core.setRoutePassword({host, user}, password); });
}

void MailSystem::setReachability(Reachability reachability)
{
    {
        const QMutexLocker lock(&d->mutex);
        d->reachability = reachability;
    }
    d->ask([this](MailCore &core) { core.setReachability(this->reachability()); });
    QMetaObject::invokeMethod(
        this, [this, reachability] { Q_EMIT reachabilityChanged(reachability); }, Qt::QueuedConnection);
}

Reachability MailSystem::reachability() const
{
    const QMutexLocker lock(&d->mutex);
    return d->reachability;
}

Task<QList<CertificateQuestion>> MailSystem::certificateQuestions()
{
    return d->ask([](MailCore &core) { return core.certificates().questions(); });
}

void MailSystem::decideCertificate(const AcceptedCertificate &which, CertificateDecision decision)
{
    d->ask([which, decision](MailCore &core) { core.certificates().decide(which, decision); });
}

Task<QList<smtp::SessionFacts>> MailSystem::sessions(int offset, int limit)
{
    return d->direct([=](MailCore &core) { return core.transcripts().sessions(offset, limit); });
}

Task<Transcript> MailSystem::transcript(const QByteArray &sessionId)
{
    return d->direct([=](MailCore &core) { return core.transcripts().transcript(sessionId); });
}

} // namespace glasspost::mail
