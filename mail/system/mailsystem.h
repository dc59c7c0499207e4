#pragma once

#include "mail/accept/receptionevent.h"
#include "mail/accept/submitreceipt.h"
#include "mail/base/messageoctets.h"
#include "mail/base/task.h"
#include "mail/index/rows.h"
#include "mail/message/draft.h"
#include "mail/message/mdn.h"
#include "mail/message/messageview.h"
#include "mail/queue/certificatequestion.h"
#include "mail/queue/queuevalues.h"
#include "mail/queue/reachability.h"
#include "mail/settings/settings.h"
#include "mail/store/carriedmessage.h"
#include "mail/system/certificate.h"
#include "mail/system/listenerstate.h"
#include "mail/system/startoptions.h"
#include "mail/transcripts/transcriptbatch.h"

#include <QObject>

#include <memory>

namespace glasspost::mail {

/// The local mail system: builds store, queue, routing, listener and sessions on threads of its own and is
/// the one object that app and ui hold. Every method may be called from any thread and returns at once; its
/// task is answered later. Signals are emitted on this object's thread (the one that made it), in batches of
/// at most some 30 a second.
class MailSystem : public QObject
{
    Q_OBJECT
public:
    /// Nothing is touched before start().
    explicit MailSystem(QString dataFolder, QObject *parent = nullptr);
    /// Ends in order: listener 421, journal checkpoint, threads joined.
    ~MailSystem() override;

    [[nodiscard]] QString dataFolder() const;

    /// Locks the folder, replays the journal, opens the store and the queue. `started` comes, or
    /// `startFailed`. The listener is not touched. firstStart settings are made and saved when the folder has
    /// none.
    void start(const StartOptions &options = StartOptions());
    void startListening(const ListenerSettings &settings); ///< listenerChanged tells
    void stopListening();

    /// Settings as they are in force; valid after started.
    [[nodiscard]] Settings settings() const;
    /// Takes them over and saves them; the task tells whether they could be saved.
    Task<void> setSettings(const Settings &settings);

    /// What the listener shows who asks for TLS; the self-made one is made when there is none yet.
    Task<CertificateFacts> listenerCertificate();

    /// Reading.
    Task<QList<FolderInfo>> folders();
    Task<RowPage> rows(const RowQuery &query);
    /// Every row of the query by its number, whatever its offset and limit, and the messages of such rows.
    Task<RowOrder> rowOrder(const RowQuery &query);
    Task<QList<MessageId>> identify(const RowOrder &rows);
    /// Answers when rows() would give all mail, with the index's generation, which is another one once the
    /// index was made anew: rows asked for between two equal answers are whole, unless a page is missing.
    Task<quint64> settleIndex();
    Task<MessageView> message(const MessageId &id);
    Task<void> savePart(const MessageId &id, int partIndex, const QString &path);
    /// Each into a new file of the folder: "name (2).ext" where that name is taken. Their paths.
    Task<QStringList> saveParts(const MessageId &id, const QList<NamedPart> &parts, const QString &folder);
    /// A copy for another program to show, mode 0400 in the data folder; gone with this program, or at its
    /// next start. Its path.
    Task<QString> copyPart(const MessageId &id, const NamedPart &part);
    Task<void> saveSource(const MessageId &id, const QString &path);
    Task<QByteArray> source(const MessageId &id); ///< its octets, LF
    /// The same without reading a large one: a file that stays, whatever becomes of the message.
    Task<MessageOctets> octets(const MessageId &id);

    /// Changing. A move keeps the unique name, so an undo is a move back; removing for good is from Trash
    /// alone.
    /// The answer names those that had other flags before.
    Task<QList<MessageId>> setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear);
    Task<QList<MessageId>> move(const QList<MessageId> &ids, const QString &toFolder);
    Task<void> remove(const QList<MessageId> &ids);
    Task<void> createFolder(const FolderId &folder);
    Task<void> removeFolder(const FolderId &folder); ///< an empty one
    /// Messages of other programs into a folder, those marked as deleted into Trash, in one transaction: all
    /// or none. How many, when durable.
    Task<int> keepMessages(const FolderId &folder, const QList<CarriedMessage> &messages);

