#include "mail/accept/submission.h"

#include "mail/message/headerfields.h"
#include "mail/message/messagereader.h"
#include "mail/message/outgoingmessage.h"
#include "mail/message/reportparts.h"
#include "mail/message/sevenbit.h"
#include "mail/message/trace.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qint64 mostSearched = 1024 * 1024; // octets that are searched for fields

/// A message that was given whole, ready for the queue.
struct Prepared
{
    MessageOctets octets;
    bool wasBinary = false;
    QString subject;
    QByteArray messageIdField;
};

Result<Prepared> prepared(
    const MessageOctets &message, const smtp::Envelope &envelope, const QString &host, const QString &folder)
{
    Result<OutgoingMessage> outgoing = prepareOutgoing(*deviceOver(message), folder);
    if (!outgoing)
        return tl::unexpected(outgoing.error());
    Prepared result;
    result.wasBinary = outgoing->body == smtp::BodyType::BinaryMime;
    // The queue and the mailboxes keep lines, not every octet.
    const auto lines = result.wasBinary ? toSevenBit(outgoing->octets, folder) : outgoing->octets;
    const auto front = lines.and_then([](const MessageOctets &octets) { return octets.front(mostSearched); });
    if (!front)
        return tl::unexpected(front.error());
    const QByteArray missing = missingFields(*front, envelope, host.toUtf8());
    const auto whole = missing.isEmpty() ? lines : withHead(missing, *lines, folder);
    if (!whole)
        return tl::unexpected(whole.error());
    result.octets = *whole;
    const QByteArray head = missing + *front;
    const RawHeader header = readHeader(head);
    result.subject = readIndexFields(head.left(header.bodyOffset)).subject;
    result.messageIdField = bareMessageId(header.value("Message-ID"));
    return result;
}

} // namespace

Submission::Submission(QString dataFolder, Store &store, Acceptor &acceptor, Worker &worker)
    : m_dataFolder(std::move(dataFolder)), m_store(store), m_acceptor(acceptor), m_worker(worker)
{
    m_worker.run([folder = m_dataFolder] {
        dropOrphanedAttachments(folder);
        dropOpened(folder);
    });
}

Submission::~Submission()
{
    m_worker.run([folder = m_dataFolder] { dropOpened(folder); });
}

void Submission::configure(const Settings &settings)
{
    m_settings = settings;
}

Task<SubmitReceipt> Submission::submit(const Draft &draft, const SubmitTerms &terms)
{
    const auto build = [draft, host = m_settings.hostName, idDomain = m_settings.messageIdDomain,
                           folder = spoolFolder()] { return buildMessage(draft, host, idDomain, folder); };
    const auto buildAndSend = [this, draft, build](const SubmitTerms &how) {
        return m_worker.run(build).andThen(
            this, [this, draft, how](const BuiltMessage &built) { return send(draft, how, built); });
    };
    if (draft.origin.isNull() || !draft.inReplyTo.isEmpty())
        return buildAndSend(terms);
    return originalOf(draft).andThen(this, [terms, buildAndSend](const std::optional<MadeFrom> &original) {
        SubmitTerms forwarding = terms;
        forwarding.madeFrom = original;
        return buildAndSend(forwarding);
    });
}

/// Of a draft that forwards. The original may be gone: its name is known all the same.
Task<std::optional<MadeFrom>> Submission::originalOf(const Draft &draft)
{
    const Promise<std::optional<MadeFrom>> promise;
    const MadeFrom bare{MadeFrom::How::Forwarded, draft.origin, {}, {}};
    m_store.read(draft.origin, mostSearched).then(this, [promise, bare](const Result<QByteArray> &front) {
        MadeFrom original = bare;
        original.messageId = bareMessageId(readHeader(front.value_or(QByteArray())).value("Message-ID"));
        promise.answer(std::optional(original));
    });
    return promise.task();
}

