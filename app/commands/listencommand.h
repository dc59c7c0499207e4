#pragma once

#include "app/commandline/invocation.h"
#include "app/commands/command.h"
#include "app/console/terminationsignal.h"
#include "app/control/requests.h"
#include "app/hooks/arrivalhooks.h"
#include "app/http/httpswitch.h"
#include "app/pop3/pop3service.h"
#include "mail/queue/networkwatch.h"
#include "mail/system/mailsystem.h"

namespace glasspost::app {

/// The folder's settings with what the command line says on top.
mail::Settings withOptions(mail::Settings settings, const ListenInvocation &invocation);

/// glasspost listen: the mail system without a window, until SIGTERM or SIGINT.
class ListenCommand : public RunningCommand
{
    Q_OBJECT
public:
    ListenCommand(ListenInvocation invocation, QString dataFolder, QObject *parent = nullptr);
    void start() override;

private:
    void takeState(const mail::ListenerState &state);
    void startHttp();
    void takeHttp(const mail::ListenerState &state);
    void startHooks();
    void printHttp();
    void startPop3();
    void printPlace(const char *event, const char *sentence, const AddressBinding &place);
    void printBindings(const QList<mail::ListenerBinding> &bindings);
    void printReceived(const QList<mail::ReceptionEvent> &events);
    void end(ExitCode code);

    ListenInvocation m_invocation;
    QString m_dataFolder;
    TerminationSignal m_signal;
    mail::NetworkWatch m_network;
    mail::MailSystem m_mail;
    RequestHandler m_handler;
    HttpSwitch m_http;
    Pop3Service m_pop3;
    ArrivalHooks m_hooks;
    ControlServer m_control;
    bool m_started = false; ///< the listener, once
    bool m_listening = false;
    bool m_ending = false;
};

} // namespace glasspost::app
