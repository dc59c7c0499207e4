#pragma once

#include <QSqlDatabase>

#include <stop_token>

struct sqlite3;

namespace glasspost::mail {

/// While it lives, what a connection runs fails soon after the stop is requested, which any thread may do.
/// On the connection's thread.
class StatementStop
{
public:
    StatementStop(const QSqlDatabase &database, std::stop_token stop);
    ~StatementStop();
    StatementStop(const StatementStop &) = delete;
    StatementStop &operator=(const StatementStop &) = delete;

private:
    const QSqlDatabase m_database; ///< open for as long as the handle is used
    std::stop_token m_stop;
    sqlite3 *m_looking = nullptr; ///< the connection's handle, where it looks for the stop
};

} // namespace glasspost::mail
