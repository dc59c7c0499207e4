#include "smtp/session/longworkpool.h"

#include <QCoreApplication>

namespace glasspost::smtp {

namespace {

constexpr int longWorkThreads = 2;

QThreadPool *newPool()
{
    auto *pool = new QThreadPool;
    pool->setMaxThreadCount(longWorkThreads);
    qAddPostRoutine([] { delete &longWorkPool(); }); // with the application, and waits for what runs
    return pool;
}

} // namespace

QThreadPool &longWorkPool()
{
    static QThreadPool *const pool = newPool();
    return *pool;
}

} // namespace glasspost::smtp
