#include "mail/queue/reportfolding.h"

#include "mail/queue/queuefiles.h"

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

namespace glasspost::mail {

namespace {

constexpr qint64 mostRead = 1024 * 1024; // octets of a report

bool isSameAddress(const QByteArray &address, const smtp::Mailbox &mailbox)
{
    const qsizetype at = address.lastIndexOf('@');
    return at > 0 && address.left(at) == mailbox.localPart
        && address.mid(at + 1).compare(mailbox.domain, Qt::CaseInsensitive) == 0;
}

QByteArray original(const smtp::EnvelopeRecipient &recipient)
{
    return recipient.originalRecipient.mid(recipient.originalRecipient.indexOf(';') + 1);
}

bool isAbout(const ReportedRecipient &reported, const smtp::EnvelopeRecipient &recipient)
{
    const QByteArray ours = original(recipient);
    return isSameAddress(reported.originalRecipient, recipient.forwardPath)
        || isSameAddress(reported.finalRecipient, recipient.forwardPath)
        || (!ours.isEmpty() && reported.originalRecipient.compare(ours, Qt::CaseInsensitive) == 0);
}

bool isAbout(const MdnReceipt &receipt, const smtp::EnvelopeRecipient &recipient)
{
    return isSameAddress(receipt.finalRecipient, recipient.forwardPath);
}

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

QueueEntry withReport(QueueEntry entry, const FoundReport &found, qint64 at)
{
    const bool isAlone = entry.recipients.size() == 1;
    const bool isOnly = isAlone && found.report.recipients.size() == 1;
    for (QueueRecipient &one : entry.recipients) {
        for (const ReportedRecipient &reported : found.report.recipients) {
            if (!isOnly && !isAbout(reported, one.recipient))
                continue;
            const QByteArray server = found.report.reportingServer.isEmpty() ? reported.remoteServer
                                                                             : found.report.reportingServer;
            one.later = LaterReport{reported.action, reported.status, server, reported.diagnostic, at};
        }
        const MdnReceipt &receipt = found.receipt;
        if (!receipt.originalMessageId.isEmpty() && (isAlone || isAbout(receipt, one.recipient)))
            one.receipt = ReadReceipt{receipt.disposition, at};
    }
    return entry;
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
