#include "mail/system/mailsystem.h"

#include "mail/base/contextlink.h"
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

    void onMailThread(std::function<void()> work)
    {
        QMetaObject::invokeMethod(core, std::move(work), Qt::QueuedConnection);
    }

    /// Work for the mail thread that nobody waits for.
    template <typename Work> void tell(Work work)
    {
        onMailThread([this, work = std::move(work)] {
            if (isOpen)
                work(*core);
        });
    }

    /// Work for the mail thread that answers on the context's.
    template <typename T, typename Work> void ask(QObject *context, Completion<T> done, Work work)
    {
        onMailThread([this, answer = onContext(context, std::move(done)), work = std::move(work)] {
            if (isOpen)
                work(*core, answer);
            else
                answer(tl::unexpected(notStarted(dataFolder)));
        });
    }

    /// Work for a part that any thread may call, and that answers on the context's thread itself.
    template <typename T, typename Work> void direct(QObject *context, Completion<T> done, Work work)
    {
        if (isOpen)
            work(*core, std::move(done));
        else
            onContext(context, std::move(done))(tl::unexpected(notStarted(dataFolder)));
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
    d->onMailThread([this] {
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
    d->onMailThread([this, options] { d->open(options); });
}

void MailSystem::startListening(const ListenerSettings &settings)
{
    d->onMailThread([this, settings] {
        if (d->isOpen)
            d->core->startListening(settings);
    });
}

void MailSystem::stopListening()
{
    d->onMailThread([this] {
        if (d->isOpen)
            d->core->stopListening();
    });
}

Settings MailSystem::settings() const
{
    const QMutexLocker lock(&d->mutex);
    return d->settings;
}

void MailSystem::setSettings(const Settings &settings, QObject *context, Completion<void> done)
{
    d->ask(context, std::move(done),
        [settings](MailCore &core, const auto &answer) { core.setSettings(settings, answer); });
}

void MailSystem::listenerCertificate(QObject *context, Completion<CertificateFacts> done)
{
    d->ask(context, std::move(done),
        [](MailCore &core, const auto &answer) { core.listenerCertificate(answer); });
}

void MailSystem::folders(QObject *context, Completion<QList<FolderInfo>> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().folders(context, answer); });
}

void MailSystem::rows(const RowQuery &query, QObject *context, Completion<RowPage> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().rows(query, context, answer); });
}

void MailSystem::rowOrder(const RowQuery &query, QObject *context, Completion<RowOrder> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().order(query, context, answer); });
}

void MailSystem::identify(const RowOrder &rows, QObject *context, Completion<QList<MessageId>> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().identify(rows, context, answer); });
}

void MailSystem::settleIndex(QObject *context, Completion<quint64> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().settle(context, answer); });
}

void MailSystem::message(const MessageId &id, QObject *context, Completion<MessageView> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().view(id, context, answer); });
}

void MailSystem::savePart(
    const MessageId &id, int partIndex, const QString &path, QObject *context, Completion<void> done)
{
    d->direct(context, std::move(done), [=](MailCore &core, const auto &answer) {
        core.store().savePart(id, partIndex, path, context, answer);
    });
}

void MailSystem::saveParts(const MessageId &id, const QList<NamedPart> &parts, const QString &folder,
    QObject *context, Completion<QStringList> done)
{
    d->direct(context, std::move(done), [=](MailCore &core, const auto &answer) {
        core.store().saveParts(id, parts, folder, context, answer);
    });
}

void MailSystem::copyPart(
    const MessageId &id, const NamedPart &part, QObject *context, Completion<QString> done)
{
    d->direct(context, std::move(done),
        [=, folder = openedFolder(d->dataFolder)](MailCore &core, const auto &answer) {
            core.store().copyPart(id, part, folder, context, answer);
        });
}

void MailSystem::saveSource(const MessageId &id, const QString &path, QObject *context, Completion<void> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().saveSource(id, path, context, answer); });
}

void MailSystem::source(const MessageId &id, QObject *context, Completion<QByteArray> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().read(id, -1, context, answer); });
}

