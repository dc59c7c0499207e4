#pragma once

#include "mail/accept/receptionevent.h"
#include "mail/base/task.h"
#include "mail/index/rows.h"
#include "mail/index/surplusquery.h"
#include "mail/index/tagcount.h"
#include "mail/message/mdn.h"
#include "mail/message/messageview.h"
#include "mail/message/partdetails.h"
#include "mail/rules/rulelog.h"
#include "mail/store/carriedmessage.h"
#include "smtp/syntax/envelope.h"

#include <QObject>

#include <stop_token>

namespace glasspost::mail {

/// The mailboxes: what is in them, and every change to them. Any thread may call; every method returns at
/// once. A task is answered with NotFound where the message or folder is gone, else with what the disk or the
/// index says; one that changes something is answered when that is durable. Signals are emitted on the thread
/// that made the mail system, some 30 a second at most.
class Mailboxes : public QObject
{
    Q_OBJECT
public:
    virtual Task<QList<FolderInfo>> folders() = 0;
    /// Rows and order fail soon after the stop is requested: who asks for something else in their place need
    /// not wait for them.
    virtual Task<RowPage> rows(const RowQuery &query, const std::stop_token &stop = {}) = 0;
    /// Every row of the query by its number, whatever its offset and limit, and the messages of such rows.
    virtual Task<RowOrder> rowOrder(const RowQuery &query, const std::stop_token &stop = {}) = 0;
    virtual Task<QList<MessageId>> identify(const RowOrder &rows) = 0;
    /// What a folder has more than it is to keep, of what is in the index by now.
    virtual Task<QList<MessageId>> surplus(const SurplusQuery &query) = 0;
    /// Answers when rows() would give all mail, with the index's generation, which is another one once the
    /// index was rebuilt: rows asked for between two equal answers are whole, unless a page is missing.
    virtual Task<quint64> settle() = 0;

    virtual Task<MessageView> message(const MessageId &id) = 0;
    /// The whole message, lines end in LF. A large one is in a file that stays, whatever becomes of the
    /// message.
    virtual Task<MessageOctets> octets(const MessageId &id) = 0;
    /// The message of a message/rfc822 part, with the id of the message that it lies in.
    virtual Task<MessageView> attachedMessage(const MessageId &id, int partIndex) = 0;
    /// At most limit decoded octets of a part.
    virtual Task<QByteArray> part(const MessageId &id, int partIndex, qint64 limit) = 0;
    virtual Task<PartDetails> partDetails(const MessageId &id, int partIndex) = 0;
    virtual Task<void> saveSource(const MessageId &id, const QString &path) = 0;
    virtual Task<void> savePart(const MessageId &id, int partIndex, const QString &path) = 0;
    /// Each into a new file of the folder: "name (2).ext" where that name is taken. Their paths.
    virtual Task<QStringList> saveParts(
        const MessageId &id, const QList<NamedPart> &parts, const QString &folder)
        = 0;
    /// A copy for another program to show, mode 0400 in the data folder; gone with this program, or at its
    /// next start. Its path.
    virtual Task<QString> copyPart(const MessageId &id, const NamedPart &part) = 0;
    virtual Task<QString> copyOctets(const QByteArray &octets, const QString &name) = 0; ///< likewise

    /// Those that had other flags before.
    virtual Task<QList<MessageId>> setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear)
        = 0;
    /// Gives messages tags, any words, and takes others away; what differs in case alone is one tag. Those
    /// that had other tags before.
    virtual Task<QList<MessageId>> setTags(
        const QList<MessageId> &ids, const QStringList &add, const QStringList &remove)
        = 0;
    virtual Task<QStringList> tags() = 0; ///< that some message has, in alphabetical order
    /// Those of the messages in a folder, in alphabetical order.
    virtual Task<QList<TagCount>> tagCounts(const FolderId &folder) = 0;
    /// Keeps the unique names, so an undo is a move back. The messages where they are now.
    virtual Task<QList<MessageId>> move(const QList<MessageId> &ids, const QString &toFolder) = 0;
    virtual Task<void> remove(const QList<MessageId> &ids) = 0; ///< permanently
    virtual Task<void> createFolder(const FolderId &folder) = 0;
    virtual Task<void> removeFolder(const FolderId &folder) = 0; ///< an empty one, else NotPermitted
    /// Messages of other programs into a folder, those marked as deleted into Trash, in one transaction: all
    /// or none. How many.
    virtual Task<int> keepMessages(const FolderId &folder, const QList<CarriedMessage> &messages) = 0;
    /// A message that a program hands in to be looked at, kept as the catch-all keeps one that came over
    /// SMTP: once, in that Inbox, and never passed on. BadAddress when the envelope has no recipient.
    virtual Task<MessageId> capture(
        const FolderId &folder, const smtp::Envelope &envelope, const MessageOctets &octets)
        = 0;
    /// Where the files of large messages belong on their way into a mailbox.
    [[nodiscard]] virtual QString spoolFolder() const = 0;

    /// What rules did with the message of that unique name, on arrival or by hand, the oldest first.
    virtual Task<QList<RuleLogLine>> ruleDeeds(const QByteArray &unique) = 0;

    /// The read receipt that a message asks for (RFC 8098): mayAnswer is false when it was answered before.
    /// An answer is kept, whatever becomes of the message.
    virtual Task<MdnRequest> mdnRequest(const MessageId &id) = 0;
    virtual Task<void> answerMdn(const MessageId &id, MdnDecision decision) = 0;

Q_SIGNALS:
    void changed(const glasspost::mail::StoreChange &change);
    void received(
        const QList<glasspost::mail::ReceptionEvent> &events); ///< by the listener, or refused there
};

} // namespace glasspost::mail
