#pragma once

#include "smtp/server/serversettings.h"

namespace glasspost::smtp {

/// What a client has got wrong since its last message, against what it may (S105, S109).
class ErrorBudget
{
public:
    /// limits outlive the budget.
    explicit ErrorBudget(const ServerLimits &limits) : m_limits(limits) { }

    void countError() { ++m_errors; }
    void countJunk() { ++m_junk; }
    void countFailedSignIn() { ++m_failedSignIns; }
    void signedIn() { m_failedSignIns = 0; }
    void messageAccepted() { m_errors = m_junk = 0; }

    /// Why the session has to end; null while it may go on.
    [[nodiscard]] const char *exhausted() const
    {
        if (m_errors >= m_limits.errors)
            return " Too many errors";
        return m_junk > m_limits.junkCommands ? " Too many commands without a message" : nullptr;
    }
    [[nodiscard]] bool hasTooManyFailedSignIns() const { return m_failedSignIns >= m_limits.authFailures; }
    /// The reply is to wait for ServerLimits::errorDelay.
    [[nodiscard]] bool slowsErrors() const { return m_errors > m_limits.slowAfterErrors; }
    [[nodiscard]] bool slowsJunk() const { return m_junk > m_limits.slowAfterJunk; }

private:
    const ServerLimits &m_limits;
    int m_errors = 0;
    int m_junk = 0;
    int m_failedSignIns = 0;
};

} // namespace glasspost::smtp
