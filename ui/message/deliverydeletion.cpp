#include "ui/message/deliverydeletion.h"

#include "ui/message/deliverypane.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

#include <QPushButton>

#include <algorithm>

namespace glasspost::ui {

DeliveryDeletion::DeliveryDeletion(mail::Outbox &outbox, InlineBar &bar, DeliveryPane &pane)
    : QObject(&pane), m_outbox(outbox), m_bar(bar)
{
    connect(&pane, &DeliveryPane::deleteRequested, this, &DeliveryDeletion::ask);
}

void DeliveryDeletion::ask()
{
    if (!canDeleteRecord(m_journeys))
        return;
    QList<QByteArray> ids;
    for (const mail::Journey &journey : std::as_const(m_journeys))
        ids.append(journey.entry.id);
    m_bar.say(InlineBar::Kind::Warning,
        tr("Delete the record of this delivery permanently? The message stays. This cannot be undone."));
    m_bar.addButton(tr("Delete record"), [this, ids] { remove(ids); });
}

void DeliveryDeletion::remove(const QList<QByteArray> &queueIds)
{
    m_outbox.removeJourneys(queueIds).then(this, [this](const mail::Result<void> &removed) {
        if (removed)
            m_bar.say(InlineBar::Kind::Info, tr("The record of this delivery was deleted."));
        else
            m_bar.say(InlineBar::Kind::Error, errorText(removed.error()));
    });
}

bool canDeleteRecord(const QList<mail::Journey> &journeys)
{
    return !journeys.isEmpty()
        && std::all_of(journeys.cbegin(), journeys.cend(),
            [](const mail::Journey &journey) { return journey.entry.isDone() || journey.removedAt > 0; });
}

} // namespace glasspost::ui