Task<SubmitReceipt> Submission::send(const Draft &draft, const SubmitTerms &terms, const BuiltMessage &built)
{
    IncomingMessage message;
    message.origin = IncomingMessage::Origin::Composer;
    message.envelope = built.envelope;
    message.content = built.octets;
    message.subject = draft.subject;
    message.messageId = built.messageIdField;
    message.notBefore = terms.notBefore;
    message.route = terms.route;
    message.held = terms.held;
    message.madeFrom = terms.madeFrom;
    message.sentCopy = {{userFor(built.envelope.reversePath), QStringLiteral("Sent")}, built.sentCopy};
    message.replaces = savedVersion(draft.id);
    return accept(message).andThen(this, [this, draft](const SubmitReceipt &receipt) {
        sent(draft);
        return receipt;
    });
}

Task<SubmitReceipt> Submission::accept(const IncomingMessage &message)
{
    return m_acceptor.accept(message, m_acceptor.planFor(message), {})
        .durable.andThen(this, [](const Accepted &accepted) {
            return SubmitReceipt{accepted.queueId, accepted.mailboxes};
        });
}

// What follows a message that left; none of it can fail it any more.
void Submission::sent(const Draft &draft)
{
    m_saved.remove(draft.id);
    forgetComposerFile(draft.id);
    if (!draft.origin.isNull())
        markOrigin(draft);
}

void Submission::markOrigin(const Draft &draft)
{
    const Mark mark{draft.origin, draft.inReplyTo.isEmpty() ? MessageFlag::Passed : MessageFlag::Replied};
    m_store.flags(draft.origin).andThen(this, [this, mark, id = draft.id](MessageFlags flags) {
        if (flags.testFlag(mark.flag))
            return;
        m_marked.insert(id, mark);
        m_store.setFlags({mark.message}, mark.flag, {});
    });
}

void Submission::unmarkOrigin(const QByteArray &draftId)
{
    if (!m_marked.contains(draftId))
        return;
    const Mark mark = m_marked.take(draftId);
    m_store.setFlags({mark.message}, {}, mark.flag);
}

Task<SubmitReceipt> Submission::submitMessage(
    const smtp::Envelope &envelope, const MessageOctets &message, const SubmitTerms &terms)
{
    const auto prepare = [message, envelope, host = m_settings.hostName, folder = spoolFolder()] {
        return prepared(message, envelope, host, folder);
    };
    return m_worker.run(prepare).andThen(this, [this, envelope, terms](const Prepared &ready) {
        IncomingMessage incoming;
        incoming.origin = IncomingMessage::Origin::CommandLine;
        incoming.envelope = envelope;
        if (ready.wasBinary)
            incoming.envelope.body = smtp::BodyType::SevenBit;
        incoming.content = ready.octets;
        incoming.subject = ready.subject;
        incoming.messageId = ready.messageIdField;
        incoming.notBefore = terms.notBefore;
        incoming.route = terms.route;
        incoming.held = terms.held;
        incoming.madeFrom = terms.madeFrom;
        return accept(incoming);
    });
}

// Whose Sent and Drafts: the identity's user, the user of that address, else the first.
QString Submission::userFor(const smtp::Mailbox &reversePath) const
{
    const QString address = QString::fromUtf8(reversePath.toBytes());
    const auto identity
        = std::find_if(m_settings.identities.begin(), m_settings.identities.end(), [&](const Identity &one) {
              return one.address.compare(address, Qt::CaseInsensitive) == 0 && !one.user.isEmpty();
          });
    if (identity != m_settings.identities.end())
        return identity->user;
    const Destination own = m_acceptor.rules().router.destination(reversePath);
    if (own.kind == Destination::Kind::Local && own.folders.size() == 1)
        return own.folders.first().user;
    return m_settings.users.isEmpty() ? QStringLiteral("captured") : m_settings.users.first().name;
}

QList<MessageId> Submission::savedVersion(const QByteArray &draftId) const
{
    const auto saved = m_saved.constFind(draftId);
    return saved == m_saved.constEnd() ? QList<MessageId>() : QList<MessageId>{*saved};
}

Task<SavedDraft> Submission::saveDraft(const Draft &draft)
{
    // The draft as it is built: its attachments are copies then.
    using Built = std::pair<Draft, BuiltMessage>;
    const auto build = [draft, folder = m_dataFolder, host = m_settings.hostName,
                           spool = spoolFolder()]() -> Result<Built> {
        Draft kept = draft;
        const Result<QList<DraftAttachment>> attachments = keepAttachments(folder, draft);
        if (!attachments)
            return tl::unexpected(attachments.error());
        kept.attachments = *attachments;
        return buildDraft(kept, host, spool).map([&kept](const BuiltMessage &built) {
            return Built(kept, built);
        });
    };
    return m_worker.run(build).andThen(
        this, [this](const Built &built) { return keepDraft(built.first, built.second); });
}

