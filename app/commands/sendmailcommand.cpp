#include "app/commands/sendmailcommand.h"

#include "app/commands/sendmaildialogue.h"
#include "app/commands/sendmailmessage.h"
#include "app/console/output.h"
#include "app/console/textlines.h"

namespace glasspost::app {

namespace {

SendInvocation asSend(const SendmailInvocation &sendmail)
{
    SendInvocation send;
    send.route = sendmail.via;
    send.handover = sendmail.via ? Handover::Now : Handover::Queue;
    send.transcript = TranscriptFormat::None;
    return send;
}

/// newaliases: the aliases are in the settings, and nothing is built from them.
class AliasesCommand : public RunningCommand
{
public:
    void start() override { Q_EMIT finished(ExitCode::Ok); }
};

} // namespace

SendmailCommand::SendmailCommand(SendmailInvocation invocation, const QString &dataFolder, QObject *parent)
    : SendCommand(asSend(invocation), dataFolder, parent), m_sendmail(std::move(invocation))
{ }

tl::expected<Outgoing, SendFailure> SendmailCommand::read(
    const mail::Settings &settings, const QString &spoolFolder)
{
    return readSendmail(m_sendmail, readStandardInput, settings, Caller::current(), spoolFolder);
}

void SendmailCommand::tellQueued(const QJsonObject &) { }

void SendmailCommand::tellRecipient(const smtp::RecipientReport &recipient)
{
    if (recipient.result != smtp::DeliveryResult::Delivered)
        complain(QString::fromUtf8(reportLine(recipient)));
}

ExitCode SendmailCommand::codeOf(const mail::Error &error) const
{
    return sendmailCode(error);
}

ExitCode sendmailCode(const mail::Error &error)
{
    if (error.code == mail::ErrorCode::NoMailbox)
        return ExitCode::NoUser;
    return error.code == mail::ErrorCode::NoSpace ? ExitCode::TryLater : exitCodeFor(error);
}

std::unique_ptr<RunningCommand> makeSendmail(const SendmailInvocation &invocation, const QString &dataFolder)
{
    switch (invocation.mode) {
    case SendmailInvocation::Mode::Message:
        break;
    case SendmailInvocation::Mode::Dialogue:
        return std::make_unique<SendmailDialogue>(dataFolder);
    case SendmailInvocation::Mode::Aliases:
        return std::make_unique<AliasesCommand>();
    }
    return std::make_unique<SendmailCommand>(invocation, dataFolder);
}

} // namespace glasspost::app
