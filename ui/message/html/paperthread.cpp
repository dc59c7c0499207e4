#include "ui/message/html/paperthread.h"

#include <QCoreApplication>

namespace glasspost::ui {

namespace {

QThreadPool *newPaperThread()
{
    auto *pool = new QThreadPool;
    pool->setMaxThreadCount(1);
    pool->setExpiryTimeout(-1); // never
    qAddPostRoutine([] { delete &paperThread(); });
    return pool;
}

} // namespace

QThreadPool &paperThread()
{
    static QThreadPool *const pool = newPaperThread();
    return *pool;
}

std::shared_ptr<Sheets> sharedOnPaper(std::unique_ptr<Sheets> sheets)
{
    return {sheets.release(), [](Sheets *ended) {
                if (QCoreApplication::closingDown()) // the thread goes too, and Sheets::end() was called
                    delete ended;
                else
                    runOnPaper([ended] { delete ended; });
            }};
}

} // namespace glasspost::ui
