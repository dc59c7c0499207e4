#pragma once

#include "mail/message/draft.h"
#include "mail/routing/recipientroute.h"

#include <QString>

namespace glasspost::ui {

/// What is wrong with a draft, one sentence that says how to mend it.
QString problemText(const mail::DraftProblem &problem);

/// The line beside Send: "via smtp.example.org as alice", "direct to the exchanger of example.org", "direct
/// to [192.0.2.1]", "stays on this machine", or two of them. Empty without recipients to whom something can
/// be sent.
QString routesText(const QList<mail::RecipientRoute> &routes);

} // namespace glasspost::ui
