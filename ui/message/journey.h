#pragma once

#include "mail/journey/journey.h"
#include "mail/message/messageview.h"
#include "mail/system/deliveryends.h"
#include "smtp/session/transcript.h"
#include "ui/theme/theme.h"

#include <QList>
#include <QString>

#include <optional>

namespace glasspost::ui {

/// One station of a message's way, as the Delivery view shows it.
struct JourneyStep
{
    Tone tone = Tone::Neutral;
    QString title; ///< "Received from swaks.example (127.0.0.1:53412)", "bob@example.org"
    QString state; ///< chip: "delivered", "refused"; may be empty
    QStringList facts; ///< one a line, in words
    QString wire; ///< the deciding reply as it was on the wire; may be empty
    qint64 at = 0; ///< milliseconds since the Unix epoch; 0: not known or still to come
    QByteArray sessionId; ///< a click away; empty when there was no session
    mail::MessageId other = {}; ///< likewise, the message that it leads to; null: in no mailbox
    QByteArray otherMessageId = {}; ///< its Message-ID

    friend bool operator==(const JourneyStep &, const JourneyStep &) = default;
};

/// What is known of a message's way: how it came (the session's facts, when they are known), what it was
/// addressed to, and each recipient it goes to or went to.
[[nodiscard]] QList<JourneyStep> journeyOf(const mail::MessageView &message,
    const std::optional<smtp::SessionFacts> &arrival, const QList<mail::Journey> &journeys,
    const QDateTime &now);
/// What rules did with it, what it was made from, and what was made from it. They stand behind the others.
[[nodiscard]] QList<JourneyStep> laterSteps(const mail::DeliveryEnds &ends);
/// For its sessions' other ends.
[[nodiscard]] mail::DeliveredMessage deliveredMessage(
    const mail::MessageView &message, const QList<mail::Journey> &journeys);
/// The sessions that brought it and tried to carry it away, in that order.
[[nodiscard]] QList<QByteArray> sessionsOf(
    const mail::MessageView &message, const QList<mail::Journey> &journeys);
/// What is said of a message without a step; empty while it is not known whether there is a record.
[[nodiscard]] QString noJourneyText(const mail::MessageView &message, bool isKnown);

} // namespace glasspost::ui
