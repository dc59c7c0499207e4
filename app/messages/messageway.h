#pragma once

#include "mail/journey/journey.h"
#include "mail/system/deliveryends.h"
#include "mail/system/mailsystem.h"

#include <QJsonObject>

#include <optional>

namespace glasspost::app {

/// What is known of a message's way.
struct MessageWay
{
    std::optional<mail::MessageRow> row; ///< none where a queue entry or a session was named
    std::optional<smtp::SessionFacts> arrival; ///< none: no session brought it, or nothing of it is kept
    QList<mail::Journey> journeys;
    mail::DeliveryEnds ends = {}; ///< of its sessions, once they were asked for
};

/// By the name of a queue entry, of a message in the folder (of an empty user it is any; "latest" is the one
/// that arrived last there), or of a session. Without a folder no message is looked for. NotFound when there
/// is none of that name. Any thread; the answer comes on the context's.
mail::Task<MessageWay> wayOf(mail::MailSystem &mail, const QByteArray &name,
    const std::optional<mail::FolderId> &folder, QObject *context);

/// The same with the ends of its sessions.
mail::Task<MessageWay> withEnds(mail::MailSystem &mail, const MessageWay &way, QObject *context);

/// As "journey --json" has it: docs/JOURNEY.md.
QJsonObject wayJson(const MessageWay &way);
/// The sessions that brought it and carried it away, each once, in that order.
QList<QByteArray> sessionsOn(const MessageWay &way);

} // namespace glasspost::app