void MailSystem::octets(const MessageId &id, QObject *context, Completion<MessageOctets> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().octets(id, context, answer); });
}

void MailSystem::setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear, QObject *context,
    Completion<QList<MessageId>> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().setFlags(ids, set, clear, context, answer); });
}

void MailSystem::move(
    const QList<MessageId> &ids, const QString &toFolder, QObject *context, Completion<QList<MessageId>> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().move(ids, toFolder, context, answer); });
}

void MailSystem::remove(const QList<MessageId> &ids, QObject *context, Completion<void> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().remove(ids, context, answer); });
}

void MailSystem::createFolder(const FolderId &folder, QObject *context, Completion<void> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().createFolder(folder, context, answer); });
}

void MailSystem::removeFolder(const FolderId &folder, QObject *context, Completion<void> done)
{
    d->direct(context, std::move(done),
        [=](MailCore &core, const auto &answer) { core.store().removeFolder(folder, context, answer); });
}

void MailSystem::keepMessages(
    const FolderId &folder, const QList<CarriedMessage> &messages, QObject *context, Completion<int> done)
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
    d->ask(context, std::move(done), [incoming](MailCore &core, const Completion<int> &answer) {
        core.acceptor().acceptAll(incoming, [answer, count = int(incoming.size())](const Result<void> &kept) {
            answer(kept.map([count] { return count; }));
        });
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

void MailSystem::submit(
    const Draft &draft, qint64 notBefore, QObject *context, Completion<SubmitReceipt> done)
{
    d->ask(context, std::move(done), [draft, notBefore](MailCore &core, const auto &answer) {
        core.submission().submit(draft, {notBefore, std::nullopt}, answer);
    });
}

void MailSystem::submit(
    const Draft &draft, const OutgoingRoute &route, QObject *context, Completion<SubmitReceipt> done)
{
    d->ask(context, std::move(done), [draft, route](MailCore &core, const auto &answer) {
        core.submission().submit(draft, {0, route}, answer);
    });
}

void MailSystem::submitMessage(const smtp::Envelope &envelope, const MessageOctets &message, QObject *context,
    Completion<SubmitReceipt> done)
{
    d->ask(context, std::move(done), [envelope, message](MailCore &core, const auto &answer) {
        core.submission().submitMessage(envelope, message, std::nullopt, answer);
    });
}

void MailSystem::submitMessage(const smtp::Envelope &envelope, const MessageOctets &message,
    const OutgoingRoute &route, QObject *context, Completion<SubmitReceipt> done)
{
    d->ask(context, std::move(done), [envelope, message, route](MailCore &core, const auto &answer) {
        core.submission().submitMessage(envelope, message, route, answer);
    });
}

void MailSystem::saveDraft(const Draft &draft, QObject *context, Completion<SavedDraft> done)
{
    d->ask(context, std::move(done),
        [draft](MailCore &core, const auto &answer) { core.submission().saveDraft(draft, answer); });
}

void MailSystem::loadDraft(const MessageId &id, QObject *context, Completion<Draft> done)
{
    d->ask(context, std::move(done),
        [id](MailCore &core, const auto &answer) { core.submission().loadDraft(id, answer); });
}

void MailSystem::unpackAttachments(const MessageId &from, const QByteArray &draftId, QObject *context,
    Completion<QList<DraftAttachment>> done)
{
    d->ask(context, std::move(done), [from, draftId](MailCore &core, const auto &answer) {
        core.submission().unpackAttachments(from, draftId, answer);
    });
}

void MailSystem::discardDraft(const QByteArray &draftId)
{
    d->tell([draftId](MailCore &core) { core.submission().discardDraft(draftId); });
}

void MailSystem::restoreDraft(const QByteArray &draftId)
{
    d->tell([draftId](MailCore &core) { core.submission().restoreDraft(draftId); });
}

void MailSystem::unmarkOrigin(const QByteArray &draftId)
{
    d->tell([draftId](MailCore &core) { core.submission().unmarkOrigin(draftId); });
}

void MailSystem::keepComposer(const Draft &draft)
{
    d->tell([draft](MailCore &core) { core.submission().keepComposer(draft); });
}

void MailSystem::dropComposer(const QByteArray &draftId)
{
    d->tell([draftId](MailCore &core) { core.submission().dropComposer(draftId); });
}

void MailSystem::keptComposers(QObject *context, Completion<QList<KeptComposer>> done)
{
    d->ask(context, std::move(done),
        [](MailCore &core, const auto &answer) { core.submission().keptComposers(answer); });
}

void MailSystem::mdnRequest(const MessageId &id, QObject *context, Completion<MdnRequest> done)
{
    d->ask(context, std::move(done),
        [id](MailCore &core, const auto &answer) { core.receipts().request(id, answer); });
}

void MailSystem::answerMdn(const MessageId &id, MdnDecision decision, QObject *context, Completion<void> done)
{
    d->ask(context, std::move(done),
        [id, decision](MailCore &core, const auto &answer) { core.receipts().answer(id, decision, answer); });
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

void MailSystem::queue(QObject *context, Completion<QList<QueueEntry>> done)
{
    d->ask(
        context, std::move(done), [](MailCore &core, const auto &answer) { answer(core.queue().entries()); });
}

void MailSystem::queueEntry(const QByteArray &id, QObject *context, Completion<QueueEntry> done)
{
    d->ask(context, std::move(done), [id](MailCore &core, const auto &answer) {
        const QueueEntry entry = core.queue().entry(id);
        const Error none{ErrorCode::NotFound, QString::fromLatin1(id), {}};
        answer(entry.id.isEmpty() ? tl::unexpected(none) : Result<QueueEntry>(entry));
    });
}

void MailSystem::queuedMessage(const QByteArray &id, QObject *context, Completion<MessageView> done)
{
    d->ask(context, std::move(done),
        [id](MailCore &core, const auto &answer) { core.queuedMessage(id, answer); });
}

void MailSystem::actOnQueue(
    const QueueRequest &request, const QList<QByteArray> &ids, QObject *context, Completion<int> done)
{
    d->ask(context, std::move(done),
        [request, ids](MailCore &core, const auto &answer) { core.actOnQueue(request, ids, answer); });
}

void MailSystem::setRoutePassword(const QString &host, const QString &user, const QByteArray &password)
{
    d->onMailThread([this, host, user, password] {
        if (d->isOpen)
            d->core->setRoutePassword({host, user}, password);
    });
}

void MailSystem::setReachability(Reachability reachability)
{
    {
        const QMutexLocker lock(&d->mutex);
        d->reachability = reachability;
    }
    d->onMailThread([this] {
        if (d->isOpen)
            d->core->setReachability(this->reachability());
    });
    QMetaObject::invokeMethod(
        this, [this, reachability] { Q_EMIT reachabilityChanged(reachability); }, Qt::QueuedConnection);
}

Reachability MailSystem::reachability() const
{
    const QMutexLocker lock(&d->mutex);
    return d->reachability;
}

void MailSystem::certificateQuestions(QObject *context, Completion<QList<CertificateQuestion>> done)
{
    d->ask(context, std::move(done),
        [](MailCore &core, const auto &answer) { answer(core.certificates().questions()); });
}

void MailSystem::decideCertificate(const AcceptedCertificate &which, CertificateDecision decision)
{
    d->onMailThread([this, which, decision] {
        if (d->isOpen)
            d->core->certificates().decide(which, decision);
    });
}

void MailSystem::sessions(int offset, int limit, QObject *context, Completion<QList<smtp::SessionFacts>> done)
{
    d->direct(context, std::move(done), [=](MailCore &core, const auto &answer) {
        core.transcripts().sessions(offset, limit, context, answer);
    });
}

void MailSystem::transcript(const QByteArray &sessionId, QObject *context, Completion<Transcript> done)
{
    d->direct(context, std::move(done), [=](MailCore &core, const auto &answer) {
        core.transcripts().transcript(sessionId, context, answer);
    });
}

} // namespace glasspost::mail