Task<SavedDraft> Submission::keepDraft(const Draft &draft, const BuiltMessage &built)
{
    IncomingMessage message;
    message.origin = IncomingMessage::Origin::Draft;
    message.content = built.sentCopy;
    message.folder = {userFor(built.envelope.reversePath), QStringLiteral("Drafts")};
    message.flags = MessageFlag::Draft | MessageFlag::Seen;
    message.replaces = savedVersion(draft.id);
    return m_acceptor.accept(message, m_acceptor.planFor(message), {})
        .durable.andThen(this, [this, draft](const Accepted &accepted) {
            const MessageId &saved = accepted.mailboxes.first();
            m_saved.insert(draft.id, saved);
            return SavedDraft{saved, draft.attachments};
        });
}

Task<Draft> Submission::loadDraft(const MessageId &id)
{
    const QByteArray draftId = newDraftId();
    const auto read = [this, folder = attachmentFolder(m_dataFolder, draftId)](const MessageOctets &octets) {
        return m_worker.run([octets, folder] { return readDraft(octets, folder); });
    };
    return m_store.octets(id).andThen(this, read).andThen(this, [this, id, draftId](Draft draft) {
        draft.id = draftId;
        m_saved.insert(draftId, id);
        return draft;
    });
}

Task<QList<DraftAttachment>> Submission::unpackAttachments(const MessageId &from, const QByteArray &draftId)
{
    const QString folder = attachmentFolder(m_dataFolder, draftId);
    return m_store.octets(from).andThen(this, [this, folder](const MessageOctets &octets) {
        return m_worker.run([octets, folder] { return mail::unpackAttachments(octets, folder); });
    });
}

void Submission::discardDraft(const QByteArray &draftId)
{
    forgetComposerFile(draftId);
    moveSaved(draftId, QStringLiteral("Trash"));
}

void Submission::restoreDraft(const QByteArray &draftId)
{
    moveSaved(draftId, QStringLiteral("Drafts"));
}

void Submission::moveSaved(const QByteArray &draftId, const QString &toFolder)
{
    const auto saved = m_saved.find(draftId);
    if (saved == m_saved.end())
        return;
    m_store.move({*saved}, toFolder).then(this, [this](const Result<QList<MessageId>> &moved) {
        // Where somebody else moved it, it is no draft of this composer any more.
        if (!moved && moved.error().code != ErrorCode::NotFound)
            Q_EMIT troubled(moved.error());
    });
    saved->folder.folder = toFolder; // a move keeps the name
}

void Submission::keepComposer(const Draft &draft)
{
    const KeptComposer composer{draft, m_saved.value(draft.id)};
    m_worker.run([folder = m_dataFolder, composer] { return keepComposerFile(folder, composer); })
        .then(this, [this](const Result<void> &kept) {
            if (!kept)
                Q_EMIT troubled(kept.error());
        });
}

void Submission::forgetComposerFile(const QByteArray &draftId)
{
    m_worker.run([folder = m_dataFolder, draftId] { dropComposerFile(folder, draftId); });
}

void Submission::dropComposer(const QByteArray &draftId)
{
    m_saved.remove(draftId);
    m_marked.remove(draftId);
    m_worker.run([folder = m_dataFolder, draftId] {
        dropComposerFile(folder, draftId);
        dropAttachments(folder, draftId);
    });
}

Task<QList<KeptComposer>> Submission::keptComposers()
{
    return m_worker.run([folder = m_dataFolder] { return readComposerFiles(folder); })
        .andThen(this, [this](const QList<KeptComposer> &kept) {
            for (const KeptComposer &composer : kept) {
                if (!composer.savedAs.isNull())
                    m_saved.insert(composer.draft.id, composer.savedAs);
            }
            return kept;
        });
}

} // namespace glasspost::mail
