#pragma once

#include "app/http/capturedmessage.h"
#include "app/http/httpmessage.h"
#include "mail/system/mailsystem.h"

#include <QCache>
#include <QElapsedTimer>
#include <QHash>
#include <QObject>

#include <memory>

namespace glasspost::app {

/// What was captured, as programs see it over HTTP: one Inbox or another, by the name of its mailbox, newest
/// arrival first. Where nothing is captured, all but counts() fail as inbox() does. On the thread that made
/// it; the mail system outlives it.
class CapturedMail : public QObject
{
    Q_OBJECT
public:
    explicit CapturedMail(mail::MailSystem &mail);

    [[nodiscard]] mail::MailSystem &mail() const { return m_mail; }
    /// The Inbox that the name of a mailbox stands for, or the first binding's without one. BadSettings,
    /// whose subject is a sentence, when nothing is captured into it, or it is a person's: other people's
    /// mail is not shown.
    mail::Task<mail::FolderId> inbox(const QString &mailbox);
    /// The first binding's alone.
    [[nodiscard]] mail::Result<mail::FolderId> usualInbox() const;

    /// Names of messages in paths and JSON: the Maildir's unique name, escaped where a path would need it.
    [[nodiscard]] static QString nameOf(const mail::MessageId &id);
    mail::Task<QList<mail::MessageId>> identify(
        const QString &mailbox, const QStringList &names, QObject *context);
    /// The message that a request's path names; "latest": the one that arrived last, of those that the
    /// argument "query" finds. NotFound when there is none.
    mail::Task<mail::MessageId> named(const HttpRequest &request, QObject *context);

    /// All mail that was acknowledged before is in them; search may be empty. IndexIncomplete when the index
    /// cannot be completed now.
    mail::Task<mail::RowPage> page(
        const QString &mailbox, const QString &search, int start, int limit, QObject *context);
    mail::Task<QList<mail::MessageId>> all(const QString &mailbox, const QString &search, QObject *context);
    /// None where nothing is captured at all.
    mail::Task<mail::FolderInfo> counts(const QString &mailbox, QObject *context);
    mail::Task<QList<mail::FolderInfo>> inboxes(QObject *context); ///< all there are, with their counts

    /// As lists show them, in that order; those that are gone are left out.
    mail::Task<QJsonArray> summaries(const QList<mail::MessageRow> &rows, QObject *context);
    mail::Task<CapturedMessage> read(const mail::MessageId &id, Hashes hashes, QObject *context);
    mail::Task<void> remove(const QList<mail::MessageId> &ids, QObject *context);
    /// Of the messages in the inbox, in alphabetical order.
    mail::Task<QList<mail::TagCount>> tagCounts(const QString &mailbox, QObject *context);
    /// Those that have the tag.
    mail::Task<QList<mail::MessageId>> tagged(const QString &mailbox, const QString &tag, QObject *context);
    /// Of one message; none where the index does not have it now.
    mail::Task<QStringList> tagsOf(const mail::MessageId &id, QObject *context);
    mail::Task<void> retag(const QList<mail::MessageId> &ids, const QStringList &add,
        const QStringList &remove, QObject *context);
    mail::Task<void> setRead(const QList<mail::MessageId> &ids, bool isRead, QObject *context);

    struct Totals
    {
        qint64 accepted = 0, acceptedOctets = 0, refused = 0; ///< by the listener, since the start
        qint64 removed = 0; ///< over HTTP
        qint64 seconds = 0; ///< since the start
    };
    [[nodiscard]] Totals totals() const;

private:
    using Summaries = QHash<QByteArray, QJsonObject>; ///< by unique name
    mail::Task<void> readMissing(
        const QList<mail::MessageRow> &rows, const std::shared_ptr<Summaries> &known, QObject *context);
    void count(const QList<mail::ReceptionEvent> &events);

    mail::MailSystem &m_mail;
    QCache<QByteArray, QJsonObject> m_summaries; ///< by unique name: a message does not change
    QElapsedTimer m_start;
    Totals m_totals;
};

} // namespace glasspost::app
