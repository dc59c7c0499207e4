// MessagePane: how the message came, and where it went.
#include "ui/message/deliverycomparer.h"
#include "ui/message/deliverydeletion.h"
#include "ui/message/deliverypane.h"
#include "ui/message/deliveryreporter.h"
#include "ui/message/htmlpane.h"
#include "ui/message/messageheader.h"
#include "ui/message/messagepane.h"
#include "ui/queue/queuestate.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"

#include <algorithm>

namespace glasspost::ui {

QList<mail::Journey> MessagePane::journeys() const
{
    QList<mail::Journey> journeys = m_record.value_or(QList<mail::Journey>());
    if (const auto waiting = m_queue.constFind(m_message.queueId); waiting != m_queue.cend()) {
        if (journeys.isEmpty())
            journeys.append(mail::Journey());
        journeys.first().entry = *waiting;
    }
    return journeys;
}

bool MessagePane::canDeleteDeliveryRecord() const
{
    return canDeleteRecord(journeys());
}

void MessagePane::setQueueEntries(const QHash<QByteArray, mail::QueueEntry> &entries)
{
    const bool hasChanged = !(m_queue.value(m_message.queueId) == entries.value(m_message.queueId));
    m_queue = entries;
    if (hasChanged)
        loadRecord();
    if (m_queue.contains(m_message.queueId))
        showDelivery();
}

void MessagePane::loadRecord()
{
    const auto keyOf = [](const mail::MessageView &message) {
        return mail::JourneyKey{message.queueId, message.messageIdField, message.sessionId};
    };
    const mail::JourneyKey key = keyOf(m_message);
    if (key.queueId.isEmpty() && key.messageId.isEmpty())
        return;
    m_outbox.journeys(key).then(this, [this, key, keyOf](const mail::Result<QList<mail::Journey>> &record) {
        if (keyOf(m_message) != key)
            return;
        m_record = record.value_or(QList<mail::Journey>());
        showDelivery();
    });
}

void MessagePane::loadArrival()
{
    if (m_message.sessionId.isEmpty())
        return;
    m_sessions.facts(m_message.sessionId)
        .then(this, [this, id = m_message.id](const mail::Result<smtp::SessionFacts> &facts) {
            if (!facts || m_message.id != id)
                return;
            m_arrival = *facts;
            // What is being tried out on this computer may show pictures of this computer.
            const bool isCaptured = m_settings.value().listener.policy == mail::RecipientPolicy::CatchAll;
            if (isCaptured && m_arrival->peerAddress.isLoopback())
                allowAnyPictureServer();
            showDelivery();
        });
}

/// The HTML that is shown may be that of a message before.
void MessagePane::allowAnyPictureServer()
{
    m_html->setPictureServers(mail::PictureServers::Any);
    if (m_filled.contains(int(View::Html)))
        m_html->loadConsented();
}

void MessagePane::showDelivery()
{
    const QList<mail::Journey> known = journeys();
    const QDateTime now = QDateTime::currentDateTime();
    const bool hasChip = !known.isEmpty() && !known.first().entry.recipients.isEmpty();
    m_header->setChip(hasChip ? std::optional(queueChip(known.first().entry, now)) : std::nullopt);
    const QList<QByteArray> sessions = sessionsOf(m_message, known);
    m_reporter->setRecord(deliveredMessage(m_message, known), sessions, m_message.header);
    m_comparer->setRecord(known, m_message.subject);
    m_deletion->setRecord(known);
    Q_EMIT sessionsKnown(sessions);
    if (!m_filled.remove(int(View::Delivery)) || view() != View::Delivery)
        return;
    m_filled.insert(int(View::Delivery));
    fillDelivery();
}

/// For who looks at it alone: a long journey is much to lay out.
void MessagePane::fillDelivery()
{
    const QList<mail::Journey> known = journeys();
    const QDateTime now = QDateTime::currentDateTime();
    m_delivery->show(journeyOf(m_message, m_arrival, known, now) + laterSteps(m_ends),
        noJourneyText(m_message, m_record.has_value()), summaryOf(known, now, m_ends));
    loadEnds(deliveredMessage(m_message, known));
}

/// Once for what is shown: the answer fills the view again.
void MessagePane::loadEnds(const mail::DeliveredMessage &delivered)
{
    if (m_endsAsked == delivered)
        return;
    m_endsAsked = delivered;
    mail::deliveryEnds({m_mailboxes, m_outbox, m_sessions}, delivered, this)
        .then(this, [this, delivered](const mail::Result<mail::DeliveryEnds> &ends) {
            if (!ends || m_endsAsked != delivered || m_ends == *ends)
                return;
            m_ends = *ends;
            showDelivery();
        });
}

/// One is often read before the session that brought it is over.
void MessagePane::takeSessions(const mail::TranscriptBatch &batch)
{
    if (m_message.sessionId.isEmpty() || !m_endsAsked)
        return;
    const bool isOver
        = std::any_of(batch.sessions.begin(), batch.sessions.end(), [this](const smtp::SessionFacts &facts) {
              return facts.id == m_message.sessionId && facts.outcome != smtp::SessionOutcome::Open;
          });
    if (!isOver)
        return;
    m_endsAsked.reset();
    showDelivery();
}

void MessagePane::takeStep(NextStep step, const QByteArray &queueId)
{
    switch (step) {
    case NextStep::RouteSettings:
        Q_EMIT routeSettingsRequested();
        return;
    case NextStep::ShowInQueue:
        Q_EMIT entryRequested(queueId);
        return;
    case NextStep::TryNow:
    case NextStep::Release:
        break;
    }
    const auto action = step == NextStep::TryNow ? mail::QueueAction::TryNow : mail::QueueAction::Release;
    m_outbox.act(action, {queueId}).then(this, [this](const mail::Result<int> &done) {
        if (!done)
            m_bar->say(InlineBar::Kind::Error, errorText(done.error()));
        else if (*done == 0)
            m_bar->say(InlineBar::Kind::Info, tr("The message is no longer in the queue."));
    });
}

} // namespace glasspost::ui
