#include "mail/system/listening.h"

#include "mail/routing/authfile.h"
#include "mail/settings/addressrangetext.h"
#include "mail/system/certificate.h"
#include "smtp/syntax/hostport.h"

#include <QFile>

#include <algorithm>

namespace glasspost::mail {

namespace {

Error errorFrom(const smtp::ListenError &failure)
{
    const smtp::Binding &binding = failure.binding;
    ErrorCode code = ErrorCode::InputOutput;
    switch (failure.kind) {
    case smtp::ListenError::Kind::AddressInUse:
        code = ErrorCode::InUse;
        break;
    case smtp::ListenError::Kind::NotPermitted:
        code = ErrorCode::NotPermitted;
        break;
    case smtp::ListenError::Kind::AddressNotAvailable:
        code = ErrorCode::BadAddress;
        break;
    case smtp::ListenError::Kind::Other:
        break;
    }
    const QString place = binding.unixPath.isEmpty() ? smtp::hostPort(binding.address, binding.port)
                                                     : QFile::decodeName(binding.unixPath);
    return {code, place, failure.systemText};
}

smtp::Binding bindingFrom(const ListenerBinding &binding)
{
    smtp::Binding result;
    result.address = binding.address;
    result.port = binding.port;
    result.tls = binding.tls;
    result.requireAuth = binding.requireAuth;
    result.clientCertificate = binding.clientCertificate;
    result.proxyHeaders = binding.proxyHeaders;
    result.name = binding.captureMailbox.toUtf8();
    result.unixPath = QFile::encodeName(binding.unixPath);
    result.descriptor = binding.descriptor;
    return result;
}

void applyExtensions(
    const ListenerExtensions &extensions, RecipientPolicy policy, smtp::ServerSettings &server)
{
    server.offerChunking = extensions.chunking;
    server.offerSmtpUtf8 = extensions.smtpUtf8;
    server.announceLimits = extensions.limits;
    server.verifyAllowed = extensions.verify;
    server.expandAllowed = extensions.expand;
    server.offerXclient = extensions.xclient;
    // A captured message shows what was asked for reports; it goes nowhere, so there is nothing to report.
    server.offerDsn = extensions.dsn;
    // The queue keeps these promises.
    const bool keeps = policy == RecipientPolicy::Mailboxes;
    server.offerRequireTls = keeps && extensions.requireTls;
    server.offerDeliverBy = keeps && extensions.deliverBy;
    server.offerFutureRelease = keeps && extensions.futureRelease;
    server.offerMtPriority = keeps && extensions.priority;
}

/// A text that is no range is one that nobody is in.
QList<smtp::AddressRange> rangesFrom(const QStringList &texts)
{
    QList<smtp::AddressRange> ranges;
    for (const QString &text : texts)
        ranges.append(addressRangeFrom(text).value_or(smtp::AddressRange{QHostAddress(), -1}));
    return ranges;
}

smtp::ServerSettings serverFrom(const ListenerSettings &settings, const QString &hostName, int hopLimit,
    const ListenerCertificate &certificate)
{
    smtp::ServerSettings server;
    server.hostName = hostName.toUtf8();
    server.limits = settings.limits;
    server.limits.hops = hopLimit;
    server.identity = certificate.identity;
    server.tls = {settings.tlsMinimum, settings.tlsCiphers.toLatin1(), certificate.clientAuthorities};
    server.offerAuth = settings.canSignIn();
    server.clearAuth = settings.clearSignIn;
    server.paths = settings.pathStyle();
    if (settings.policy == RecipientPolicy::CatchAll)
        server.bareLineFeeds = settings.bareLineFeeds;
    for (const QString &mechanism : settings.mechanisms)
        server.mechanisms.append(mechanism.toLatin1().toUpper());
    server.allowedClients = rangesFrom(settings.allowedClients);
    server.trustedPeers = rangesFrom(settings.trustedPeers);
    applyExtensions(settings.extensions, settings.policy, server);
    return server;
}

/// Where no binding speaks TLS none is made. A file that was named is read all the same: it may be wrong.
bool needsCertificate(const ListenerSettings &settings)
{
    return !settings.certificateFile.isEmpty() || !settings.clientAuthorityFile.isEmpty()
        || std::any_of(settings.bindings.begin(), settings.bindings.end(),
            [](const ListenerBinding &binding) { return binding.tls != smtp::TlsMode::None; });
}

} // namespace

Listening::Listening(QString dataFolder, smtp::TranscriptSink &transcripts, Worker &worker)
    : m_dataFolder(std::move(dataFolder)), m_transcripts(transcripts), m_worker(worker)
{ }

Listening::~Listening() = default;

void Listening::start(const ListenerSettings &settings, const QString &hostName, int hopLimit,
    smtp::TransactionHandlerFactory &handlers)
{
    endListener();
    const quint64 start = ++m_starts;
    const Result<std::shared_ptr<smtp::CredentialStore>> credentials = credentialsOf(settings);
    if (!credentials) {
        fail(credentials.error());
        return;
    }
    if (!needsCertificate(settings)) {
        listen(settings, serverFrom(settings, hostName, hopLimit, ListenerCertificate()), handlers,
            *credentials);
        return;
    }
    m_worker
        .run([settings, hostName, folder = m_dataFolder] {
            return loadCertificate(folder, settings, hostName);
        })
        .then(this,
            [this, start, settings, hostName, hopLimit, &handlers, credentials = *credentials](
                const Result<ListenerCertificate> &certificate) {
                if (start != m_starts)
                    return;
                if (certificate)
                    listen(settings, serverFrom(settings, hostName, hopLimit, *certificate), handlers,
                        credentials);
                else
                    fail(certificate.error());
            });
}

void Listening::listen(const ListenerSettings &settings, const smtp::ServerSettings &server,
    smtp::TransactionHandlerFactory &handlers, std::shared_ptr<smtp::CredentialStore> credentials)
{
    m_credentials = std::move(credentials);
    auto listener = std::make_unique<smtp::Listener>(server, handlers, m_transcripts, m_credentials.get());
    ListenerState state;
    state.kind = ListenerState::Kind::Listening;
    state.policy = settings.policy;
    for (const ListenerBinding &binding : settings.bindings) {
        const auto had = listener->listen(bindingFrom(binding));
        if (!had) {
            fail(errorFrom(had.error()));
            return;
        }
        state.bindings.append(binding);
        state.bindings.last().port = had->port;
    }
    m_listener = std::move(listener);
    m_state = state;
    connect(m_listener.get(), &smtp::Listener::connectionCountChanged, this, [this](int count) {
        m_state.connections = count;
        Q_EMIT changed(m_state);
    });
    connect(m_listener.get(), &smtp::Listener::acceptPaused, this, [this](const QString &why) {
        Q_EMIT troubled({ErrorCode::InputOutput, QStringLiteral("accept"), why});
    });
    Q_EMIT changed(m_state);
}

void Listening::fail(const Error &error)
{
    endListener();
    m_state = {};
    m_state.kind = ListenerState::Kind::Failed;
    m_state.error = error;
    Q_EMIT changed(m_state);
}

void Listening::stop()
{
    ++m_starts;
    endListener();
    m_state = {};
    Q_EMIT changed(m_state);
    if (isIdle())
        Q_EMIT becameIdle();
}

// Its sessions are told 421 and end; until then the listener lives on.
void Listening::endListener()
{
    if (!m_listener)
        return;
    smtp::Listener *listener = m_listener.release();
    listener->setParent(this);
    disconnect(listener, nullptr, this, nullptr);
    ++m_ending;
    connect(listener, &smtp::Listener::finished, this, [this, listener, credentials = m_credentials] {
        listener->deleteLater();
        --m_ending;
        if (isIdle())
            Q_EMIT becameIdle();
    });
    listener->shutdown();
}

} // namespace glasspost::mail
