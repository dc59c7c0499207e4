#pragma once

#include "app/messages/messageway.h"
#include "mail/journey/comparison.h"

#include <QJsonObject>

namespace glasspost::app {

/// What is compared of a message's way: the last attempt to deliver it, or the session where only that was
/// named, or where only that is known. NotFound when nothing of it is kept.
mail::Task<mail::ComparedDelivery> comparedDelivery(
    mail::MailSystem &mail, const QByteArray &name, const MessageWay &way, QObject *context);

/// As "journey --compare --json" has it: docs/JOURNEY.md gives the members.
QJsonObject comparisonJson(const mail::Comparison &comparison);

} // namespace glasspost::app
