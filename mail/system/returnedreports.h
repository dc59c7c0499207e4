#pragma once

#include "mail/accept/receptionevent.h"
#include "mail/base/worker.h"
#include "mail/journey/journeystore.h"
#include "mail/queue/queue.h"

namespace glasspost::mail {

class DoneRecords;
struct FoundReport;

/// Reports that come back for what left here: finds the queue entry that one is about, and records it there;
/// where the queue has forgotten it, in the message's journey. Lives on the mail thread; queue, journeys and
/// worker outlive it.
class ReturnedReports : public QObject
{
    Q_OBJECT
public:
    ReturnedReports(const QString &dataFolder, Queue &queue, JourneyStore &journeys, Worker &worker);
    ~ReturnedReports() override;

    /// Nothing happens to a message that is not such a report.
    void look(const ReceptionEvent &event);

Q_SIGNALS:
    void amended(const glasspost::mail::QueueEntry &entry); ///< one that the queue does not know any more

private:
    void fold(const FoundReport &found);

    Queue &m_queue;
    JourneyStore &m_journeys;
    Worker &m_worker;
    std::shared_ptr<DoneRecords> m_doneRecords; // on the worker
};

} // namespace glasspost::mail
