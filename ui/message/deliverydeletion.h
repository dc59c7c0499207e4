#pragma once

#include "mail/journey/journey.h"
#include "mail/system/outbox.h"

#include <QObject>

namespace glasspost::ui {

class DeliveryPane;
class InlineBar;

/// Deletes the record of the delivery that the pane shows, once the person has said so in the bar. The
/// message stays. GUI thread.
class DeliveryDeletion : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive it.
    DeliveryDeletion(mail::Outbox &outbox, InlineBar &bar, DeliveryPane &pane);

    void setRecord(const QList<mail::Journey> &journeys) { m_journeys = journeys; } ///< of what is shown

private:
    void ask();
    void remove(const QList<QByteArray> &queueIds);

    mail::Outbox &m_outbox;
    InlineBar &m_bar;
    QList<mail::Journey> m_journeys;
};

/// There is one, and the queue needs none of it any more.
[[nodiscard]] bool canDeleteRecord(const QList<mail::Journey> &journeys);

} // namespace glasspost::ui
