#include "mail/queue/reportfolding.h"

#include "mail/queue/queuefiles.h"

#include <QDirIterator>
#include <QFile>

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

QByteArray doneIdFor(const QString &dataFolder, const StatusReport &report)
{
    if (!readDoneEntry(dataFolder, report.envelopeId).id.isEmpty())
        return report.envelopeId;
    if (report.originalMessageId.isEmpty())
        return {};
    QDirIterator records(dataFolder + QLatin1String("/queue/done"), {QStringLiteral("*.json")}, QDir::Files);
    while (records.hasNext()) {
        records.next();
        QByteArray id = records.fileInfo().completeBaseName().toLatin1();
        if (readDoneEntry(dataFolder, id).messageIdField == report.originalMessageId)
            return id;
    }
    return {};
}

} // namespace

QueueEntry withReport(QueueEntry entry, const StatusReport &report, qint64 at)
{
    const bool isOnly = entry.recipients.size() == 1 && report.recipients.size() == 1;
    for (const ReportedRecipient &reported : report.recipients) {
        for (QueueRecipient &one : entry.recipients) {
            if (!isOnly && !isAbout(reported, one.recipient))
                continue;
            const QByteArray server
                = report.reportingServer.isEmpty() ? reported.remoteServer : report.reportingServer;
            one.later = LaterReport{reported.action, reported.status, server, reported.diagnostic, at};
        }
    }
    return entry;
}

FoundReport findReport(const QString &dataFolder, const QString &file)
{
    QFile message(file);
    if (!message.open(QIODevice::ReadOnly))
        return {};
    const std::optional<StatusReport> report = readStatusReport(message.read(mostRead));
    if (!report)
        return {};
    return {*report, doneIdFor(dataFolder, *report)};
}

} // namespace glasspost::mail
