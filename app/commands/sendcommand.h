#pragma once

#include "app/commandline/invocation.h"
#include "app/commands/command.h"
#include "app/commands/printingsink.h"
#include "app/commands/sendmessage.h"
#include "app/commands/sendresult.h"
#include "app/commands/sendspool.h"
#include "app/console/terminationsignal.h"
#include "mail/queue/deliveryagent.h"
#include "mail/settings/settings.h"

#include <QJsonObject>

#include <memory>

namespace glasspost::app {

class Access;

/// glasspost send: one message to its recipients' servers, at once and without the queue; or, with --queue,
/// into the data folder's queue.
class SendCommand : public RunningCommand
{
    Q_OBJECT
public:
    SendCommand(SendInvocation invocation, QString dataFolder, QObject *parent = nullptr);
    ~SendCommand() override;
    void start() override;

protected:
    virtual tl::expected<Outgoing, SendFailure> read(
        const mail::Settings &settings, const QString &spoolFolder);
    virtual void tellQueued(const QJsonObject &answer);
    virtual void tellRecipient(const smtp::RecipientReport &recipient);
    [[nodiscard]] virtual ExitCode codeOf(const mail::Error &error) const;

private:
    void queue(const Outgoing &outgoing, const mail::Settings &settings);
    void sendNow(const Outgoing &outgoing, const mail::Settings &settings);
    void leave(const smtp::DeliveryReport &whole);
    void report(const smtp::DeliveryReport &whole);
    [[nodiscard]] mail::OutgoingRoute route(const mail::Settings &settings) const;

    SendInvocation m_invocation;
    QString m_dataFolder;
    PrintingSink m_sink;
    TerminationSignal m_signal;
    SignIn m_signIn = SignIn::None;
    SendSpool m_spool;
    mail::MessageOctets m_message;
    std::unique_ptr<mail::DeliveryAgent> m_agent;
    std::unique_ptr<Access> m_access;
};

} // namespace glasspost::app
