#pragma once

#include "mail/queue/queuevalues.h"
#include "mail/settings/settings.h"

#include <chrono>

namespace glasspost::mail {

/// Of what the sender must still be told (RFC 3461 4.1, 5.2), as pure functions. Never for the null
/// reverse-path (RFC 5321 4.5.5), never against NOTIFY, each once. A report of ours that failed is told to
/// the postmaster here, so that it is not lost.

/// Made here, with the null reverse-path: a report or a receipt.
bool isOwnReport(const QueueEntry &entry);
/// What an ended recipient calls for: Failure, Success, or nothing. Success only where no server further on
/// took the task over.
DsnKinds owedNow(const QueueEntry &entry, int recipient);
/// An entry that is owed anything cannot leave the queue.
bool isOwedAnyReport(const QueueEntry &entry);
/// Every recipient has ended and nobody is owed a report.
bool isOver(const QueueEntry &entry);
/// Whether a recipient that still waits calls for the one report of delay: the settings' time is over, or
/// that of DELIVERBY with N (RFC 2852 4.1.4.1). age: since the first attempt; inQueue: since it came.
bool isOwedDelay(const QueueEntry &entry, int recipient, std::chrono::milliseconds age,
    std::chrono::milliseconds inQueue, const RetrySchedule &schedule);

/// Milliseconds that DELIVERBY leaves, nothing when it was not asked; negative when they are over.
std::optional<std::chrono::milliseconds> timeLeft(const QueueEntry &entry, std::chrono::milliseconds inQueue);
/// Over, and to be given back in place of tried (RFC 2852 R).
bool mustReturn(const QueueEntry &entry, std::chrono::milliseconds inQueue);

} // namespace glasspost::mail
