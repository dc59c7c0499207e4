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
/// is done on the worker. Completions come on the mail thread.
class Submission : public QObject
{
    Q_OBJECT
public:
    Submission(QString dataFolder, Store &store, Acceptor &acceptor, Worker &worker);
    ~Submission() override;

    void configure(const Settings &settings);

    struct Terms
    {
        qint64 notBefore = 0; ///< milliseconds since the epoch
        std::optional<OutgoingRoute> route; ///< of its own
    };
    void submit(const Draft &draft, const Terms &terms, const Completion<SubmitReceipt> &done);
    /// Bcc is taken off, missing fields are added (RFC 6409 8), binary parts go in base64.
    void submitMessage(const smtp::Envelope &envelope, const MessageOctets &message,
        const std::optional<OutgoingRoute> &route, const Completion<SubmitReceipt> &done);
    void saveDraft(const Draft &draft, const Completion<SavedDraft> &done);
    void loadDraft(const MessageId &id, const Completion<Draft> &done);
    void unpackAttachments(
        const MessageId &from, const QByteArray &draftId, const Completion<QList<DraftAttachment>> &done);
    void discardDraft(const QByteArray &draftId);
    void restoreDraft(const QByteArray &draftId);
    void unmarkOrigin(const QByteArray &draftId);
    void keepComposer(const Draft &draft);
    void dropComposer(const QByteArray &draftId);
    void keptComposers(const Completion<QList<KeptComposer>> &done);

Q_SIGNALS:
    void troubled(const glasspost::mail::Error &error);

private:
    void send(const Draft &draft, const Terms &terms, const BuiltMessage &built,
        const Completion<SubmitReceipt> &done);
    void accept(const IncomingMessage &message, const Completion<SubmitReceipt> &done);
    void sent(const Draft &draft);
    void markOrigin(const Draft &draft);
    void moveSaved(const QByteArray &draftId, const QString &toFolder);
    void keepDraft(const Draft &draft, const BuiltMessage &built, const Completion<SavedDraft> &done);
    void forgetComposerFile(const QByteArray &draftId);
    [[nodiscard]] QString userFor(const smtp::Mailbox &reversePath) const;
    [[nodiscard]] QList<MessageId> savedVersion(const QByteArray &draftId) const;
    [[nodiscard]] QString spoolFolder() const { return m_store.spoolFolder(); }
    template <typename T> void later(std::function<T()> work, std::function<void(const T &)> then);

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
