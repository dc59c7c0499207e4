#pragma once

#include "mail/base/task.h"
#include "mail/journal/transaction.h"

namespace glasspost::mail {

/// A transaction on its way through the journal's threads.
struct PendingTransaction
{
    FileTransaction steps;
    qint64 octets = 0; ///< about what it takes in memory and in the journal
    Promise<void> durable;
    Promise<void> applied;
};

} // namespace glasspost::mail
