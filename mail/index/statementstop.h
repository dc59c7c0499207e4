#pragma once

#include <QSqlDatabase>

#include <stop_token>

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
    void look(int every);

    const QSqlDatabase m_database;
    std::stop_token m_stop;
};

} // namespace glasspost::mail
