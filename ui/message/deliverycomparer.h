#pragma once

#include "mail/journey/journey.h"
#include "mail/system/mailboxes.h"
#include "mail/system/outbox.h"
#include "ui/message/deliveryattempts.h"

#include <QObject>

namespace glasspost::ui {

class DeliveryChooser;
class DeliveryPane;
class InlineBar;

/// Compares the delivery that the pane shows with another attempt, or with the delivery of another message
/// that waits or was sent, in a window of its own. GUI thread.
class DeliveryComparer : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive it.
    DeliveryComparer(mail::Mailboxes &mailboxes, mail::Outbox &outbox, InlineBar &bar, DeliveryPane &pane);

    /// Of the message that is shown; its subject names it.
    void setRecord(const QList<mail::Journey> &journeys, const QString &subject);

private:
    void choose();
    void addWaiting(DeliveryChooser &chooser);
    void addSent(DeliveryChooser &chooser);
    void compareWith(const DeliveryAttempt &left, const QByteArray &queueId);
    void show(const DeliveryAttempt &left, const DeliveryAttempt &right, const QString &rightSubject);
    [[nodiscard]] QString nameOf(const DeliveryAttempt &attempt, const QString &subject) const;
    [[nodiscard]] bool isOwn(const QByteArray &queueId) const;

    mail::Mailboxes &m_mailboxes;
    mail::Outbox &m_outbox;
    InlineBar &m_bar;
    DeliveryPane &m_pane;
    QList<mail::Journey> m_journeys;
    QString m_subject;
};

} // namespace glasspost::ui
