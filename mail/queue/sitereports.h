#pragma once

#include "smtp/client/deliveryreport.h"
#include "smtp/dns/exchangerlookup.h"
#include "smtp/syntax/envelope.h"

namespace glasspost::mail {

/// A report made here, where no server said anything.
smtp::RecipientReport ownReport(const smtp::Mailbox &recipient, smtp::DeliveryResult result,
    smtp::DeliveryStage stage, const smtp::EnhancedStatusCode &status, const QByteArray &reason);

/// The same for every recipient.
smtp::DeliveryReport ownReports(const smtp::Envelope &envelope, smtp::DeliveryResult result,
    smtp::DeliveryStage stage, const smtp::EnhancedStatusCode &status, const QByteArray &reason);

/// What a failed look-up means for a message: for good, or to be tried again.
smtp::DeliveryResult resultOf(smtp::LookupFailure::Kind kind);

/// RFC 4954 6: a server answered a message by asking for a sign-in, or for another one.
bool isSignInDemanded(const smtp::RecipientReport &report);

/// The server would not have the name and password, asks for them only at the message, or there is no safe
/// way to give them (C51, C52): nothing to try again before a person mended that. A 454 or a lost connection
/// says nothing of the password.
bool isSignInRefused(const smtp::RecipientReport &report);

/// The server takes no more recipients in this transaction, but would in the next (C21, C22).
bool isTooMany(const smtp::RecipientReport &report);

/// A connection that had been kept open was closed at the other end, as the next message shows.
bool isStale(const smtp::RecipientReport &report);

/// What a server says that holds as many connections as it will, or as many of this account: it turned a
/// fresh one away before it heard anything of the message.
bool isTurnedAway(const smtp::RecipientReport &report);

/// Whoever waits for the same place would meet the same: nobody answers, or the password is refused.
bool isSiteFailure(const smtp::RecipientReport &report);

} // namespace glasspost::mail
