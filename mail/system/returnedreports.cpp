#include "mail/system/returnedreports.h"

#include "mail/queue/reportfolding.h"

namespace glasspost::mail {

ReturnedReports::ReturnedReports(const QString &dataFolder, Queue &queue, Worker &worker)
    : m_queue(queue), m_worker(worker), m_doneRecords(std::make_shared<DoneRecords>(dataFolder))
{ }

ReturnedReports::~ReturnedReports() = default;

// Only what has the null reverse-path can be a report (RFC 3464 2).
void ReturnedReports::look(const ReceptionEvent &event)
{
    if (event.kind != ReceptionEvent::Kind::Stored || !event.from.isEmpty() || event.file.isEmpty())
        return;
    m_worker.run([records = m_doneRecords, file = event.file] { return findReport(*records, file); })
        .andThen(this, [this](const FoundReport &found) {
            if (found.isNull())
                return;
            const QByteArray id = entryAbout(found, m_queue.unfiledEntries());
            m_queue.record(id, {ReportFolded{found.report, found.receipt, m_queue.now()}});
        });
}

} // namespace glasspost::mail
