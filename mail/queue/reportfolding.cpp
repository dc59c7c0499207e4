#include "mail/queue/reportfolding.h"

#include "mail/queue/queuefiles.h"

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qint64 mostRead = 1024 * 1024; // octets of a report

} // namespace

bool FoundReport::isNull() const
{
    return report.recipients.isEmpty() && receipt.originalMessageId.isEmpty();
}

bool FoundReport::isAbout(const QueueEntry &entry) const
{
    const auto isIts = [&entry](const QByteArray &messageId) {
        return !messageId.isEmpty() && entry.messageIdField == messageId;
    };
    return (!entry.id.isEmpty() && entry.id == report.envelopeId) || isIts(report.originalMessageId)
        || isIts(receipt.originalMessageId);
}

QByteArray entryAbout(const FoundReport &found, const QList<QueueEntry> &unfiled)
{
    const auto meant = std::find_if(
        unfiled.begin(), unfiled.end(), [&found](const QueueEntry &one) { return found.isAbout(one); });
    return meant != unfiled.end() ? meant->id : found.doneId;
}

QByteArray DoneRecords::idFor(const FoundReport &found)
{
    if (const QByteArray id = found.report.envelopeId; !readDoneEntry(m_dataFolder, id).id.isEmpty())
        return id;
    readNew();
    for (const QByteArray &messageId : {found.report.originalMessageId, found.receipt.originalMessageId}) {
        const QByteArray id = messageId.isEmpty() ? QByteArray() : m_ids.value(messageId);
        if (!id.isEmpty() && found.isAbout(readDoneEntry(m_dataFolder, id)))
            return id;
    }
    return {};
}

void DoneRecords::readNew()
{
    const QString folder = m_dataFolder + QLatin1String("/queue/done");
    const QDateTime changed = QFileInfo(folder).lastModified();
    // What changed within the clock's last tick may change again without a new time.
    const bool isSettled = changed.isValid() && changed.secsTo(QDateTime::currentDateTime()) > 1;
    if (isSettled && changed == m_changed)
        return;
    m_changed = isSettled ? changed : QDateTime();
    QDirIterator records(folder, {QStringLiteral("*.json")}, QDir::Files);
    while (records.hasNext()) {
        records.next();
        const QByteArray id = records.fileInfo().completeBaseName().toLatin1();
        if (m_known.contains(id))
            continue;
        ++m_recordsRead;
        const QueueEntry entry = readDoneEntry(m_dataFolder, id);
        if (!entry.id.isEmpty()) // else it may just be written
            m_known.insert(id);
        if (!entry.messageIdField.isEmpty())
            m_ids.insert(entry.messageIdField, id);
    }
}

FoundReport findReport(DoneRecords &records, const QString &file)
{
    QFile message(file);
    if (!message.open(QIODevice::ReadOnly))
        return {};
    const QByteArray octets = message.read(mostRead);
    FoundReport found;
    if (const std::optional<StatusReport> report = readStatusReport(octets))
        found.report = *report;
    else
        found.receipt = readMdn(octets);
    if (!found.isNull())
        found.doneId = records.idFor(found);
    return found;
}

} // namespace glasspost::mail
