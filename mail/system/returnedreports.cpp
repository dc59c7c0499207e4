#include "mail/system/returnedreports.h"

#include "mail/queue/reportfolding.h"

namespace glasspost::mail {

ReturnedReports::ReturnedReports(
    const QString &dataFolder, Queue &queue, JourneyStore &journeys, Worker &worker)
    : m_queue(queue), m_journeys(journeys), m_worker(worker),
      m_doneRecords(std::make_shared<DoneRecords>(dataFolder))
{ }

ReturnedReports::~ReturnedReports() = default;

// Only what has the null reverse-path can be a report (RFC 3464 2).
void ReturnedReports::look(const ReceptionEvent &event)
{
    if (event.kind != ReceptionEvent::Kind::Stored || !event.from.isEmpty() || event.file.isEmpty())
        return;
    m_worker.run([records = m_doneRecords, file = event.file] { return findReport(*records, file); })
        .andThen(this, [this](const FoundReport &found) {
            if (!found.isNull())
                fold(found);
        });
}

void ReturnedReports::fold(const FoundReport &found)
{
    const QueueEvents events{ReportFolded{found.report, found.receipt, m_queue.now()}};
    const QByteArray id = entryAbout(found, m_queue.unfiledEntries());
    if (!m_queue.entry(id).id.isEmpty()) {
        m_queue.record(id, events);
        return;
    }
    const QByteArray reported = found.report.originalMessageId;
    m_journeys
        .find({found.report.envelopeId, reported.isEmpty() ? found.receipt.originalMessageId : reported, {}})
        .andThen(this, [this, found, events](const QList<Journey> &journeys) {
            for (const Journey &journey : journeys) {
                if (!found.isAbout(journey.entry))
                    continue;
                const QueueEntry now = applyAll(journey.entry, events);
                m_journeys.note(now, events);
                Q_EMIT amended(now);
                return;
            }
        });
}

} // namespace glasspost::mail
