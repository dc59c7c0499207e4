#include "mail/queue/carrier.h"

#include "mail/queue/sitereports.h"
#include "mail/queue/sitesession.h"
#include "smtp/client/clientsession.h"
#include "smtp/client/clientstates.h"
#include "smtp/client/policy.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr int mostPlaceWaits = 3;
constexpr std::chrono::milliseconds placeWait{1000};

} // namespace

Carrier::Carrier(Site site, DeliverySettings settings, std::shared_ptr<smtp::ExchangerLookup> lookup,
    std::shared_ptr<TlsSessions> tlsSessions, SiteMemory &memory, smtp::TranscriptSink &transcripts,
    QObject *parent)
    : QObject(parent), m_site(std::move(site)), m_settings(std::move(settings)),
      m_tlsSessions(std::move(tlsSessions)), m_memory(memory), m_hosts(m_site, std::move(lookup), memory),
      m_transcripts(transcripts)
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
    m_hosts.startOver();
    m_tls = Tls::AsSet;
    m_placeWaits = 0;
    if (m_session && m_session->isReusable() && m_messages < m_settings.limits.messagesPerConnection) {
        m_connection = Connection::Reused;
        ++m_messages;
        Q_EMIT sessionOpened(m_job->delivery, m_session->facts().id);
        m_session->send(m_job->envelope, m_job->message);
        return;
    }
    // One connection at a time: where the server counts them, the old one's place must be free first.
    leaveSession();
    if (m_leaving && m_leaving->state() != smtp::ClientState::Closed)
        connect(m_leaving, &smtp::ClientSession::sessionFinished, this, &Carrier::findHost);
    else
        findHost();
}

void Carrier::findHost()
{
    if (!m_job) // broken off meanwhile
        return;
    m_hosts.find([this](const tl::expected<void, smtp::LookupFailure> &found) {
        if (!m_job) // broken off meanwhile
            return;
        if (found)
            tryHost();
        else
            lookupFailed(found.error());
    });
}

void Carrier::lookupFailed(const smtp::LookupFailure &failure)
{
    const QByteArray sessionId = m_hosts.tellFailure(failure, m_transcripts);
    Q_EMIT sessionOpened(m_job->delivery, sessionId);
    smtp::DeliveryReport report = ownReports(
        m_job->envelope, resultOf(failure.kind), smtp::DeliveryStage::Lookup, failure.status, failure.text);
    for (smtp::RecipientReport &one : report.recipients)
        one.sessionId = sessionId;
    deliverPart(report.recipients);
    Q_EMIT siteFailed(report.recipients.first());
    jobDone();
}

void Carrier::tryHost()
{
    openSession(m_hosts.endpoint());
    m_connection = Connection::Fresh;
}

void Carrier::openSession(const smtp::Endpoint &endpoint)
{
    const smtp::TlsMode tls = m_tls == Tls::GivenUp ? smtp::TlsMode::None : m_site.route.tls;
    auto settings = sessionSettings(m_site, m_settings, m_hosts.tls(), tls);
    if (!settings) {
        deferJob({4, 3, 5}, settings.error(), smtp::DeliveryStage::Local);
        return;
    }
    settings->acceptedFingerprints
        = acceptedAt(endpoint.host, m_hosts.tls(), m_settings.acceptedCertificates);
    settings->credentials.preferred = m_memory.mechanismOf(Account::of(m_site.route));
    settings->tlsSession = m_tlsSessions->value({endpoint.host, endpoint.port});
    auto *session = new smtp::ClientSession(*settings, m_transcripts, parent());
    m_session = session;
    m_messages = 1;
    connect(session, &smtp::ClientSession::transactionFinished, this, &Carrier::transactionFinished);
    connect(session, &smtp::ClientSession::signedIn, this,
        [this](const QByteArray &mechanism) { m_memory.signedIn(Account::of(m_site.route), mechanism); });
    connect(
        session, &smtp::ClientSession::stateChanged, this, [this](smtp::ClientState, smtp::ClientState to) {
            m_served |= to == smtp::ClientState::Body || to == smtp::ClientState::Chunk;
        });
    connect(session, &smtp::ClientSession::tlsExamined, this,
        [this, session, ground = groundOf(m_hosts.tls())](const smtp::TlsFacts &facts) {
            if (!facts.fault.isEmpty())
                Q_EMIT certificateRefused({facts, session->facts().id, ground});
        });
    connect(session, &smtp::ClientSession::sessionFinished, this, [this, session] {
        if (m_session == session)
            m_session = nullptr;
    });
    connect(session, &smtp::ClientSession::sessionFinished, session, &QObject::deleteLater);
    const smtp::TraceOrigin origin = m_hosts.takeOrigin();
    session->setOrigin(origin);
    session->send(m_job->envelope, m_job->message);
    session->connectToServer(endpoint);
    for (const smtp::TraceNote &note : origin.notes)
        m_transcripts.recorded(session->facts().id, {note.at, smtp::Speaker::Event, false, note.text, 0});
    Q_EMIT sessionOpened(m_job->delivery, session->facts().id);
}

