#pragma once

#include "app/commands/sendcommand.h"

namespace glasspost::app {

/// glasspost sendmail: takes what programs call sendmail with, and says nothing but what went wrong. Into the
/// data folder's queue, or at once to the server that --via names.
class SendmailCommand : public SendCommand
{
    Q_OBJECT
public:
    SendmailCommand(SendmailInvocation invocation, const QString &dataFolder, QObject *parent = nullptr);

protected:
    tl::expected<Outgoing, SendFailure> read(
        const mail::Settings &settings, const QString &spoolFolder) override;
    void tellQueued(const QJsonObject &answer) override;
    void tellRecipient(const smtp::RecipientReport &recipient) override;
    [[nodiscard]] ExitCode codeOf(const mail::Error &error) const override;

private:
    SendmailInvocation m_sendmail;
};

/// With the numbers that callers of sendmail act on: no such user here, try again later.
ExitCode sendmailCode(const mail::Error &error);

std::unique_ptr<RunningCommand> makeSendmail(const SendmailInvocation &invocation, const QString &dataFolder);

} // namespace glasspost::app
