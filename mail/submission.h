#pragma once

#include "mail/composers.h"
#include "mail/mailsystem.h"
#include "mail/message/messagebuilder.h"
#include "mail/queue/dispatcher.h"
#include "mail/worker.h"

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
    Submission(QString dataFolder, Store &store, Dispatcher &dispatcher, Worker &worker);

    void configure(const Settings &settings);

    void submit(const Draft &draft, qint64 notBefore, const Completion<SubmitReceipt> &done);
    /// Bcc is taken off, missing fields are added (RFC 6409 8).
    void submitMessage(const smtp::Envelope &envelope, const QByteArray &message,
        const std::optional<OutgoingRoute> &route, const Completion<SubmitReceipt> &done);
    void saveDraft(const Draft &draft, const Completion<MessageId> &done);
    void loadDraft(const MessageId &id, const Completion<Draft> &done);
    void keepComposer(const Draft &draft);
    void dropComposer(const QByteArray &draftId);
    void keptComposers(const Completion<QList<Draft>> &done);

Q_SIGNALS:
    void troubled(const glasspost::mail::Error &error);

private:
    void post(const Draft &draft, qint64 notBefore, const BuiltMessage &built,
        const Completion<SubmitReceipt> &done);
    void sent(const Draft &draft, const Posted &posted);
    [[nodiscard]] QString userFor(const smtp::Mailbox &reversePath) const;
    [[nodiscard]] QList<MessageId> savedVersion(const QByteArray &draftId) const;
    template <typename T> void later(std::function<T()> work, std::function<void(const T &)> then);

    QString m_dataFolder;
    Store &m_store;
    Dispatcher &m_dispatcher;
    Worker &m_worker;
    Settings m_settings;
    QHash<QByteArray, MessageId> m_saved; // drafts by id, as they stand in Drafts
};

/// The message without its Bcc and Resent-Bcc fields. Lines end in LF.
QByteArray withoutBcc(const QByteArray &message);

} // namespace glasspost::mail
