#pragma once

#include "mail/message/statusreport.h"
#include "smtp/client/deliveryreport.h"
#include "smtp/session/sessiontrace.h"

#include <QString>

namespace glasspost::ui {

/// What became of a recipient, in plain words with the field's terms: "Refused permanently (550 5.1.1): the
/// mailbox does not exist". Empty when nothing was tried yet.
QString resultText(const smtp::RecipientReport &report);
/// Why, for a sentence that says the result itself: "550 5.1.1, the mailbox does not exist".
QString causeText(const smtp::RecipientReport &report);
/// The step it ended at: "looking up the exchanger", "after the message".
QString stageText(smtp::DeliveryStage stage);
/// What a report that came back says: "not delivered", "delayed, still being tried".
QString reportActionText(mail::ReportAction action);
/// What takes the time, as a title: "Look-up", "TLS handshake".
QString stageText(smtp::TraceStage stage);
/// Where: "mx1.example.org (192.0.2.1:25)"; empty when nothing was reached.
QString serverText(const smtp::RecipientReport &report);
/// What was said on the wire: the command and the reply to it; without a reply the reason. Escaped.
QString wireText(const smtp::RecipientReport &report);

} // namespace glasspost::ui