    /// Writing. check() is quick and touches no disk but for the attachments' existence. submit() answers
    /// when the message is durable: in the queue, and in local mailboxes and Sent. notBefore in milliseconds
    /// since the epoch.
    [[nodiscard]] QList<DraftProblem> check(const Draft &draft) const;
    Task<SubmitReceipt> submit(const Draft &draft, qint64 notBefore);
    /// By a route of its own, at once.
    Task<SubmitReceipt> submit(const Draft &draft, const OutgoingRoute &route);
    /// A whole message with its envelope, as "send --message --queue" has it.
    Task<SubmitReceipt> submitMessage(const smtp::Envelope &envelope, const MessageOctets &message);
    /// The same by a route of its own, which the message keeps while it waits.
    Task<SubmitReceipt> submitMessage(
        const smtp::Envelope &envelope, const MessageOctets &message, const OutgoingRoute &route);
    /// Into Drafts, in the place of the version saved before. The attachments are from then on the copies
    /// that the answer names; one that cannot be read is an error, and the version before stays.
    Task<SavedDraft> saveDraft(const Draft &draft);
    Task<Draft> loadDraft(const MessageId &id); ///< from Drafts
    /// The attachments of a message as files that belong to a draft, to be forwarded with it.
    Task<QList<DraftAttachment>> unpackAttachments(const MessageId &from, const QByteArray &draftId);
    /// A saved draft goes to Trash, and comes back from there. Its attachments' files stay until
    /// dropComposer().
    void discardDraft(const QByteArray &draftId);
    void restoreDraft(const QByteArray &draftId);
    /// The message it answered or forwarded loses the mark that sending it made.
    void unmarkOrigin(const QByteArray &draftId);
    /// Autosave of open composers: kept until dropped, given back after a crash.
    void keepComposer(const Draft &draft);
    /// Closed, and not to be undone any more: its files go.
    void dropComposer(const QByteArray &draftId);
    Task<QList<KeptComposer>> keptComposers();
    /// The receipt that a message asks for (RFC 8098): mayAnswer is false when it was answered before. An
    /// answer is kept, whatever becomes of the message.
    Task<MdnRequest> mdnRequest(const MessageId &id);
    Task<void> answerMdn(const MessageId &id, MdnDecision decision);
    /// "direct to mx1.example.org", "via smtp.example.org as alice", as a route value for the composer.
    [[nodiscard]] OutgoingRoute routeFor(const QString &recipientAddress) const;
    [[nodiscard]] bool isLocal(const QString &recipientAddress) const;

    /// Queue: the entries that have a recipient still to be served. queueChanged brings an entry once more
    /// when it is done, and queueRemoved follows at once; queueEntry() finds done ones too, for seven days
    /// (the journey of a message in Sent). Removing an entry of which nothing has left yet (undo) moves its
    /// copy in Sent to Trash.
    Task<QList<QueueEntry>> queue();
    Task<QueueEntry> queueEntry(const QByteArray &id);
    Task<MessageView> queuedMessage(const QByteArray &id); ///< to be shown
    /// An empty list of ids means every entry. The number of entries acted on comes back.
    Task<int> actOnQueue(const QueueRequest &request, const QList<QByteArray> &ids);
    /// A smarthost's password, for this run (or from the secret store); given when passwordNeeded came.
    void setRoutePassword(const QString &host, const QString &user, const QByteArray &password);

    /// Offline: what would leave this machine waits in the queue until it is said otherwise. NetworkWatch
    /// knows.
    void setReachability(Reachability reachability);
    [[nodiscard]] Reachability reachability() const;

    /// Certificates that did not fit, each once, until a person decides; messages for that server wait in the
    /// queue meanwhile. An accepted one's are tried at once.
    Task<QList<CertificateQuestion>> certificateQuestions();
    void decideCertificate(const AcceptedCertificate &which, CertificateDecision decision);

    /// Sessions, newest first.
    Task<QList<smtp::SessionFacts>> sessions(int offset, int limit);
    Task<std::pair<smtp::SessionFacts, QList<smtp::TranscriptEntry>>> transcript(const QByteArray &sessionId);

Q_SIGNALS:
    void started();
    void startFailed(const glasspost::mail::Error &error);
    void listenerChanged(const glasspost::mail::ListenerState &state);
    void settingsChanged(const glasspost::mail::Settings &settings);
    void storeChanged(const glasspost::mail::StoreChange &change);
    void queueChanged(const QList<glasspost::mail::QueueEntry> &entries); ///< entries that came or changed
    void queueRemoved(const QList<QByteArray> &ids);
    void transcriptsRecorded(const glasspost::mail::TranscriptBatch &batch);
    void received(const QList<glasspost::mail::ReceptionEvent> &events);
    void passwordNeeded(const QString &host, const QString &user);
    void reachabilityChanged(glasspost::mail::Reachability reachability);
    void certificateQuestionsChanged(const QList<glasspost::mail::CertificateQuestion> &questions); ///< all
    /// Something went wrong that no task carries: the disk filled, the index had to be rebuilt ...
    void troubled(const glasspost::mail::Error &error);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::mail
