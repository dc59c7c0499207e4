#include "mail/index/statementstop.h"

#include <QSqlDriver>
#include <QSqlQuery>
#include <QVariant>

#include <sqlite3.h>

#include <utility>

namespace glasspost::mail {

namespace {

// In instructions of SQLite's machine, of which reading a page of FTS5's is some five: about a millisecond.
constexpr int stepsBetweenLooks = 200;

int isStopRequested(void *stop)
{
    return static_cast<const std::stop_token *>(stop)->stop_requested() ? 1 : 0;
}

/// A Qt that was built with an SQLite of its own has handles that the system's can do nothing with.
bool hasOurLibrary(const QSqlDatabase &database)
{
    QSqlQuery source(QStringLiteral("SELECT sqlite_source_id()"), database);
    return source.next() && source.value(0).toByteArray() == sqlite3_sourceid();
}

} // namespace

// Not sqlite3_interrupt(): one that comes between two statements is lost.
StatementStop::StatementStop(const QSqlDatabase &database, std::stop_token stop)
    : m_database(database), m_stop(std::move(stop))
{
    static const bool isOurs = hasOurLibrary(m_database);
    const QVariant handle = m_database.driver()->handle();
    if (!m_stop.stop_possible() || !isOurs || qstrcmp(handle.typeName(), "sqlite3*") != 0)
        return;
    m_looking = *static_cast<sqlite3 *const *>(handle.constData());
    sqlite3_progress_handler(m_looking, stepsBetweenLooks, isStopRequested, &m_stop);
}

// Whether a stop is possible is no question any more: who could have requested it may be gone.
StatementStop::~StatementStop()
{
    if (m_looking)
        sqlite3_progress_handler(m_looking, 0, nullptr, nullptr);
}

} // namespace glasspost::mail