void Carrier::keepTlsSession()
{
    constexpr qsizetype most = 1000;
    if (!m_session || m_session->tlsSession().isEmpty())
        return;
    if (m_tlsSessions->size() >= most)
        m_tlsSessions->clear();
    const smtp::SessionFacts &facts = m_session->facts();
    m_tlsSessions->insert({facts.peerName, facts.peerPort}, m_session->tlsSession());
}

/// C52: what a person can mend by a name and a password is no refusal of the message; and a smarthost is the
/// one server that mail goes by, so that a bounce would meet the same.
smtp::DeliveryReport Carrier::mendable(smtp::DeliveryReport report) const
{
    if (m_site.route.kind != OutgoingRoute::Kind::Smarthost)
        return report;
    for (smtp::RecipientReport &one : report.recipients) {
        if (isSignInDemanded(one))
            one.result = smtp::DeliveryResult::Deferred;
    }
    return report;
}

void Carrier::transactionFinished(const smtp::DeliveryReport &report)
{
    keepTlsSession();
    if (m_job)
        conclude(mendable(report));
}

void Carrier::conclude(const smtp::DeliveryReport &report)
{
    if (!m_abortReason.isEmpty()) {
        deliverPart(report.recipients);
        jobDone();
        return;
    }
    if (leaveToOthers(report, Company::Served))
        return;
    if (m_connection == Connection::Fresh && !report.recipients.isEmpty())
        m_hosts.remember(report.recipients.first());
    if (startAgain(report) || sendRest(report) || tryNextHost(report)
        || leaveToOthers(report, Company::Trying) || waitForPlace(report))
        return;
    deliverPart(report.recipients);
    if (!report.recipients.isEmpty() && isSiteFailure(report.recipients.first()))
        Q_EMIT siteFailed(report.recipients.first());
    jobDone();
}

/// A server that serves one connection and turns the next away has a limit: the message goes by the
/// connection that works, and this was no attempt.
bool Carrier::leaveToOthers(const smtp::DeliveryReport &report, Company least)
{
    if (!isTurnedAwayHere(report) || !m_company || m_company() < least)
        return false;
    Q_EMIT turnedAway(*m_job);
    m_job.reset();
    end();
    return true;
}

bool Carrier::isTurnedAwayHere(const smtp::DeliveryReport &report) const
{
    return m_connection == Connection::Fresh && !report.recipients.isEmpty()
        && isTurnedAway(report.recipients.first());
}

/// The server served us a moment ago, and may not have noticed yet that our last connection ended.
bool Carrier::waitForPlace(const smtp::DeliveryReport &report)
{
    const bool early
        = !report.recipients.isEmpty() && report.recipients.first().stage <= smtp::DeliveryStage::Greeting;
    if (!early || !m_served || m_placeWaits >= mostPlaceWaits || !isTurnedAwayHere(report))
        return false;
    ++m_placeWaits;
    leaveSession();
    m_job->message->rewind();
    m_hosts.startOver();
    QTimer::singleShot(placeWait, this, [this, delivery = m_job->delivery] {
        if (m_job && m_job->delivery == delivery)
            findHost();
    });
    return true;
}

bool Carrier::startAgain(const smtp::DeliveryReport &report)
{
    const bool stale = m_connection == Connection::Reused
        && std::all_of(report.recipients.begin(), report.recipients.end(), isStale);
    const bool withoutTls = m_tls == Tls::AsSet && mayGoWithoutTls(m_site.route, m_hosts.tls())
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
    goOn();
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
    if (rest.isEmpty() || !m_hosts.goToNext(rest.constFirst()))
        return false;
    deliverPart(known);
    keepRecipients(rest);
    leaveSession();
    m_tls = Tls::AsSet;
    goOn();
    return true;
}

void Carrier::deliverPart(QList<smtp::RecipientReport> reports)
{
    const smtp::TlsDemand::Kind demand = m_hosts.tls().kind;
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
    goOn();
}

void Carrier::goOn()
{
    m_isHeldUp = m_awaitedNote != 0;
    if (m_isHeldUp)
        return;
    if (m_job)
        sendAgain();
    else
        becomeIdle();
}

void Carrier::noted(quint64 part)
{
    if (part != m_awaitedNote)
        return;
    m_awaitedNote = 0;
    if (m_isHeldUp)
        goOn();
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
    m_idle.start(keeps || m_leaving ? m_settings.idle : std::chrono::milliseconds(0));
    Q_EMIT becameIdle();
}

void Carrier::leaveSession()
{
    smtp::ClientSession *session = m_session;
    m_session = nullptr;
    if (session == nullptr)
        return;
    m_leaving = session;
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
    const bool isBetween = std::exchange(m_isHeldUp, false);
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
    deliverPart(
        ownReports(m_job->envelope, smtp::DeliveryResult::Deferred, stage, status, reason).recipients);
    jobDone();
}

} // namespace glasspost::mail
