#include "app/commands/transfercommand.h"

#include "app/commands/requestcommand.h"
#include "app/console/output.h"

#include <QFileInfo>
#include <QJsonArray>

namespace glasspost::app {

namespace {

mail::TransferFormat carriedFormat(TransferInvocation::Format format)
{
    switch (format) {
    case TransferInvocation::Format::Detect:
        break;
    case TransferInvocation::Format::Eml:
        return mail::TransferFormat::Eml;
    case TransferInvocation::Format::Mbox:
        return mail::TransferFormat::Mbox;
    case TransferInvocation::Format::Maildir:
        return mail::TransferFormat::Maildir;
    }
    return mail::TransferFormat::Detect;
}

ExitCode printCarried(bool imports, const QJsonObject &answer)
{
    const int count = answer[QStringLiteral("messages")].toInt();
    const QJsonArray leftOut = answer[QStringLiteral("leftOut")].toArray();
    printLine(QByteArray::number(count) + (count == 1 ? " message " : " messages ")
        + (imports ? "imported into " : "exported from ")
        + printable(answer[QStringLiteral("mailbox")].toString().toUtf8()));
    for (const auto name : leftOut)
        complain(QStringLiteral("skipped, not a message: %1").arg(name.toString()));
    if (const int doubtful = answer[QStringLiteral("doubtful")].toInt(); doubtful > 0)
        complain(QStringLiteral(
            "In %1 place(s) it was unclear where a message begins or ends: check the messages there")
                     .arg(doubtful));
    return leftOut.isEmpty() ? ExitCode::Ok : ExitCode::BadMessage;
}

} // namespace

std::unique_ptr<RunningCommand> makeTransfer(const TransferInvocation &invocation, const QString &dataFolder)
{
    const bool imports = invocation.direction == TransferInvocation::Direction::Import;
    // The instance that does it may run in another folder.
    const QString path = QFileInfo(invocation.path).absoluteFilePath();
    const auto direction = imports ? mail::Transfer::Direction::Import : mail::Transfer::Direction::Export;
    return std::make_unique<RequestCommand>(dataFolder,
        transferRequest(direction, path, carriedFormat(invocation.format), invocation.mailbox),
        [imports](const QJsonObject &answer) { return printCarried(imports, answer); });
}

} // namespace glasspost::app
