#include "mail/accept/receptiondesk.h"

#include "mail/message/headerfields.h"
#include "mail/message/mime.h"
#include "mail/message/reportparts.h"
#include "mail/queue/servedentry.h"

#include <QFile>

namespace glasspost::mail {

namespace {

/// Octets of LF text on the wire.
qint64 wireSizeOf(const QByteArray &text)
{
    return text.size() + text.count('\n');
}

QByteArray idOf(const RawHeader &header)
{
    const QByteArray value = header.value("Message-ID");
    return value.startsWith('<') && value.endsWith('>') ? value.mid(1, value.size() - 2) : value;
}

QByteArray beginningOf(const Handover &handover)
{
    static constexpr qint64 enough = 64 * 1024;
    if (handover.files.isEmpty())
        return handover.content;
    QFile file(handover.files.constFirst().path);
    return file.open(QIODevice::ReadOnly) ? file.read(enough) : QByteArray();
}

} // namespace

ReceptionDesk::ReceptionDesk(
    ReceptionContext decides, Store &store, Queue &queue, Journal &journal, const DataFolder &folder)
    : context(std::move(decides)), m_store(store), m_queue(queue), m_journal(journal), m_folder(folder)
{ }

qint64 ReceptionDesk::freeBytes()
{
    static constexpr qint64 validFor = 1000; // milliseconds
    if (!m_freeBytesAt.isValid() || m_freeBytesAt.hasExpired(validFor)) {
        m_freeBytes = m_folder.freeBytes();
        m_freeBytesAt.start();
    }
    return m_freeBytes;
}

ReceptionDesk::Queued ReceptionDesk::queued(const Handover &handover) const
{
    Queued result;
    if (handover.served.isEmpty() && handover.remote.isEmpty())
        return result;
    const QByteArray head = headerOf(beginningOf(handover));
    const RawHeader header = readHeader(head);
    const auto served = servedEntry(m_queue, handover.envelope, handover.served, handover.event.sessionId,
        decodedText(header.value("Subject")));
    if (served) {
        result.entries.append(*served);
        result.steps += m_queue.steps(*served, head);
    }
    const qsizetype firstFile = handover.folders.isEmpty() ? 0 : 1;
    for (qsizetype i = 0; i < handover.remote.size(); ++i) {
        QueueEntry entry = m_queue.prepare(handover.remote.at(i), 0, handover.event.sessionId,
            decodedText(header.value("Subject")), idOf(header),
            handover.event.size + wireSizeOf(handover.received));
        if (i == handover.remote.size() - 1)
            entry.route = handover.handOn;
        result.steps += handover.files.isEmpty()
            ? m_queue.steps(entry, handover.received + handover.content)
            : m_queue.stepsFromFile(entry, handover.files.at(firstFile + i).path);
        result.entries.append(entry);
    }
    return result;
}

void ReceptionDesk::take(const Handover &handover, const Completion<QByteArray> &done)
{
    if (handover.folders.isEmpty() && handover.remote.isEmpty()) { // nothing to keep is nothing to promise
        m_spooler.remove(handover.files);
        done(tl::unexpected(Error{ErrorCode::NotFound, QString::fromUtf8(handover.event.to.value(0)), {}}));
        return;
    }
    Queued queue = queued(handover);
    const auto settle
        = [this, entries = queue.entries, files = handover.files, done](const Result<QByteArray> &kept) {
              for (const QueueEntry &entry : entries)
                  if (kept)
                      m_queue.insert(entry);
              if (!kept)
                  m_spooler.remove(files);
              done(kept);
          };
    if (handover.folders.isEmpty()) {
        const QByteArray id = queue.entries.isEmpty() ? QByteArray() : queue.entries.constFirst().id;
        m_journal.commit(std::move(queue.steps), this,
            [this, settle, id, event = handover.event](const Result<void> &durable) {
                if (durable)
                    Q_EMIT received(event);
                settle(durable ? Result<QByteArray>(id) : tl::unexpected(durable.error()));
            });
        return;
    }
    Intake intake;
    intake.folders = handover.folders;
    intake.sessionId = handover.event.sessionId;
    intake.alongside = std::move(queue.steps);
    if (handover.files.isEmpty()) {
        intake.traceFields = handover.localTrace;
        intake.content = handover.content;
    } else {
        intake.spoolFile = handover.files.constFirst().path;
        intake.spoolSize = handover.event.size + wireSizeOf(handover.localTrace);
    }
    m_store.keep(
        std::move(intake), this,
        [settle](const Result<QList<MessageId>> &ids) {
            settle(ids ? Result<QByteArray>(ids->isEmpty() ? QByteArray() : ids->constFirst().unique)
                       : tl::unexpected(ids.error()));
        },
        [this, event = handover.event](const Result<Filed> &filed) {
            if (!filed)
                return;
            ReceptionEvent told = event;
            told.file = filed->file;
            told.size = filed->size;
            Q_EMIT received(told);
        });
}

} // namespace glasspost::mail
