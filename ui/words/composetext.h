#pragma once

#include "mail/message/draft.h"
#include "mail/settings/settings.h"

#include <QString>

namespace glasspost::ui {

/// What is wrong with a draft, one sentence that says how to mend it.
QString problemText(const mail::DraftProblem &problem);

/// Where one recipient's mail goes.
struct RecipientRoute
{
    QString domain;
    bool isLocal = false;
    mail::OutgoingRoute route; ///< not local alone

    friend bool operator==(const RecipientRoute &, const RecipientRoute &) = default;
};

/// The line beside Send: "via smtp.example.org as alice", "direct to the exchanger of example.org", "stays on
/// this machine", or two of them. Empty without recipients.
QString routesText(const QList<RecipientRoute> &routes);

} // namespace glasspost::ui
