#include "app/commands/listencommand.h"

#include "app/console/inheritedsockets.h"
#include "app/console/jsonvalues.h"
#include "app/console/output.h"
#include "app/console/passwords.h"
#include "app/control/controlpath.h"
#include "smtp/syntax/hostport.h"

#include <algorithm>

namespace glasspost::app {

namespace {

void addUser(mail::Settings &settings, const QString &name)
{
    const bool known = std::any_of(settings.users.cbegin(), settings.users.cend(),
        [&name](const mail::LocalUser &user) { return user.name.compare(name, Qt::CaseInsensitive) == 0; });
    if (!known)
        settings.users += mail::LocalUser{name, {}};
}

QByteArray receivedLine(const mail::ReceptionEvent &event)
{
    const QByteArray who = "<" + event.from + "> to " + event.to.join(", ");
    const QByteArray size = ", " + QByteArray::number(event.size) + " octets";
    switch (event.kind) {
    case mail::ReceptionEvent::Kind::Stored:
        return printable("stored " + who + size + ", " + event.file.toUtf8());
    case mail::ReceptionEvent::Kind::Refused:
        return printable("refused " + who + ": " + event.reply);
    case mail::ReceptionEvent::Kind::Discarded:
        break;
    }
    return printable("discarded " + who + size);
}

ListenInvocation withInherited(ListenInvocation invocation)
{
    invocation.bindings += inheritedBindings();
    return invocation;
}

} // namespace

namespace {

template <typename Value, typename Given> void takeGiven(Value &value, const std::optional<Given> &given)
{
    value = given ? Value(*given) : value;
}

void applyBindingOptions(mail::ListenerSettings &listener, const ListenInvocation &invocation)
{
    for (mail::ListenerBinding &binding : listener.bindings) {
        if (!invocation.mailbox.isEmpty())
            binding.captureMailbox = invocation.mailbox;
        takeGiven(binding.tls, invocation.tls);
        // A certificate is given to be used.
        const bool isUnused = !invocation.tls && binding.tls == smtp::TlsMode::None;
        if (isUnused && !invocation.certificateFile.isEmpty())
            binding.tls = smtp::TlsMode::Opportunistic;
    }
}

} // namespace

mail::Settings withOptions(mail::Settings settings, const ListenInvocation &invocation)
{
    mail::ListenerSettings &listener = settings.listener;
    listener.enabled = true;
    if (!invocation.bindings.isEmpty())
        listener.bindings = invocation.bindings;
    if (listener.bindings.isEmpty())
        listener.bindings = {mail::ListenerBinding()};
    applyBindingOptions(listener, invocation);
    takeGiven(listener.policy, invocation.policy);
    takeGiven(listener.captureRule, invocation.fileBy);
    takeGiven(listener.retention.messages, invocation.keepMessages);
    takeGiven(listener.retention.age, invocation.keepAge);
    takeGiven(listener.retention.octets, invocation.keepSize);
    listener.rejectedRecipients += invocation.rejected;
    listener.discardedRecipients += invocation.discarded;
    listener.allowedClients += invocation.allowedClients;
    takeGiven(listener.signIn, invocation.signIn);
    takeGiven(listener.clearSignIn, invocation.clearSignIn);
    takeGiven(listener.paths, invocation.paths);
    takeGiven(listener.bareLineFeeds, invocation.bareLineFeeds);
    if (!invocation.certificateFile.isEmpty()) {
        listener.certificateFile = invocation.certificateFile;
        listener.keyFile = invocation.keyFile;
    }
    if (!invocation.authFile.isEmpty())
        listener.authFile = invocation.authFile;
    takeGiven(listener.limits.messageSize, invocation.maxSize);
    takeGiven(listener.limits.recipients, invocation.maxRecipients);
    takeGiven(listener.limits.connections, invocation.maxConnections);
    takeGiven(listener.limits.connectionsFromLoopback, invocation.maxConnections);
    takeGiven(listener.limits.idle, invocation.idle);
    if (invocation.http)
        settings.http = {true, invocation.http->address, invocation.http->port};
    if (!invocation.spamd.isEmpty())
        settings.spamd = invocation.spamd;
    for (const QString &domain : invocation.domains) {
        if (!settings.localDomains.contains(domain, Qt::CaseInsensitive))
            settings.localDomains += domain;
    }
    for (const QString &user : invocation.users)
        addUser(settings, user);
    return settings;
}

ListenCommand::ListenCommand(ListenInvocation invocation, QString dataFolder, QObject *parent)
    : RunningCommand(parent), m_invocation(withInherited(std::move(invocation))),
      m_dataFolder(std::move(dataFolder)), m_mail(m_dataFolder), m_handler(m_mail), m_http(m_mail),
      m_pop3(m_mail), m_hooks(m_mail.mailboxes(), m_mail.lookups()),
      m_control([this](const QJsonObject &request, QObject *context, ControlServer::Done done) {
          m_handler.answer(request, context, std::move(done));
      })
{
    connect(&m_mail, &mail::MailSystem::started, this, [this] {
        m_control.listen(controlPath(m_dataFolder));
        startHooks();
        startHttp();
    });
    connect(&m_http, &HttpSwitch::changed, this, &ListenCommand::takeHttp);
    connect(&m_mail, &mail::MailSystem::startFailed, this,
        [this](const mail::Error &error) { Q_EMIT finished(complain(error)); });
    connect(&m_mail.listener(), &mail::ListenerSwitch::changed, this, &ListenCommand::takeState);
    connect(&m_mail.mailboxes(), &mail::Mailboxes::received, this, &ListenCommand::printReceived);
    connect(&m_mail, &mail::MailSystem::troubled, this, [](const mail::Error &error) { complain(error); });
    connect(&m_signal, &TerminationSignal::terminated, this, [this] { end(ExitCode::Ok); });
    answerPasswords(m_mail.outbox(), this);
}

void ListenCommand::start()
{
    mail::StartOptions options;
    options.adjust = [invocation = m_invocation](
                         const mail::Settings &settings) { return withOptions(settings, invocation); };
    connect(&m_network, &mail::NetworkWatch::changed, &m_mail.outbox(), &mail::Outbox::setReachability);
    m_mail.outbox().setReachability(m_network.reachability());
    m_mail.start(options);
}

void ListenCommand::takeState(const mail::ListenerState &state)
{
    switch (state.kind) {
    case mail::ListenerState::Kind::Listening:
        if (!std::exchange(m_listening, true)) {
            printBindings(state.bindings);
            printHttp();
            startPop3();
        }
        break;
    case mail::ListenerState::Kind::Failed: {
        const ExitCode code = complain(state.error);
        // A port in use or forbidden is a service that is unavailable; a certificate is a setting.
        end(state.error.code == mail::ErrorCode::BadSettings || state.error.code == mail::ErrorCode::Damaged
                ? code
                : ExitCode::Unavailable);
        break;
    }
    case mail::ListenerState::Kind::Off:
        if (m_ending)
            Q_EMIT finished(ExitCode::Ok);
        break;
    }
}

void ListenCommand::printBindings(const QList<mail::ListenerBinding> &bindings)
{
    for (const mail::ListenerBinding &binding : bindings) {
        if (m_invocation.format != OutputFormat::Json)
            printLine("listening on " + binding.place().toUtf8());
        else if (binding.unixPath.isEmpty())
            printObject({{QStringLiteral("event"), QStringLiteral("listening")},
                {QStringLiteral("address"), binding.address.toString()},
                {QStringLiteral("port"), binding.port}});
        else
            printObject({{QStringLiteral("event"), QStringLiteral("listening")},
                {QStringLiteral("path"), binding.unixPath}});
        if (!binding.address.isLoopback())
            complain(QStringLiteral("%1 can be reached from other machines").arg(binding.place()));
    }
}

void ListenCommand::startHooks()
{
    if (!m_invocation.webhook.isEmpty())
        m_hooks.tell({.url = m_invocation.webhook, .secret = qgetenv("GLASSPOST_WEBHOOK_SECRET")});
    if (!m_invocation.runForEach.isEmpty())
        m_hooks.run({.command = m_invocation.runForEach});
    if (m_invocation.webhook.isEmpty() && m_invocation.runForEach.isEmpty())
        return;
    connect(&m_hooks, &ArrivalHooks::failed, this, [](const QString &sentence) { complain(sentence); });
    m_hooks.follow();
}

/// The listener is next: who reads that it listens may ask over HTTP.
void ListenCommand::startHttp()
{
    if (!HttpSwitch::lacksToken(m_mail.settings().value().http))
        return m_http.follow();
    complain(QStringLiteral("HTTP on an address that other machines can reach needs a token in the "
                            "environment variable GLASSPOST_HTTP_TOKEN"));
    Q_EMIT finished(ExitCode::Usage);
}

void ListenCommand::takeHttp(const mail::ListenerState &state)
{
    if (state.kind == mail::ListenerState::Kind::Failed) {
        complain(state.error);
        end(ExitCode::Unavailable);
    } else if (!std::exchange(m_started, true)) {
        m_mail.listener().start(m_mail.settings().value().listener);
    }
}

void ListenCommand::printHttp()
{
    for (const mail::ListenerBinding &binding : m_http.state().bindings)
        printPlace("http", "HTTP on http://%1/", {binding.address, binding.port});
}

/// Its certificate is the listener's, which is there by now.
void ListenCommand::startPop3()
{
    if (!m_invocation.pop3)
        return;
    m_pop3.listen(*m_invocation.pop3).then(this, [this](const mail::Result<quint16> &port) {
        if (port) {
            printPlace("pop3", "POP3 on %1", {m_invocation.pop3->address, *port});
            return;
        }
        const ExitCode code = complain(port.error());
        end(port.error().code == mail::ErrorCode::BadSettings ? code : ExitCode::Unavailable);
    });
}

void ListenCommand::printPlace(const char *event, const char *sentence, const AddressBinding &place)
{
    if (m_invocation.format == OutputFormat::Json)
        printObject({{QStringLiteral("event"), QLatin1String(event)},
            {QStringLiteral("address"), place.address.toString()}, {QStringLiteral("port"), place.port}});
    else
        printLine(QString::fromLatin1(sentence).arg(smtp::hostPort(place.address, place.port)).toUtf8());
}

void ListenCommand::printReceived(const QList<mail::ReceptionEvent> &events)
{
    QByteArrayList lines;
    for (const mail::ReceptionEvent &event : events)
        lines += m_invocation.format == OutputFormat::Json ? toJsonLine(event) : receivedLine(event);
    printLine(lines.join('\n'));
}

void ListenCommand::end(ExitCode code)
{
    if (std::exchange(m_ending, true))
        return;
    if (code != ExitCode::Ok || !m_listening)
        Q_EMIT finished(code);
    else
        m_mail.listener().stop(); // says 421, and Off when the last 250 is out
}

} // namespace glasspost::app
