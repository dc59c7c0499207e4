#include "app/commands/sendcommand.h"

#include "app/console/jsonvalues.h"
#include "app/console/output.h"
#include "app/console/passwords.h"
#include "app/console/textlines.h"
#include "app/control/access.h"
#include "mail/routing/routelookup.h"
#include "mail/settings/settingsfile.h"

#include <QFileInfo>
#include <QTimer>

#include <algorithm>
#include <chrono>

namespace glasspost::app {

namespace {

/// The folder's settings; those of a first start where there are none yet: sending makes no folder.
mail::Result<mail::Settings> settingsOf(const QString &dataFolder)
{
    auto settings = mail::loadSettings(dataFolder);
    if (!settings && settings.error().code == mail::ErrorCode::NotFound)
        return mail::Settings::forFirstStart();
    return settings;
}

constexpr std::chrono::seconds leavingTime{3};

} // namespace

SendCommand::SendCommand(SendInvocation invocation, QString dataFolder, QObject *parent)
    : RunningCommand(parent), m_invocation(std::move(invocation)), m_dataFolder(std::move(dataFolder)),
      m_sink(m_invocation.transcript)
{ }

SendCommand::~SendCommand() = default;

void SendCommand::start()
{
    const auto settings = settingsOf(m_dataFolder);
    if (!settings) {
        Q_EMIT finished(complain(settings.error()));
        return;
    }
    const auto outgoing = read(*settings, m_spool.path());
    if (!outgoing) {
        complain(outgoing.error().sentence);
        Q_EMIT finished(outgoing.error().code);
        return;
    }
    if (m_invocation.handover == Handover::Queue)
        queue(*outgoing, *settings);
    else
        sendNow(*outgoing, *settings);
}

void SendCommand::queue(const Outgoing &outgoing, const mail::Settings &settings)
{
    // Nothing said: the settings' route, whatever it is when the message leaves.
    std::optional<mail::OutgoingRoute> ownRoute;
    if (const mail::OutgoingRoute wished = route(settings); m_invocation.route || wished != settings.route)
        ownRoute = wished;
    m_access = std::make_unique<Access>(m_dataFolder);
    connect(m_access.get(), &Access::answered, this, [this](const QJsonObject &answer) {
        tellQueued(answer);
        Q_EMIT finished(ExitCode::Ok);
    });
    connect(m_access.get(), &Access::failed, this, [this](const mail::Error &error) {
        complain(error);
        Q_EMIT finished(codeOf(error));
    });
    m_message = outgoing.message; // its file is read until the answer has come
    m_access->ask(submitRequest(outgoing.envelope, m_message, ownRoute));
}

mail::OutgoingRoute SendCommand::route(const mail::Settings &settings) const
{
    mail::OutgoingRoute route = m_invocation.route.value_or(settings.route);
    route.port = m_invocation.port.value_or(route.port);
    if (!m_invocation.nameserver.isNull()) {
        route.nameserver = m_invocation.nameserver;
        route.nameserverPort = m_invocation.nameserverPort;
    }
    if (!m_invocation.trustAnchorFile.isEmpty())
        route.trustAnchorFile = m_invocation.trustAnchorFile;
    const RouteOverrides &overrides = m_invocation.overrides;
    if (route.tls != smtp::TlsMode::Implicit)
        route.tls = overrides.tls.value_or(route.tls);
    route.verifyCertificate
        = route.verifyCertificate || overrides.verify || !overrides.authorityFile.isEmpty();
    const auto prefer = [](const QString &wish, QString &set) { set = wish.isEmpty() ? set : wish; };
    prefer(overrides.authorityFile, route.authorityFile);
    prefer(overrides.fingerprint, route.fingerprint);
    prefer(overrides.certificateFile, route.certificateFile);
    prefer(overrides.keyFile, route.keyFile);
    if (!overrides.mechanisms.isEmpty())
        route.mechanisms = overrides.mechanisms;
    route.authInClear = std::max(route.authInClear, overrides.authInClear);
    route.passedOver = overrides.passedOver.value_or(route.passedOver);
    route.mtaStsPort = m_invocation.mtaStsPort.value_or(route.mtaStsPort);
    return route;
}

void SendCommand::sendNow(const Outgoing &outgoing, const mail::Settings &settings)
{
    mail::DeliverySettings delivery;
    delivery.route = route(settings);
    const mail::Account account = mail::Account::of(delivery.route);
    m_signIn = account.user.isEmpty() ? SignIn::None : SignIn::Wanted;
    delivery.heloName = settings.hostName.toUtf8();
    delivery.timeouts = settings.timeouts;
    delivery.token = tokenFromEnvironment();
    delivery.proxy = m_invocation.overrides.proxy;
    delivery.xclient = m_invocation.overrides.xclient;
    const bool needsPassword = delivery.token.isEmpty() && delivery.route.certificateFile.isEmpty();
    if (!delivery.route.user.isEmpty() && needsPassword) {
        QByteArray password = passwordFromEnvironment();
        if (password.isEmpty())
            password = askPassword(delivery.route.host, delivery.route.user);
        delivery.passwords.insert(account, password);
        if (password.isEmpty()) {
            complain(
                QStringLiteral("%1 requires the password for %2, and there is none: set GLASSPOST_PASSWORD")
                    .arg(delivery.route.host, delivery.route.user));
            Q_EMIT finished(ExitCode::SignIn);
            return;
        }
    }
    const auto lookups
        = [name = delivery.heloName](const mail::OutgoingRoute &way) { return mail::lookupFor(way, name); };
    m_agent = std::make_unique<mail::DeliveryAgent>(delivery, lookups, m_sink);
    connect(m_agent.get(), &mail::DeliveryAgent::finished, this,
        [this](quint64, const smtp::DeliveryReport &whole) { leave(whole); });
    connect(&m_signal, &TerminationSignal::terminated, this,
        [this] { m_agent->abort(QByteArrayLiteral("interrupted by the user")); });
    m_agent->deliver(outgoing.envelope, mail::sourcesOf(outgoing.message));
}

// The server is sent QUIT and its reply awaited, so that neither end has a broken session.
void SendCommand::leave(const smtp::DeliveryReport &whole)
{
    auto *once = new QTimer(this);
    once->setSingleShot(true);
    connect(m_agent.get(), &mail::DeliveryAgent::left, once, [once] { once->start(0); });
    connect(once, &QTimer::timeout, this, [this, whole] { report(whole); });
    once->start(leavingTime);
    QTimer::singleShot(0, m_agent.get(), &mail::DeliveryAgent::leave);
}

void SendCommand::report(const smtp::DeliveryReport &whole)
{
    for (const smtp::RecipientReport &recipient : whole.recipients)
        tellRecipient(recipient);
    Q_EMIT finished(exitCodeFor(whole, m_signIn));
}

tl::expected<Outgoing, SendFailure> SendCommand::read(
    const mail::Settings &settings, const QString &spoolFolder)
{
    return readOutgoing(m_invocation, settings, spoolFolder);
}

void SendCommand::tellQueued(const QJsonObject &answer)
{
    const QString id = answer[QStringLiteral("queueId")].toString();
    if (m_invocation.transcript == TranscriptFormat::Json)
        printObject({{QStringLiteral("event"), QStringLiteral("queued")}, {QStringLiteral("id"), id},
            {QStringLiteral("delivered"), answer[QStringLiteral("delivered")]}});
    else
        printLine(id.isEmpty() ? QByteArray("delivered to local mailboxes") : "queued as " + id.toUtf8());
}

void SendCommand::tellRecipient(const smtp::RecipientReport &recipient)
{
    if (m_invocation.transcript == TranscriptFormat::Json) {
        QJsonObject object = toJson(recipient);
        object[QStringLiteral("event")] = QStringLiteral("recipient");
        printObject(object);
    } else {
        printLine(reportLine(recipient));
    }
}

ExitCode SendCommand::codeOf(const mail::Error &error) const
{
    return exitCodeFor(error);
}

} // namespace glasspost::app
