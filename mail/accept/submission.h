#pragma once

#include "mail/accept/acceptor.h"
#include "mail/accept/composers.h"
#include "mail/accept/submitreceipt.h"
#include "mail/base/worker.h"
#include "mail/message/messagebuilder.h"

#include <QHash>
#include <QObject>

namespace glasspost::mail {

/// How what a person writes leaves: a draft made into a message, its copies here, its entry in the queue and
/// its copy in Sent in one transaction; drafts and open composers kept. Lives on the mail thread; what blocks
/// is done on the worker.
class Submission : public QObject
{
    Q_OBJECT
public:
    Submission(QString dataFolder, Store &store, Acceptor &acceptor, Worker &worker);
    ~Submission() override;

    void configure(const Settings &settings);

    Task<SubmitReceipt> submit(const Draft &draft, const SubmitTerms &terms);
    /// Bcc is taken off, missing fields are added (RFC 6409 8), binary parts go in base64.
    Task<SubmitReceipt> submitMessage(
        const smtp::Envelope &envelope, const MessageOctets &message, const SubmitTerms &terms);
    Task<SavedDraft> saveDraft(const Draft &draft);
    Task<Draft> loadDraft(const MessageId &id);
    Task<QList<DraftAttachment>> unpackAttachments(const MessageId &from, const QByteArray &draftId);
    void discardDraft(const QByteArray &draftId);
    void restoreDraft(const QByteArray &draftId);
    void unmarkOrigin(const QByteArray &draftId);
    void keepComposer(const Draft &draft);
    void dropComposer(const QByteArray &draftId);
    Task<QList<KeptComposer>> keptComposers();

Q_SIGNALS:
    void troubled(const glasspost::mail::Error &error);

private:
    Task<SubmitReceipt> send(const Draft &draft, const SubmitTerms &terms, const BuiltMessage &built);
    [[nodiscard]] Task<std::optional<MadeFrom>> originalOf(const Draft &draft);
    Task<SubmitReceipt> accept(const IncomingMessage &message);
    void sent(const Draft &draft);
    void markOrigin(const Draft &draft);
    void moveSaved(const QByteArray &draftId, const QString &toFolder);
    Task<SavedDraft> keepDraft(const Draft &draft, const BuiltMessage &built);
    void forgetComposerFile(const QByteArray &draftId);
    [[nodiscard]] QString userFor(const smtp::Mailbox &reversePath) const;
    [[nodiscard]] QList<MessageId> savedVersion(const QByteArray &draftId) const;
    [[nodiscard]] QString spoolFolder() const { return m_store.spoolFolder(); }

    QString m_dataFolder;
    Store &m_store;
    Acceptor &m_acceptor;
    Worker &m_worker;
    Settings m_settings;
    QHash<QByteArray, MessageId> m_saved; ///< drafts by id, where their saved version is
    struct Mark
    {
        MessageId message;
        MessageFlag flag = MessageFlag::Replied;
    };
    QHash<QByteArray, Mark> m_marked; ///< by draft: what sending it marked, until that cannot be undone
};

} // namespace glasspost::mail
