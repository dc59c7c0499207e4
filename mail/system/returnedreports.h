#pragma once

#include "mail/accept/receptionevent.h"
#include "mail/base/worker.h"
#include "mail/queue/queue.h"

namespace glasspost::mail {

class DoneRecords;

/// Reports that come back for what left here: finds the queue entry that one is about, and records it there.
/// Lives on the mail thread; queue and worker outlive it.
class ReturnedReports : public QObject
{
    Q_OBJECT
public:
    ReturnedReports(const QString &dataFolder, Queue &queue, Worker &worker);
    ~ReturnedReports() override;

    /// Nothing happens to a message that is not such a report.
    void look(const ReceptionEvent &event);

private:
    Queue &m_queue;
    Worker &m_worker;
    std::shared_ptr<DoneRecords> m_doneRecords; // on the worker
};

} // namespace glasspost::mail
