#include "mail/queue/carrier.h"

#include "mail/queue/routeidentity.h"
#include "smtp/client/clientsession.h"
#include "smtp/client/clientstates.h"
#include "smtp/client/policy.h"

#include <QDateTime>
#include <QFile>

#include <algorithm>

namespace glasspost::mail {

namespace {

qint64 nowInMicroseconds()
{
    return QDateTime::currentMSecsSinceEpoch() * 1000;
}

smtp::DeliveryResult resultOf(smtp::LookupFailure::Kind kind)
{
    switch (kind) {
    case smtp::LookupFailure::Kind::NoSuchDomain:
    case smtp::LookupFailure::Kind::NullExchanger: // RFC 7505 4.1: at once, for good
    case smtp::LookupFailure::Kind::OnlyUs:
    case smtp::LookupFailure::Kind::NotPublic:
    case smtp::LookupFailure::Kind::Loop:
        return smtp::DeliveryResult::Refused;
    case smtp::LookupFailure::Kind::NoAddress: // RFC 5321 5.1: for good when the time for retries is over
    case smtp::LookupFailure::Kind::Untrusted:
    case smtp::LookupFailure::Kind::Temporary:
        return smtp::DeliveryResult::Deferred;
    }
    return smtp::DeliveryResult::Deferred;
}

// A TLS session was good by one route's authorities or pin, which are not another's.
QByteArray placeOf(const OutgoingRoute &route, const QByteArray &host, quint16 port)
{
    return host + ':' + QByteArray::number(port) + '\n' + route.authorityFile.toUtf8() + '\n'
        + route.fingerprint.toUtf8();
}

// C21, C22: the server takes no more recipients in this transaction, but would in the next.
bool isTooMany(const smtp::RecipientReport &report)
{
    return report.stage == smtp::DeliveryStage::Rcpt && report.result == smtp::DeliveryResult::Deferred
        && (report.reply.code == 452 || report.reply.code == 552);
}

// A connection that had been kept open and was closed at the other end, as the next message shows.
bool isStale(const smtp::RecipientReport &report)
{
    return report.result == smtp::DeliveryResult::Deferred && report.stage <= smtp::DeliveryStage::Rcpt
        && (report.reply.isNull() || report.reply.code == 421);
}

// Whoever waits for the same place would meet the same: nobody answers, or the password is refused.
bool isSiteFailure(const smtp::RecipientReport &report)
{
    if (isSignInRefused(report))
        return true;
    return report.result == smtp::DeliveryResult::Deferred && report.stage > smtp::DeliveryStage::Local
        && report.stage < smtp::DeliveryStage::Auth;
}

/// A demand binds where the route is content with less (RFC 7672 2.2, RFC 8461 5).
void obey(const smtp::TlsDemand &demand, smtp::ClientSettings &settings)
{
    if (demand.kind == smtp::TlsDemand::Kind::None)
        return;
    if (settings.tls != smtp::TlsMode::Implicit)
        settings.tls = smtp::TlsMode::Required;
    if (demand.kind == smtp::TlsDemand::Kind::MtaSts)
        settings.verifyCertificate = true;
    if (demand.kind == smtp::TlsDemand::Kind::Dane)
        settings.dane = {demand.records, demand.names};
}

/// Why TLS had to be, for whoever reads the queue.
QByteArray demandWords(smtp::TlsDemand::Kind kind)
{
    switch (kind) {
    case smtp::TlsDemand::Kind::None:
        break;
    case smtp::TlsDemand::Kind::Dane:
    case smtp::TlsDemand::Kind::DaneUnverified:
        return " (DANE asks for TLS)";
    case smtp::TlsDemand::Kind::MtaSts:
        return " (MTA-STS asks for TLS)";
    }
    return {};
}

} // namespace

bool isSignInRefused(const smtp::RecipientReport &report)
{
    if (report.stage != smtp::DeliveryStage::Auth)
        return false;
    return report.reply.isNull() ? report.status == smtp::EnhancedStatusCode{4, 7, 8}
                                 : report.reply.isPermanent();
}

smtp::RecipientReport ownReport(const smtp::Mailbox &recipient, smtp::DeliveryResult result,
    smtp::DeliveryStage stage, const smtp::EnhancedStatusCode &status, const QByteArray &reason)
{
    smtp::RecipientReport report;
    report.recipient = recipient;
    report.result = result;
    report.stage = stage;
    report.status = status;
    report.reason = reason;
    report.at = nowInMicroseconds();
    return report;
}

Carrier::Carrier(Site site, DeliverySettings settings, std::shared_ptr<smtp::ExchangerLookup> lookup,
    std::shared_ptr<TlsSessions> tlsSessions, SiteMemory &memory, smtp::TranscriptSink &transcripts,
    QObject *parent)
    : QObject(parent), m_site(std::move(site)), m_settings(std::move(settings)), m_lookup(std::move(lookup)),
      m_tlsSessions(std::move(tlsSessions)), m_memory(memory), m_transcripts(transcripts)
{
    m_idle.setSingleShot(true);
    connect(&m_idle, &QTimer::timeout, this, &Carrier::end);
}

void Carrier::carry(const CarrierJob &job)
{
    m_idle.stop();
    m_job = job;
    m_job->message = job.source();
    if (!m_job->message) { // too many open files, a disk in trouble: no word about the message
        deferJob({4, 3, 0}, "the message cannot be read now", smtp::DeliveryStage::Local);
        return;
    }
    selectHost(0);
    m_tls = Tls::AsSet;
    if (m_session && m_session->isReusable() && m_messages < m_settings.limits.messagesPerConnection) {
        m_connection = Connection::Reused;
        ++m_messages;
        Q_EMIT sessionOpened(m_job->delivery, m_session->facts().id);
        m_session->send(m_job->envelope, m_job->message);
        return;
    }
    leaveSession();
    m_hosts = m_memory.inOrder(m_hosts, m_site.route.port);
    selectHost(0);
    if (m_hosts.isEmpty())
        findHosts();
    else
        tryHost();
}

void Carrier::findHosts()
{
    const bool smarthost = m_site.route.kind == OutgoingRoute::Kind::Smarthost;
    if (smarthost && m_site.route.host.startsWith(u'/')) {
        m_hosts = {smtp::Exchanger{0, QFile::encodeName(m_site.route.host), {}}};
        selectHost(0);
        tryHost();
        return;
    }
    m_lookupNotes.clear();
    m_lookupStarted = nowInMicroseconds();
    const auto note = [this](const QByteArray &line) {
        m_lookupNotes.append({nowInMicroseconds(), smtp::Speaker::Event, false, line, 0});
    };
    const auto done = [this](const smtp::ExchangerResult &result) { hostsFound(result); };
    if (smarthost)
        m_lookup->lookupHost(m_site.route.host.toUtf8(), this, note, done);
    else
        m_lookup->lookup(m_site.domain, this, note, done);
}

void Carrier::hostsFound(const smtp::ExchangerResult &result)
{
    if (!m_job)
        return;
    if (!result) {
        lookupFailed(result.error());
        return;
    }
    m_hosts = m_memory.inOrder(*result, m_site.route.port);
    selectHost(0);
    if (m_addresses.isEmpty())
        lookupFailed({smtp::LookupFailure::Kind::NoAddress, {4, 4, 3}, "no exchanger has an address"});
    else
        tryHost();
}

void Carrier::selectHost(qsizetype host)
{
    m_host = host;
    m_addresses = host < m_hosts.size() ? m_hosts.at(host).addresses : QList<QHostAddress>();
}

/// RFC 5321 5.1: every address is tried. Those that answered in vain are done with; where none answered, all
/// are.
bool Carrier::goToNextHost(const smtp::RecipientReport &why)
{
    const bool answered = why.stage > smtp::DeliveryStage::Connect;
    if (answered && m_addresses.removeOne(why.remoteAddress) && !m_addresses.isEmpty())
        return true;
    if (m_host + 1 >= m_hosts.size())
        return false;
    selectHost(m_host + 1);
    return true;
}

// A session that never came to a connection is told like any other: nothing is hidden.
void Carrier::lookupFailed(const smtp::LookupFailure &failure)
{
    smtp::SessionFacts facts;
    facts.id = smtp::newSessionId();
    facts.role = smtp::SessionRole::Client;
    facts.startedAt = m_lookupStarted;
    const bool isDirect = m_site.route.kind == OutgoingRoute::Kind::Direct;
    facts.peerName = isDirect ? m_site.domain : m_site.route.host.toUtf8();
    m_transcripts.opened(facts);
    noteLookup(facts.id);
    m_transcripts.recorded(facts.id, {nowInMicroseconds(), smtp::Speaker::Event, false, failure.text, 0});
    facts.outcome = smtp::SessionOutcome::Broken;
    facts.endedAt = nowInMicroseconds();
    facts.ending = failure.text;
    m_transcripts.closed(facts);
    Q_EMIT sessionOpened(m_job->delivery, facts.id);

    QList<smtp::RecipientReport> reports;
    for (const smtp::EnvelopeRecipient &one : std::as_const(m_job->envelope.recipients)) {
        reports.append(ownReport(one.forwardPath, resultOf(failure.kind), smtp::DeliveryStage::Lookup,
            failure.status, failure.text));
        reports.last().sessionId = facts.id;
    }
    deliverPart(reports);
    Q_EMIT siteFailed(reports.first());
    jobDone();
}

void Carrier::tryHost()
{
    smtp::Endpoint endpoint;
    endpoint.host = m_hosts.at(m_host).host;
    endpoint.port = m_site.route.port;
    if (endpoint.host.startsWith('/')) {
        endpoint.socketPath = endpoint.host;
    } else {
        endpoint.address = m_addresses.constFirst();
        endpoint.alternatives = m_addresses.sliced(1);
    }
    openSession(endpoint);
    m_connection = Connection::Fresh;
}

void Carrier::openSession(const smtp::Endpoint &endpoint)
{
    const auto settings = clientSettings(endpoint);
    if (!settings) {
        deferJob({4, 3, 5}, settings.error(), smtp::DeliveryStage::Local);
        return;
    }
    auto *session = new smtp::ClientSession(*settings, m_transcripts, parent());
    m_session = session;
    m_messages = 1;
    connect(session, &smtp::ClientSession::transactionFinished, this, &Carrier::transactionFinished);
    connect(session, &smtp::ClientSession::tlsExamined, this,
        [this, session](const smtp::TlsFacts &facts) { Q_EMIT tlsExamined(session->facts().id, facts); });
    connect(session, &smtp::ClientSession::sessionFinished, this, [this, session] {
        if (m_session == session)
            m_session = nullptr;
    });
    connect(session, &smtp::ClientSession::sessionFinished, session, &QObject::deleteLater);
    session->send(m_job->envelope, m_job->message);
    session->connectToServer(endpoint);
    noteLookup(session->facts().id);
    Q_EMIT sessionOpened(m_job->delivery, session->facts().id);
}

void Carrier::noteLookup(const QByteArray &sessionId)
{
    const QList<smtp::TranscriptEntry> notes = std::exchange(m_lookupNotes, {});
    for (const smtp::TranscriptEntry &note : notes)
        m_transcripts.recorded(sessionId, note);
}

void Carrier::keepTlsSession()
{
    constexpr qsizetype most = 1000;
    if (!m_session || m_session->tlsSession().isEmpty())
        return;
    if (m_tlsSessions->size() >= most)
        m_tlsSessions->clear();
    const smtp::SessionFacts &facts = m_session->facts();
    m_tlsSessions->insert(placeOf(m_site.route, facts.peerName, facts.peerPort), m_session->tlsSession());
}

tl::expected<smtp::ClientSettings, QByteArray> Carrier::clientSettings(const smtp::Endpoint &endpoint) const
{
    smtp::ClientSettings settings;
    if (const auto read = readRouteIdentity(m_site.route, settings); !read)
        return tl::unexpected(read.error());
    settings.protocol = m_site.route.protocol;
    settings.passedOver = m_site.route.passedOver;
    settings.pinnedFingerprint = m_site.route.fingerprint.toLatin1();
    settings.tlsSession = m_tlsSessions->value(placeOf(m_site.route, endpoint.host, endpoint.port));
    settings.proxy = m_settings.proxy;
    settings.xclient = m_settings.xclient;
    settings.heloName = m_settings.heloName;
    settings.tls = m_tls == Tls::GivenUp ? smtp::TlsMode::None : m_site.route.tls;
    settings.verifyCertificate = m_site.route.verifyCertificate;
    settings.timeouts = m_settings.timeouts;
    obey(m_hosts.at(m_host).tls, settings);
    settings.refuseOwnName = m_site.route.kind == OutgoingRoute::Kind::Direct; // C61
    if (m_site.route.kind == OutgoingRoute::Kind::Smarthost) {
        settings.credentials.user = m_site.route.user.toUtf8();
        settings.credentials.token = m_settings.token;
        settings.credentials.mechanisms = m_settings.mechanisms;
        settings.credentials.password = m_settings.passwords.value(Account::of(m_site.route));
        settings.credentials.allowPlainWithoutTls = m_settings.allowPlainWithoutTls;
    }
    return settings;
}

void Carrier::transactionFinished(const smtp::DeliveryReport &report)
{
    keepTlsSession();
    if (!m_job)
        return;
    rememberHost(report);
    if (!m_abortReason.isEmpty()) {
        deliverPart(report.recipients);
        jobDone();
        return;
    }
    if (startAgain(report) || sendRest(report) || tryNextHost(report))
        return;
    deliverPart(report.recipients);
    if (!report.recipients.isEmpty() && isSiteFailure(report.recipients.first()))
        Q_EMIT siteFailed(report.recipients.first());
    jobDone();
}

void Carrier::rememberHost(const smtp::DeliveryReport &report)
{
    if (report.recipients.isEmpty() || m_connection == Connection::Reused || !m_abortReason.isEmpty())
        return;
    const smtp::RecipientReport &first = report.recipients.first();
    const quint16 port = m_site.route.port;
    if (first.result != smtp::DeliveryResult::Deferred || !isSiteFailure(first)) {
        m_memory.worked(first.remoteAddress, port);
        return;
    }
    // RFC 8305: they were raced, and none answered.
    const bool answered = first.stage > smtp::DeliveryStage::Connect;
    const QList<QHostAddress> bad = answered ? QList<QHostAddress>{first.remoteAddress} : m_addresses;
    for (const QHostAddress &address : bad)
        m_memory.failed(address, port);
}

bool Carrier::startAgain(const smtp::DeliveryReport &report)
{
    const bool stale = m_connection == Connection::Reused
        && std::all_of(report.recipients.begin(), report.recipients.end(), isStale);
    // C47: a handshake that fails leaves the clear text, where the policy is to take TLS when it is there.
    const bool withoutTls = m_hosts.value(m_host).tls.kind == smtp::TlsDemand::Kind::None
        && m_tls == Tls::AsSet && m_site.route.tls == smtp::TlsMode::Opportunistic
        && !m_site.route.verifyCertificate && m_site.route.fingerprint.isEmpty()
        && !report.recipients.isEmpty() && report.recipients.first().result == smtp::DeliveryResult::Deferred
        && report.recipients.first().stage == smtp::DeliveryStage::StartTls;
    if (!stale && !withoutTls)
        return false;
    if (withoutTls)
        m_tls = Tls::GivenUp;
    leaveSession();
    m_job->message->rewind();
    tryHost();
    return true;
}

bool Carrier::sendRest(const smtp::DeliveryReport &report)
{
    const bool progress = report.has(smtp::DeliveryResult::Delivered);
    QList<smtp::RecipientReport> known;
    QList<smtp::RecipientReport> rest;
    for (const smtp::RecipientReport &one : report.recipients)
        (isTooMany(one) ? rest : known).append(one);
    if (rest.isEmpty() || !progress || !m_session || !m_session->isReusable())
        return false;
    deliverPart(known);
    keepRecipients(rest);
    goOn([this] { sendAgain(); });
    return true;
}

void Carrier::sendAgain()
{
    m_job->message->rewind();
    if (!m_session || !m_session->isReusable()) { // it was closed while the note was on its way
        leaveSession();
        tryHost();
        return;
    }
    m_session->send(m_job->envelope, m_job->message);
}

bool Carrier::tryNextHost(const smtp::DeliveryReport &report)
{
    QList<smtp::RecipientReport> known;
    QList<smtp::RecipientReport> rest;
    for (const smtp::RecipientReport &one : report.recipients)
        (smtp::nextHostFor(one) == smtp::NextHost::Try ? rest : known).append(one);
    if (rest.isEmpty() || !goToNextHost(rest.constFirst()))
        return false;
    deliverPart(known);
    keepRecipients(rest);
    leaveSession();
    m_tls = Tls::AsSet;
    goOn([this] { sendAgain(); });
    return true;
}

void Carrier::deliverPart(QList<smtp::RecipientReport> reports)
{
    const smtp::TlsDemand::Kind demand = m_hosts.value(m_host).tls.kind;
    for (smtp::RecipientReport &one : reports) {
        if (one.stage == smtp::DeliveryStage::StartTls && !one.reason.isEmpty())
            one.reason += demandWords(demand);
    }
    if (!reports.isEmpty())
        Q_EMIT partFinished(m_job->delivery, smtp::DeliveryReport{reports});
}

void Carrier::keepRecipients(const QList<smtp::RecipientReport> &reports)
{
    QList<smtp::EnvelopeRecipient> kept;
    for (const smtp::EnvelopeRecipient &one : std::as_const(m_job->envelope.recipients)) {
        const bool named = std::any_of(reports.begin(), reports.end(),
            [&](const smtp::RecipientReport &report) { return report.recipient == one.forwardPath; });
        if (named)
            kept.append(one);
    }
    m_job->envelope.recipients = kept;
}

void Carrier::jobDone()
{
    m_job.reset();
    goOn([this] { becomeIdle(); });
}

void Carrier::goOn(std::function<void()> step)
{
    if (m_awaitedNote == 0)
        step();
    else
        m_afterNote = std::move(step);
}

void Carrier::noted(quint64 part)
{
    if (part != m_awaitedNote)
        return;
    m_awaitedNote = 0;
    if (const auto step = std::exchange(m_afterNote, {}))
        step();
}

void Carrier::becomeIdle()
{
    if (m_use == Use::Last) {
        end();
        return;
    }
    const bool keeps = m_session && m_session->isReusable();
    if (!keeps)
        leaveSession();
    m_idle.start(keeps ? m_settings.idle : std::chrono::milliseconds(0));
    Q_EMIT becameIdle();
}

void Carrier::leaveSession()
{
    smtp::ClientSession *session = m_session;
    m_session = nullptr;
    if (session == nullptr)
        return;
    disconnect(session, nullptr, this, nullptr);
    session->quit();
}

void Carrier::retire()
{
    m_use = Use::Last;
    if (isIdle())
        end();
}

void Carrier::end()
{
    m_idle.stop();
    leaveSession();
    Q_EMIT ended();
}

void Carrier::abort(const QByteArray &reason)
{
    m_abortReason = reason;
    m_use = Use::Last;
    m_awaitedNote = 0;
    const bool isBetween = std::exchange(m_afterNote, {}) != nullptr;
    if (!m_job) {
        end();
        return;
    }
    if (m_session && !isBetween) {
        m_session->abort(reason);
        return;
    }
    deferJob({4, 4, 2}, reason, isBetween ? smtp::DeliveryStage::Local : smtp::DeliveryStage::Lookup);
}

void Carrier::close(const QByteArray &reason)
{
    if (!m_job || !m_session || m_session->state() != smtp::ClientState::EndOfData) {
        abort(reason);
        return;
    }
    m_abortReason = reason;
    m_use = Use::Last;
}

void Carrier::deferJob(
    const smtp::EnhancedStatusCode &status, const QByteArray &reason, smtp::DeliveryStage stage)
{
    QList<smtp::RecipientReport> reports;
    for (const smtp::EnvelopeRecipient &one : std::as_const(m_job->envelope.recipients))
        reports.append(ownReport(one.forwardPath, smtp::DeliveryResult::Deferred, stage, status, reason));
    deliverPart(reports);
    jobDone();
}

} // namespace glasspost::mail
