#pragma once

#include "mail/accept/receptionevent.h"
#include "mail/accept/ruleerrands.h"
#include "mail/queue/queuevalues.h"

#include <QHash>
#include <QObject>

namespace glasspost::ui {

class InlineBar;
class MainStatus;
class QueueWatch;

/// What happens to mail, said as it happens: in the status bar, and what was deferred or refused on its way
/// out, or came back later, in the bar too, with the way to the session and to the message.
class MailNews : public QObject
{
    Q_OBJECT
public:
    /// All outlive this.
    MailNews(const QueueWatch &queue, InlineBar &bar, MainStatus &status, QObject *parent);

    void takeReceived(const QList<mail::ReceptionEvent> &events);
    void takeNotice(const mail::RuleNotice &notice); ///< that a rule asks for
    void takeRuleFailure(const mail::RuleLogLine &line);

Q_SIGNALS:
    void sessionRequested(const QByteArray &sessionId, qint64 at); ///< 0: from its first line
    void messageRequested(const glasspost::mail::MessageId &id, const QByteArray &messageId); ///< a sent one
    void entryRequested(const QByteArray &queueId); ///< in the queue
    void routeSettingsRequested(); ///< the sign-in failed

private:
    void takeEnded(const mail::QueueEntry &entry);
    void takeDeferred(const mail::QueueEntry &entry);
    void takeBounced(const mail::QueueEntry &entry);
    void addSession(const mail::QueueEntry &entry);
    void sayTrouble(const mail::QueueEntry &entry, const mail::QueueRecipient &one);

    InlineBar &m_bar;
    MainStatus &m_status;
    QByteArray m_troubled; ///< the entry that the bar spoke of last
    QString m_trouble; ///< and what it said
    QHash<QByteArray, qint64> m_bounced; ///< by entry: when the last report came that was told
};

} // namespace glasspost::ui
