#include "mail/system/mailboxes.h"

#include "mail/base/freefile.h"
#include "mail/base/worker.h"
#include "mail/journal/datafolder.h"
#include "mail/system/mailthread.h"
#include "mail/system/services.h"

namespace glasspost::mail {

namespace {

QList<IncomingMessage> importedInto(const FolderId &folder, const QList<CarriedMessage> &messages)
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
    return incoming;
}

/// An inbox of the rule's is marked with its first message, as it is when that comes over SMTP.
Task<MessageId> captureNow(MailCore &core, const IncomingMessage &message)
{
    CaptureInboxes &inboxes = core.captureInboxes();
    const FolderId &folder = message.folder;
    const bool isByRule
        = !bindingInbox(core.settings(), folder.user) && inboxes.find(core.settings(), folder.user);
    const CaptureInboxes::Admission admission
        = isByRule ? inboxes.admit({folder}, {}) : CaptureInboxes::Admission{{folder}, {}};
    const Promise<MessageId> kept;
    core.acceptor()
        .accept(message, core.acceptor().planFor(message), admission.marks)
        .durable.then(&core, [&inboxes, admission, kept](const Result<Accepted> &accepted) {
            if (accepted)
                inboxes.made(admission.folders);
            else
                inboxes.failed(admission.folders);
            kept.answer(accepted.map([](const Accepted &all) { return all.mailboxes.first(); }));
        });
    return kept.task();
}

class CoreMailboxes : public Mailboxes
{
public:
    CoreMailboxes(MailThread &mail, QString dataFolder) : m_mail(mail), m_dataFolder(std::move(dataFolder))
    {
        m_mail.onMailThread([this](MailCore &core) {
            connect(&core.store(), &Store::changed, this, &Mailboxes::changed);
            connect(&core.batches(), &Batches::receptions, this, &Mailboxes::received);
        });
    }

    Task<QList<FolderInfo>> folders() override { return directly(&Store::folders); }
    Task<RowPage> rows(const RowQuery &query, const std::stop_token &stop) override
    {
        return directly(&Store::rows, query, stop);
    }
    Task<RowOrder> rowOrder(const RowQuery &query, const std::stop_token &stop) override
    {
        return directly(&Store::order, query, stop);
    }
    Task<QList<MessageId>> identify(const RowOrder &rows) override
    {
        return directly(&Store::identify, rows);
    }
    Task<QList<MessageId>> surplus(const SurplusQuery &query) override
    {
        return directly(&Store::surplus, query);
    }
    Task<quint64> settle() override { return directly(&Store::settle); }
    Task<MessageView> message(const MessageId &id) override { return directly(&Store::view, id); }
    Task<MessageOctets> octets(const MessageId &id) override { return directly(&Store::octets, id); }
    Task<MessageView> attachedMessage(const MessageId &id, int partIndex) override
    {
        return directly(&Store::attachedMessage, id, partIndex);
    }
    Task<QByteArray> part(const MessageId &id, int partIndex, qint64 limit) override
    {
        return directly(&Store::part, id, partIndex, limit);
    }
    Task<PartDetails> partDetails(const MessageId &id, int partIndex) override
    {
        return directly(&Store::partDetails, id, partIndex);
    }
    Task<void> saveSource(const MessageId &id, const QString &path) override
    {
        return directly(&Store::saveSource, id, path);
    }
    Task<void> savePart(const MessageId &id, int partIndex, const QString &path) override
    {
        return directly(&Store::savePart, id, partIndex, path);
    }
    Task<QStringList> saveParts(
        const MessageId &id, const QList<NamedPart> &parts, const QString &folder) override
    {
        return directly(&Store::saveParts, id, parts, folder);
    }
    Task<QString> copyPart(const MessageId &id, const NamedPart &part) override
    {
        return directly(&Store::copyPart, id, part, openedFolder(m_dataFolder));
    }
    Task<QString> copyOctets(const QByteArray &octets, const QString &name) override
    {
        return runLongWork([folder = openedFolder(m_dataFolder), octets, name] {
            const OctetsReader reader(octets);
            return writePrivateCopy(folder, name, reader.pieces(0, reader.size()));
        });
    }
    Task<QList<MessageId>> setFlags(
        const QList<MessageId> &ids, MessageFlags set, MessageFlags clear) override
    {
        return directly(&Store::setFlags, ids, set, clear);
    }
    Task<QList<MessageId>> setTags(
        const QList<MessageId> &ids, const QStringList &add, const QStringList &remove) override
    {
        return directly(&Store::setTags, ids, add, remove);
    }
    Task<QStringList> tags() override { return directly(&Store::tags); }
    Task<QList<TagCount>> tagCounts(const FolderId &folder) override
    {
        return directly(&Store::tagCounts, folder);
    }
    Task<QList<MessageId>> move(const QList<MessageId> &ids, const QString &toFolder) override
    {
        return directly(&Store::move, ids, toFolder);
    }
    Task<void> remove(const QList<MessageId> &ids) override { return directly(&Store::remove, ids); }
    Task<void> createFolder(const FolderId &folder) override
    {
        return directly(&Store::createFolder, folder);
    }
    Task<void> removeFolder(const FolderId &folder) override
    {
        return m_mail.onMailThread([folder](MailCore &core) { return core.removeFolder(folder); });
    }
    Task<int> keepMessages(const FolderId &folder, const QList<CarriedMessage> &messages) override
    {
        return m_mail.onMailThread([incoming = importedInto(folder, messages)](MailCore &core) {
            const int count = int(incoming.size());
            return core.acceptor().acceptAll(incoming).andThen(&core, [count] { return count; });
        });
    }
    Task<MessageId> capture(
        const FolderId &folder, const smtp::Envelope &envelope, const MessageOctets &octets) override
    {
        if (envelope.recipients.isEmpty())
            return tl::unexpected(Error{ErrorCode::BadAddress, {}, {}});
        IncomingMessage message;
        message.origin = IncomingMessage::Origin::Capture;
        message.envelope = envelope;
        message.content = octets;
        message.folder = folder;
        return m_mail.onMailThread([message](MailCore &core) { return captureNow(core, message); });
    }
    QString spoolFolder() const override { return spoolFolderOf(m_dataFolder); }
    Task<QList<RuleLogLine>> ruleDeeds(const QByteArray &unique) override
    {
        return m_mail.onMailThread([unique](MailCore &core) { return core.ruleLog().ofMessage(unique); });
    }
    Task<MdnRequest> mdnRequest(const MessageId &id) override
    {
        return m_mail.onMailThread([id](MailCore &core) { return core.receipts().request(id); });
    }
    Task<void> answerMdn(const MessageId &id, MdnDecision decision) override
    {
        return m_mail.onMailThread(
            [id, decision](MailCore &core) { return core.receipts().answer(id, decision); });
    }

private:
    /// The store has threads of its own.
    template <typename T, typename... Parameters, typename... Arguments>
    Task<T> directly(Task<T> (Store::*method)(Parameters...), const Arguments &...arguments)
    {
        return m_mail.directly(
            [method, arguments...](MailCore &core) { return (core.store().*method)(arguments...); });
    }

    MailThread &m_mail;
    QString m_dataFolder;
};

} // namespace

std::unique_ptr<Mailboxes> makeMailboxes(MailThread &mail, const QString &dataFolder)
{
    return std::make_unique<CoreMailboxes>(mail, dataFolder);
}

} // namespace glasspost::mail
