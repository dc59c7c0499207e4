#pragma once

#include "mail/base/deliverer.h"
#include "mail/base/error.h"
#include "mail/journal/transaction.h"

namespace glasspost::mail {

/// A transaction on its way through the journal's threads.
struct PendingTransaction
{
    /// A completion and where it goes.
    struct Answer
    {
        Deliverer::Ticket ticket;
        Completion<void> completion;

        void answer(Result<void> result)
        {
            if (completion)
                ticket.deliver([run = std::move(completion), result = std::move(result)] { run(result); });
            completion = {};
        }
    };

    FileTransaction steps;
    qint64 octets = 0; ///< about what it takes in memory and in the journal
    Answer durable;
    Answer applied;
};

} // namespace glasspost::mail
